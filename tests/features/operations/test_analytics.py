"""Binds features/operations/analytics.feature to its steps."""

from pytest_bdd import scenarios

scenarios("operations/analytics.feature")
