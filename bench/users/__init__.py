"""Many people at once, as they are: ``make load``. See ``bench/README.md``.

``locustfile.py`` runs in an environment of its own, which has locust and gevent and nothing of the
product; what it imports from here needs the standard library and attrs only.
"""
