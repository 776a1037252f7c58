"""Binds features/chat/sessions.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/sessions.feature")
