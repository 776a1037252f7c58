"""Binds features/wallet/billing_outcomes.feature to its steps."""

from pytest_bdd import scenarios

scenarios("wallet/billing_outcomes.feature")
