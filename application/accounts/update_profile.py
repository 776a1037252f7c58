"""Change one's own profile."""

import re

from attrs import evolve, frozen

from application.accounts.callers import RecentCallers
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from domain.accounts import AgeBand, AgeSource, User
from domain.errors import InvalidRequest

MAX_NAME_CHARACTERS = 80
_COUNTRY = re.compile(r"[A-Z]{2}")


@frozen
class UpdateProfileCommand:
    """What to change; None leaves a field as it is, an empty name removes it."""

    user: User
    display_name: str | None = None
    country: str | None = None
    age_band: AgeBand | None = None


class UpdateProfile:
    """Changes what a person may say of themselves.

    A declared age band can only lower what is known: somebody who says to be younger is believed.
    """

    def __init__(self, accounts: AccountStore, recent: RecentCallers, clock: Clock) -> None:
        self._accounts = accounts
        self._recent = recent
        self._clock = clock

    async def __call__(self, command: UpdateProfileCommand) -> User:
        """The account afterwards; raises ``InvalidRequest``."""
        user = await self._accounts.get(command.user.id)
        if command.display_name is not None:
            name = " ".join(command.display_name.split())
            if len(name) > MAX_NAME_CHARACTERS:
                message = f"display_name has at most {MAX_NAME_CHARACTERS} characters"
                raise InvalidRequest(message, param="display_name")
            user = evolve(user, display_name=name or None)
        if command.country is not None:
            if not _COUNTRY.fullmatch(command.country.upper()):
                message = "country is an ISO 3166-1 code of two letters"
                raise InvalidRequest(message, param="country")
            user = evolve(user, country=command.country.upper())
        if command.age_band is not None:
            user = user.with_age_band(command.age_band, AgeSource.DECLARED, self._clock.now())
        await self._accounts.save(user)
        self._recent.forget_user(user.id)
        return user
