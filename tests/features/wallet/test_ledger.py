"""Binds features/wallet/ledger.feature to its steps."""

from pytest_bdd import scenarios

scenarios("wallet/ledger.feature")
