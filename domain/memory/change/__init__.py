"""What a memory says that a newer message says otherwise: ``judging`` asks all the others.

News of an aspect of a life (``aspects``, ``aspect_news``), another day (``occasions``), the
opposite feeling (``feelings``), another value (``replacements``), an end (``endings``).
"""
