"""Binds features/chat/stopping.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/stopping.feature")
