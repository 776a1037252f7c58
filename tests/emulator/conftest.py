from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.system.clock import SystemClock
from tests.emulator.auth_emulator import PROJECT_ID, auth_emulator
from tests.emulator.client import AccountsClient
from tests.loopback.firebase_accounts import FirebaseAccounts


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with auth_emulator(tmp_path_factory.mktemp("emulator")) as host:
        yield host


@pytest.fixture(params=["loopback", pytest.param("emulator", marks=pytest.mark.emulator)])
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "emulator":
        yield request.getfixturevalue("emulator")
        return
    with FirebaseAccounts(PROJECT_ID) as firebase:
        yield firebase.host


@pytest.fixture
def accounts(host: str) -> AccountsClient:
    return AccountsClient(host, PROJECT_ID)


@pytest.fixture
async def provider(host: str) -> AsyncIterator[FirebaseIdentityProvider]:
    provider = FirebaseIdentityProvider(PROJECT_ID, SystemClock(), emulator_host=host)
    yield provider
    await provider.aclose()
