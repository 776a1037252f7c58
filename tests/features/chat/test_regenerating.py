"""Binds features/chat/regenerating.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/regenerating.feature")
