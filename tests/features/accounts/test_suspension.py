"""Binds features/accounts/suspension.feature to its steps."""

from pytest_bdd import scenarios

scenarios("accounts/suspension.feature")
