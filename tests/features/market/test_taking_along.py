"""Binds features/market/taking_along.feature to its steps."""

from pytest_bdd import scenarios

scenarios("market/taking_along.feature")
