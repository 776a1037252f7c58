"""Conversations and turns."""
