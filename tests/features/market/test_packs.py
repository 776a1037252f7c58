"""Binds features/market/packs.feature to its steps."""

from pytest_bdd import scenarios

scenarios("market/packs.feature")
