"""Binds features/chat/idempotency.feature to its steps."""

from pytest_bdd import scenarios

scenarios("chat/idempotency.feature")
