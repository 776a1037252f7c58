"""Binds features/chat/resuming.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/resuming.feature")
