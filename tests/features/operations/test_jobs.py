"""Binds features/operations/jobs.feature to its steps."""

from pytest_bdd import scenarios

scenarios("operations/jobs.feature")
