"""Binds features/market/export.feature to its steps."""

from pytest_bdd import scenarios

scenarios("market/export.feature")
