"""Binds features/chat/conversation.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/conversation.feature")
