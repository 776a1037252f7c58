"""Wishes to forget in freer words: a request, a verb of removal, and what was told."""
