"""Binds features/operations/health.feature to its steps."""

from pytest_bdd import scenarios

scenarios("operations/health.feature")
