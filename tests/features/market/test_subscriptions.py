"""Binds features/market/subscriptions.feature to its steps."""

from pytest_bdd import scenarios

scenarios("market/subscriptions.feature")
