"""Binds features/characters/cards.feature to its steps."""

from pytest_bdd import scenarios

scenarios("characters/cards.feature")
