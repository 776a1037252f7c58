"""What an app store says of somebody's age."""

import pytest

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from application.accounts.callers import Caller, RecentCallers
from application.accounts.record_age_signal import RecordAgeSignal
from application.accounts.update_profile import UpdateProfile, UpdateProfileCommand
from domain.accounts import AgeBand, AgeSource, Identity, User
from domain.errors import NotFound
from tests.contracts.builders import NOW, at, make_user


@pytest.fixture
def accounts() -> InMemoryAccountStore:
    return InMemoryAccountStore(InMemoryDatabase())


@pytest.fixture
def recent() -> RecentCallers:
    return RecentCallers()


@pytest.fixture
async def user(accounts: InMemoryAccountStore) -> User:
    return await accounts.add(make_user())


@pytest.fixture
def record(accounts: InMemoryAccountStore, recent: RecentCallers) -> RecordAgeSignal:
    return RecordAgeSignal(accounts, recent, InMemoryClock(NOW))


async def test_a_signal_is_kept_with_its_source_and_time(
    record: RecordAgeSignal, accounts: InMemoryAccountStore, user: User
) -> None:
    told = await record(user.id, AgeBand.ADULT)
    assert told == await accounts.get(user.id)
    assert (told.age_band, told.age_band_source) == (AgeBand.ADULT, AgeSource.STORE)
    assert told.age_band_at == NOW


async def test_it_counts_from_the_next_request_on(
    record: RecordAgeSignal, recent: RecentCallers, user: User
) -> None:
    caller = Caller(user, Identity("subject-of-ann", NOW, at(3_600)))
    recent.remember("token", caller, NOW)
    await record(user.id, AgeBand.UNDER_13)
    assert recent.find("token", NOW) is None


async def test_a_client_can_lower_it_and_never_raise_it(
    record: RecordAgeSignal, accounts: InMemoryAccountStore, recent: RecentCallers, user: User
) -> None:
    declare = UpdateProfile(accounts, recent, InMemoryClock(NOW))
    await record(user.id, AgeBand.FROM_16_TO_17)
    for band in (AgeBand.ADULT, AgeBand.UNKNOWN):
        told = await declare(UpdateProfileCommand(user, age_band=band))
        assert (told.age_band, told.age_band_source) == (AgeBand.FROM_16_TO_17, AgeSource.STORE)
    lowered = await declare(UpdateProfileCommand(user, age_band=AgeBand.UNDER_13))
    assert lowered.age_band is AgeBand.UNDER_13
    assert (await record(user.id, AgeBand.ADULT)).age_band is AgeBand.UNDER_13


async def test_of_nobody_nothing_can_be_said(record: RecordAgeSignal) -> None:
    with pytest.raises(NotFound):
        await record("usr_none", AgeBand.ADULT)
