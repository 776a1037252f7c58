"""Binds features/memory/summaries.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/summaries.feature")
