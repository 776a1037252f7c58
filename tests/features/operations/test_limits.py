"""Binds features/operations/limits.feature to its steps."""

from pytest_bdd import scenarios

scenarios("operations/limits.feature")
