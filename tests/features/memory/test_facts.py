"""Binds features/memory/facts.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/facts.feature")
