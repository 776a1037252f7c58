"""The line to Google: its credentials, and all that can go wrong on it."""

import json
import logging
import time
from pathlib import Path

import pytest

from adapters.google.play_api import PlayApi, Refusal, Refused
from adapters.google.store_verifier import GoogleStoreVerifier
from adapters.google.wire import ProductPurchase
from domain.errors import Unavailable
from tests.loopback.play_api import PlayApiServer


async def ask(api: PlayApi, token: str) -> ProductPurchase:
    return await api.get(f"purchases/productsv2/tokens/{token}", ProductPurchase)


async def test_an_access_token_serves_until_it_is_withdrawn(
    api: PlayApi, play: PlayApiServer
) -> None:
    token = play.store.sell("play.small")
    await ask(api, token)
    await ask(api, token)
    assert play.tokens_given == 1
    play.withdraw_tokens()
    assert (await ask(api, token)).order_id
    assert play.tokens_given == 2


async def test_google_says_what_it_does_not_know(api: PlayApi) -> None:
    with pytest.raises(Refused) as refused:
        await ask(api, "nothing")
    assert refused.value.refusal is Refusal.UNKNOWN


async def test_credentials_that_google_does_not_take_are_our_trouble(
    api: PlayApi, play: PlayApiServer, verifier: GoogleStoreVerifier
) -> None:
    token = play.store.sell("play.small")
    play.refuses_credentials = True
    with pytest.raises(Unavailable):
        await verifier.verify(token, product_id="small")
    play.refuses_credentials = False
    assert (await ask(api, token)).order_id


async def test_a_server_that_is_away_is_unavailable_until_it_is_back(
    api: PlayApi, play: PlayApiServer
) -> None:
    token = play.store.sell("play.small")
    await ask(api, token)
    play.stop()
    with pytest.raises(Unavailable):
        await ask(api, token)
    play.start()
    assert (await ask(api, token)).order_id


@pytest.mark.parametrize("knows_us", [True, False])
async def test_silence_has_an_end(play: PlayApiServer, tmp_path: Path, *, knows_us: bool) -> None:
    api = PlayApi(
        package_name=play.store.package_name,
        credentials_path=play.write_credentials(tmp_path),
        base_url=play.url,
        call_seconds=0.3,
    )
    token = play.store.sell("play.small")
    if knows_us:
        await ask(api, token)
    play.fall_silent()
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        await ask(api, token)
    assert time.monotonic() - begun < 5
    play.answer()
    await api.aclose()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b'{"productLineItem": 1}', b'{"purchaseCompletion']
)
async def test_an_answer_that_is_none_is_unavailable(
    api: PlayApi, play: PlayApiServer, body: bytes
) -> None:
    token = play.store.sell("play.small")
    await ask(api, token)
    play.body = body
    with pytest.raises(Unavailable):
        await ask(api, token)


async def test_an_answer_without_end_is_not_read_to_its_end(
    api: PlayApi, play: PlayApiServer
) -> None:
    play.body = b" " * 9_000_000
    with pytest.raises(Unavailable):
        await ask(api, "token")


async def test_nothing_secret_is_logged(
    api: PlayApi, play: PlayApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    token = play.store.sell("play.small")
    for status, reason in ((500, "backendError"), (403, "permissionDenied"), (401, "authError")):
        play.failures["productsv2"] = (status, reason)
        with pytest.raises((Unavailable, Refused)):
            await ask(api, token)
    assert "backendError" in caplog.text
    assert token not in caplog.text
    assert "Bearer" not in caplog.text


def test_a_file_that_cannot_work_is_refused_at_once(play: PlayApiServer, tmp_path: Path) -> None:
    path = play.write_credentials(tmp_path)
    account = json.loads(path.read_text())
    for text in ("", "{}", json.dumps(account | {"private_key": "nonsense"})):
        path.write_text(text)
        with pytest.raises(ValueError):  # noqa: PT011 - Google's texts are not ours
            PlayApi(package_name="com.example", credentials_path=path)
    with pytest.raises(OSError):  # noqa: PT011 - the system's text is not ours
        PlayApi(package_name="com.example", credentials_path=tmp_path / "none.json")
    with pytest.raises(ValueError, match="package"):
        PlayApi(package_name="", credentials_path=path)
