"""Binds features/accounts/export.feature to its steps."""

from pytest_bdd import scenarios

scenarios("accounts/export.feature")
