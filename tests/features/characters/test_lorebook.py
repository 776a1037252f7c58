"""Binds features/characters/lorebook.feature to its steps."""

from pytest_bdd import scenarios

scenarios("characters/lorebook.feature")
