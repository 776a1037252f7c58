"""Binds features/market/offers.feature to its steps."""

from pytest_bdd import scenarios

scenarios("market/offers.feature")
