"""Binds features/wallet/grants.feature to its steps."""

from pytest_bdd import scenarios

scenarios("wallet/grants.feature")
