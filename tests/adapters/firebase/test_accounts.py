"""When Firebase's accounts do not answer, or cannot be asked; and whose emulator is obeyed."""

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.in_memory.clock import InMemoryClock
from domain.accounts import Identity
from domain.errors import TokenExpired, Unauthenticated, Unavailable
from tests.loopback.firebase_accounts import FirebaseAccounts
from tests.loopback.firebase_certificates import FirebaseCertificates, encode, signing_key

VARIABLE = "FIREBASE_AUTH_EMULATOR_HOST"
ADA = Identity(
    subject="ada-lovelace",
    issued_at=datetime.now(UTC),
    expires_at=datetime.now(UTC) + timedelta(hours=1),
    is_admin=True,
)


@pytest.fixture
def firebase() -> Iterator[FirebaseAccounts]:
    with FirebaseAccounts() as firebase:
        yield firebase


@pytest.fixture
async def emulated(
    firebase: FirebaseAccounts, clock: InMemoryClock
) -> AsyncIterator[FirebaseIdentityProvider]:
    provider = FirebaseIdentityProvider(
        firebase.project_id, clock, emulator_host=firebase.host, call_seconds=1.5
    )
    yield provider
    await provider.aclose()


def unsigned(google: FirebaseCertificates, **changes: object) -> str:
    return encode({"alg": "none", "typ": "JWT"}, google.claims(**changes), lambda _: b"")


def service_account(folder: Path, token_uri: str) -> Path:
    private = signing_key(0).private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path = folder / "service-account.json"
    account = {
        "type": "service_account",
        "project_id": "demo-companion",
        "client_email": "tests@demo-companion.iam.gserviceaccount.com",
        "private_key": private.decode(),
        "token_uri": token_uri,
    }
    path.write_text(json.dumps(account))
    return path


async def test_silence_is_unavailable_in_bounded_time_and_blocks_nobody_else(
    emulated: FirebaseIdentityProvider, firebase: FirebaseAccounts, google: FirebaseCertificates
) -> None:
    firebase.fall_silent()
    calls = [asyncio.create_task(emulated.confirm(ADA)) for _ in range(60)]
    await asyncio.sleep(0.05)
    await emulated.verify(unsigned(google))
    assert not any(call.done() for call in calls)
    async with asyncio.timeout(20):
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    # Those that found no free thread in time were given up, not left for later.
    assert firebase.requests < 60


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
async def test_a_broken_provider_is_unavailable(
    emulated: FirebaseIdentityProvider,
    firebase: FirebaseAccounts,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    firebase.status = status
    for call in (emulated.confirm(ADA), emulated.delete(ADA.subject)):
        with pytest.raises(Unavailable):
            await call
    assert ADA.subject not in caplog.text


async def test_credentials_that_google_refuses_make_it_unavailable(
    firebase: FirebaseAccounts, clock: InMemoryClock, tmp_path: Path
) -> None:
    firebase.status = 400
    provider = FirebaseIdentityProvider(
        "demo-companion",
        clock,
        credentials_path=service_account(tmp_path, f"http://{firebase.host}/token"),
    )
    assert provider.can_confirm
    with pytest.raises(Unavailable):
        await provider.confirm(ADA)
    assert firebase.requests == 1
    await provider.aclose()


async def test_unusable_credentials_fail_at_the_start(clock: InMemoryClock, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text("{}")
    with pytest.raises(ValueError, match="service account"):
        FirebaseIdentityProvider("p", clock, credentials_path=tmp_path / "empty.json")
    with pytest.raises(FileNotFoundError):
        FirebaseIdentityProvider("p", clock, credentials_path=tmp_path / "absent.json")


async def test_without_credentials_the_token_is_all_there_is(
    provider: FirebaseIdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    assert not provider.can_confirm
    assert await provider.confirm(ADA) is ADA
    await provider.revoke(ADA.subject)
    await provider.delete(ADA.subject)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


async def test_the_emulators_tokens_expire_like_others(
    emulated: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    now = int(time.time())
    await emulated.verify(unsigned(google, exp=now - 5))
    with pytest.raises(TokenExpired):
        await emulated.verify(unsigned(google, exp=now - 11))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "another"},
        {"sub": "s" * 129},
        {"sub": None},
        {"exp": None},
        {"exp": "never"},
        {"exp": 1e300},
        {"exp": float("nan")},
        {"iat": None, "auth_time": None},
        {"auth_time": []},
    ],
    ids=str,
)
async def test_the_emulators_tokens_must_make_sense(
    emulated: FirebaseIdentityProvider, google: FirebaseCertificates, changes: dict[str, object]
) -> None:
    with pytest.raises(Unauthenticated):
        await emulated.verify(unsigned(google, **changes))


@pytest.mark.parametrize("token", ["", "garbage", "..", "W10.e30.", "x" * 100_000])
async def test_garbage_is_garbage_to_the_emulator_too(
    emulated: FirebaseIdentityProvider, token: str
) -> None:
    with pytest.raises(Unauthenticated):
        await emulated.verify(token)


async def test_the_environment_is_left_as_it_was_found(clock: InMemoryClock) -> None:
    provider = FirebaseIdentityProvider("p", clock, emulator_host="127.0.0.1:9099")
    assert os.environ[VARIABLE] == "127.0.0.1:9099"
    await provider.aclose()
    assert VARIABLE not in os.environ


async def test_a_variable_that_was_there_stays(
    clock: InMemoryClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "127.0.0.1:9099")
    provider = FirebaseIdentityProvider("p", clock, emulator_host="127.0.0.1:9099")
    await provider.aclose()
    assert os.environ[VARIABLE] == "127.0.0.1:9099"


@pytest.mark.parametrize("host", ["http://127.0.0.1:9099", "localhost:9099"])
async def test_an_emulator_other_than_the_environments_is_refused(
    clock: InMemoryClock, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv(VARIABLE, "127.0.0.1:9099")
    with pytest.raises(ValueError, match=VARIABLE):
        FirebaseIdentityProvider("p", clock, emulator_host=host)


async def test_an_emulator_has_no_scheme(clock: InMemoryClock) -> None:
    with pytest.raises(ValueError, match="scheme"):
        FirebaseIdentityProvider("p", clock, emulator_host="http://127.0.0.1:9099")
    assert VARIABLE not in os.environ


async def test_an_emulator_that_is_turned_off_underway_ends_the_trust(
    emulated: FirebaseIdentityProvider,
    google: FirebaseCertificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(Unavailable):
        await emulated.verify(unsigned(google))
