"""Wishes to forget: who asks (``requests``), for what to be done (``vocabulary``), of what.

``ways`` are the ways to ask, as patterns of the first two. ``hearing`` goes through them and finds
of what: ``objects`` reads what stands after the verb, ``matters`` what stands before it or in the
sentences beside. ``unmeant`` is what only sounds like a wish; it wins, as a memory that is deleted
does not come back, and a wish can be said again. ``other_languages`` has the core of it for five
more.
"""
