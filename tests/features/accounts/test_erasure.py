"""Binds features/accounts/erasure.feature to its steps."""

from pytest_bdd import scenarios

scenarios("accounts/erasure.feature")
