from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.google.play_api import PlayApi
from adapters.google.store_errands import GoogleErrands
from adapters.google.store_events import GoogleEvents
from adapters.google.store_records import GoogleRecords
from adapters.google.store_verifier import GoogleStoreVerifier
from adapters.in_memory.clock import InMemoryClock
from tests.adapters.google.shop import catalogue
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore


@pytest.fixture
def clock() -> InMemoryClock:
    return InMemoryClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def play(clock: InMemoryClock) -> Iterator[PlayApiServer]:
    with PlayApiServer(PlayStore(now=clock.now)) as play:
        yield play


@pytest.fixture
def store(play: PlayApiServer) -> PlayStore:
    return play.store


@pytest.fixture
def push(clock: InMemoryClock) -> Iterator[PlayPush]:
    with PlayPush(now=clock.now) as push:
        yield push


@pytest.fixture
async def api(play: PlayApiServer, tmp_path: Path) -> AsyncIterator[PlayApi]:
    api = PlayApi(
        package_name=play.store.package_name,
        credentials_path=play.write_credentials(tmp_path),
        base_url=play.url,
        call_seconds=2.0,
    )
    yield api
    await api.aclose()


@pytest.fixture
def verifier(api: PlayApi, clock: InMemoryClock) -> GoogleStoreVerifier:
    return GoogleStoreVerifier(api, catalogue, clock)


@pytest.fixture
def events(api: PlayApi, push: PlayPush, clock: InMemoryClock) -> GoogleEvents:
    return GoogleEvents(
        api,
        catalogue,
        clock,
        audience=push.audience,
        email=push.email,
        certificates_url=push.certificates_url,
        fetch_seconds=1.0,
    )


@pytest.fixture
def records(api: PlayApi, clock: InMemoryClock) -> GoogleRecords:
    return GoogleRecords(api, catalogue, clock)


@pytest.fixture
def errands(api: PlayApi) -> GoogleErrands:
    return GoogleErrands(api)
