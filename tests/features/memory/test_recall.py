"""Binds features/memory/recall.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/recall.feature")
