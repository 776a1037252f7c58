"""Who is asking: signing up and in, and what is remembered of it."""

from datetime import timedelta
from typing import cast

import pytest
from attrs import define, evolve

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.identity_provider import InMemoryIdentityProvider
from adapters.in_memory.rate_limiter import InMemoryRateLimiter
from application.accounts.authenticate import (
    SIGN_UPS_PER_ADDRESS,
    Authenticate,
    AuthenticateCommand,
)
from application.accounts.callers import Caller, RecentCallers
from application.accounts.issue_token import IssueToken, IssueTokenCommand
from application.accounts.update_profile import UpdateProfile, UpdateProfileCommand
from application.ports.account_store import AccountStore
from application.ports.identity_provider import IdentityProvider
from application.ports.rate_limiter import RateCheck
from domain.accounts import AgeBand, AgeSource, Identity, User
from domain.errors import (
    AccountSuspended,
    AccountUnavailable,
    InvalidRequest,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from tests.application.conftest import Failing
from tests.contracts.builders import NOW, at, make_user

REMEMBERED = timedelta(seconds=60)
MOST = 20_000


@define
class Door:
    """Where people sign in, with a provider and a store that can fail."""

    clock: InMemoryClock
    provider: InMemoryIdentityProvider
    identities: Failing
    accounts: InMemoryAccountStore
    recent: RecentCallers
    limiter: InMemoryRateLimiter
    store: Failing

    async def token(self, subject: str = "sam", **claims: object) -> str:
        return (await self.provider.issue(subject, claims or None)).id_token

    async def open(self, token: str, *, fresh: bool = False, address: str = "a") -> Caller:
        enter = Authenticate(
            cast("IdentityProvider", self.identities),
            cast("AccountStore", self.store),
            self.recent,
            self.limiter,
            self.clock,
            InMemoryIdGenerator(),
        )
        return await enter(AuthenticateCommand(token, address, fresh=fresh))


@pytest.fixture
def door() -> Door:
    clock = InMemoryClock(NOW)
    provider = InMemoryIdentityProvider(clock)
    accounts = InMemoryAccountStore(InMemoryDatabase())
    return Door(
        clock,
        provider,
        Failing(provider),
        accounts,
        RecentCallers(),
        InMemoryRateLimiter(lambda: 0.0),
        Failing(accounts),
    )


async def test_whoever_comes_first_has_an_account_from_then_on(door: Door) -> None:
    token = await door.token(name="Sam", age_band="adult")
    first = await door.open(token)
    assert (first.is_new, first.user.display_name) == (True, "Sam")
    assert (first.user.age_band_source, first.user.age_band_at) == (AgeSource.IDENTITY, NOW)
    again = await door.open(token)
    assert (again.is_new, again.user) == (False, first.user)


async def test_while_the_provider_is_away_a_genuine_token_will_do_unless_it_must_be_fresh(
    door: Door,
) -> None:
    token = await door.token()
    door.identities.fail("confirm", times=2)
    with pytest.raises(Unavailable):
        await door.open(token, fresh=True)
    assert (await door.open(token)).is_new


async def test_while_accounts_are_away_a_genuine_token_is_told_from_others(door: Door) -> None:
    token = await door.token()
    door.store.fail("find_by_subject", times=9)
    with pytest.raises(AccountUnavailable, match="the database is away"):
        await door.open(token)
    await door.provider.revoke("sam")
    for wrong in (token, f"{token}?"):
        with pytest.raises(Unauthenticated):
            await door.open(wrong)
    door.identities.fail("verify", times=1)
    with pytest.raises(Unavailable) as unproven:
        await door.open(token)
    assert not isinstance(unproven.value, AccountUnavailable)


async def test_an_ended_sign_in_is_forgotten_as_soon_as_it_is_heard_of(door: Door) -> None:
    token = await door.token()
    await door.open(token)
    await door.provider.revoke("sam")
    assert not (await door.open(token)).is_new
    with pytest.raises(Unauthenticated):
        await door.open(token, fresh=True)
    with pytest.raises(Unauthenticated):
        await door.open(token)


async def test_one_address_makes_only_so_many_accounts(door: Door) -> None:
    await door.open(await door.token("old"))
    check = RateCheck("sign-up:a", SIGN_UPS_PER_ADDRESS)
    for _ in range(SIGN_UPS_PER_ADDRESS.amount - 1):
        assert (await door.limiter.check([check], strict=True)).allowed
    with pytest.raises(RateLimited, match="Too many new accounts") as error:
        await door.open(await door.token("new"))
    assert error.value.retry_after
    assert (await door.open(await door.token("new"), address="b")).is_new
    assert not (await door.open(await door.token("old"))).is_new


async def test_what_the_provider_learns_of_somebodys_age_is_taken_over(door: Door) -> None:
    await door.open(await door.token())
    known = await door.open(await door.token(age_band="under_13"))
    assert known.user.age_band is AgeBand.UNDER_13
    assert known.user == await door.accounts.get(known.user.id)


async def test_who_is_erased_between_two_steps_is_nobody(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.open(await door.token())

    async def gone(*_: object, **__: object) -> None:
        message = "There is no such account."
        raise NotFound(message)

    monkeypatch.setattr(door.accounts, "save", gone)
    with pytest.raises(Unauthenticated, match="was deleted"):
        await door.open(await door.token(age_band="under_13"))


async def test_the_suspended_are_told_each_time(door: Door) -> None:
    token = await door.token()
    caller = await door.open(token)
    await door.accounts.save(evolve(caller.user, suspended_at=NOW, suspended_reason="because"))
    door.clock.advance(REMEMBERED)
    for _ in range(2):
        with pytest.raises(AccountSuspended):
            await door.open(token)


def test_only_so_many_callers_are_remembered_the_latest_ones() -> None:
    recent, user = RecentCallers(), make_user()
    caller = Caller(user, Identity("sam", NOW, at(3_600)))
    for number in range(MOST + 1):
        recent.remember(f"token-{number}", caller, NOW)
    assert recent.find("token-0", NOW) is None
    assert recent.find("token-1", NOW) == recent.find(f"token-{MOST}", NOW) == caller
    assert recent.find("token-1", NOW + REMEMBERED) is None


async def test_a_token_can_be_had_where_there_is_an_issuer(door: Door) -> None:
    issued = await IssueToken(door.provider)(IssueTokenCommand("sam", {"name": "Sam"}))
    assert (await door.open(issued.id_token)).user.display_name == "Sam"
    with pytest.raises(NotFound, match="no such route"):
        await IssueToken(None)(IssueTokenCommand("sam"))


async def test_a_profile_has_a_short_name_and_a_country(door: Door) -> None:
    user = (await door.open(await door.token())).user
    update = UpdateProfile(door.accounts, door.recent, door.clock)

    async def told(**changes: str) -> User:
        return await update(UpdateProfileCommand(user, **changes))  # type: ignore[arg-type]  # texts only

    changed = await told(display_name="  Sam \n the  Great ", country="de")
    assert (changed.display_name, changed.country) == ("Sam the Great", "DE")
    assert (await told(display_name=" ")).display_name is None
    assert (await told(display_name="x" * 80)).display_name == "x" * 80
    for param, text in (("display_name", "x" * 81), ("country", "deu"), ("country", "D1")):
        with pytest.raises(InvalidRequest) as error:
            await told(**{param: text})
        assert error.value.param == param
