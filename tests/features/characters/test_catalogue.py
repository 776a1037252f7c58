"""Binds features/characters/catalogue.feature to its steps."""

from pytest_bdd import scenarios

scenarios("characters/catalogue.feature")
