"""Binds features/safety/moderation.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/moderation.feature")
