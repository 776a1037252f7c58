"""Look accounts up, as an administrator."""

from application.pages import Page, id_cursor, page_of
from application.ports.account_store import AccountStore
from domain.accounts import User
from domain.errors import NotFound


class FindUsers:
    """Lists accounts, or finds one by our id or by the provider's."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def __call__(self, *, search: str | None, limit: int, cursor: str | None) -> Page[User]:
        """One page, newest first."""
        found = await self._accounts.list(
            search=search, limit=limit + 1, after=id_cursor("usr", cursor)
        )
        return page_of(found, limit, lambda user: user.id)

    async def one(self, id_or_subject: str) -> User:
        """The account with this id, ours or the provider's; raises ``NotFound``."""
        try:
            return await self._accounts.get(id_or_subject)
        except NotFound:
            found = await self._accounts.find_by_subject(id_or_subject)
            if found is None:
                raise
            return found
