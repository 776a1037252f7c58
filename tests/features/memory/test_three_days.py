"""Binds features/memory/three_days.feature to its steps."""

from pytest_bdd import scenarios

scenarios("memory/three_days.feature")
