"""Binds features/accounts/sign_in.feature to its steps."""

from pytest_bdd import scenarios

scenarios("accounts/sign_in.feature")
