"""Binds features/chat/streaming.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/streaming.feature")
