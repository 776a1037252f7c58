"""Binds features/safety/notices.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/notices.feature")
