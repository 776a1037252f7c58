"""Binds features/safety/crisis.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/crisis.feature")
