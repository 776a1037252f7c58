"""Binds features/wallet/spending_order.feature to its steps."""

from pytest_bdd import scenarios

scenarios("wallet/spending_order.feature")
