"""Binds features/memory/forgetting.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/forgetting.feature")
