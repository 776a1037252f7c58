"""Binds features/memory/contradictions.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/contradictions.feature")
