"""Binds features/safety/reports.feature to its steps."""

from pytest_bdd import scenarios

scenarios("safety/reports.feature")
