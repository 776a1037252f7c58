"""Who is asking, and who asked lately."""

from collections import OrderedDict
from datetime import datetime, timedelta

from attrs import evolve, frozen

from domain.accounts import Identity, User

_REMEMBERED = timedelta(seconds=60)
_MOST_REMEMBERED = 20_000


@frozen
class Caller:
    """The account that asks, and what the identity provider says of it."""

    user: User
    identity: Identity
    is_new: bool = False


@frozen
class _Remembered:
    caller: Caller
    until: datetime


class RecentCallers:
    """The callers of this process's last minute by token, so that not every request asks anew.

    Never beyond a token's own life, and at most 20,000 of them.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Remembered] = OrderedDict()

    def find(self, token: str, now: datetime) -> Caller | None:
        """Who came with this token in the last 60 s."""
        known = self._known.get(token)
        if known is None:
            return None
        if known.until <= now:
            del self._known[token]
            return None
        return known.caller

    def remember(self, token: str, caller: Caller, now: datetime) -> None:
        """Know the caller again; suspended ones are asked for each time."""
        if caller.user.is_suspended:
            self._known.pop(token, None)
            return
        until = min(caller.identity.expires_at, now + _REMEMBERED)
        self._known[token] = _Remembered(evolve(caller, is_new=False), until)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    def forget_token(self, token: str) -> None:
        """Ask anew about this token."""
        self._known.pop(token, None)

    def forget_user(self, user_id: str) -> None:
        """Ask anew about every token of this user."""
        for token in [
            token for token, known in self._known.items() if known.caller.user.id == user_id
        ]:
            del self._known[token]
