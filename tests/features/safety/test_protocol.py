"""Binds features/safety/protocol.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/protocol.feature")
