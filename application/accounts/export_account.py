"""Everything we hold about a person, for that person."""

from collections.abc import Mapping
from typing import Any

from application.ports.account_store import AccountStore
from domain.accounts import User


class ExportAccount:
    """Gathers it all in one document."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def __call__(self, user: User) -> Mapping[str, Any]:
        """JSON values: see ``AccountStore.export``; the profile is the caller's to add."""
        return await self._accounts.export(user.id)
