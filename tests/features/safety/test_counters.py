"""Binds features/safety/counters.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/counters.feature")
