"""Binds features/wallet/daily_credits.feature to its steps."""

from pytest_bdd import scenarios

scenarios("wallet/daily_credits.feature")
