"""Somebody in a crisis is answered although nobody can look up who they are to us."""

from collections.abc import Callable
from typing import Any

import pytest

from application.accounts.authenticate import SIGN_UPS_PER_ADDRESS
from domain.errors import Unavailable
from tests.http.api import Api, Reply
from tests.http.events import events_of, kind_of, text_of

CRY = "I want to kill myself tonight."
Break = Callable[[Api, pytest.MonkeyPatch], None]


async def away(*_: object, **__: object) -> Any:
    message = "the database is away"
    raise Unavailable(message)


def without_accounts(api: Api, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(api.adapters.accounts, "find_by_subject", away)
    patch.setattr(api.adapters.turns, "load", away)
    patch.setattr(api.adapters.prices, "current", away)


def without_a_shared_counter(api: Api, patch: pytest.MonkeyPatch) -> None:
    """New accounts are counted strictly."""
    patch.setattr(api.limiter, "is_shared", False)


def with_many_sign_ups(_: Api, patch: pytest.MonkeyPatch) -> None:
    limit = type(SIGN_UPS_PER_ADDRESS)(amount=0, seconds=3_600)
    patch.setattr("application.accounts.authenticate.SIGN_UPS_PER_ADDRESS", limit)


BREAKS = [
    pytest.param(without_accounts, 503, id="accounts away"),
    pytest.param(without_a_shared_counter, 503, id="counter away"),
    pytest.param(with_many_sign_ups, 429, id="too many sign-ups"),
]


def is_helped(reply: Reply) -> bool:
    companion = reply.json["companion"]
    [notice] = companion["notices"]
    assert companion["receipt"]["charged"] == companion["receipt"]["held"] == 0
    assert "findahelpline" in reply.json["choices"][0]["message"]["content"]
    return bool(notice["kind"] == "crisis_referral")


@pytest.mark.parametrize(("breaks", "status"), BREAKS)
async def test_somebody_never_seen_is_helped_and_all_else_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch, breaks: Break, status: int
) -> None:
    with monkeypatch.context() as patch:
        breaks(api, patch)
        assert is_helped(await api.say(CRY))
        streamed = events_of((await api.say(CRY, stream=True)).body)
        assert [kind_of(event) for event in streamed] == ["start", "delta", "finish", "done"]
        assert "findahelpline" in text_of(streamed)
        for reply in (
            await api.say("Hello!"),
            await api.say("Hello!", stream=True),
            await api("GET", "/v1/auth/me"),
            await api("POST", "/v1/chat/messages/msg_1/regenerate"),
        ):
            assert reply.status == status
            assert reply.error["code"] == ("unavailable" if status == 503 else "rate_limited")
            assert "retry-after" in reply.headers
    # Nothing is half there: they begin as anybody does.
    assert (await api("GET", "/v1/chat/sessions")).json["data"] == []
    assert (await api("GET", "/v1/wallet/transactions")).json["data"] == []
    assert (await api.say("Hello!")).status == 200


async def test_help_is_in_the_language_of_the_words(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_accounts(api, monkeypatch)
    reply = await api.say("Ich will mich umbringen.")
    assert reply.json["choices"][0]["message"]["content"].startswith("Bitte sprich jetzt")
    assert is_helped(reply)


async def test_who_is_known_is_helped_when_nobody_knows_their_limit(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await api("GET", "/v1/auth/me")).status == 200
    without_accounts(api, monkeypatch)
    assert is_helped(await api.say(CRY))
    assert (await api.say("Hello!")).status == 503


async def test_a_token_that_is_no_good_or_was_ended_opens_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_accounts(api, monkeypatch)
    await api.token("ann")
    await api.identities.revoke("ann")
    await api.token("bob")
    await api.identities.disable("bob")
    api.tokens["eve"] = "x.y.z"
    for name in ("ann", "bob", "eve"):
        assert (await api.say(CRY, by=name)).status == 401
    assert (await api.say(CRY, by=None)).status == 401


async def test_a_token_that_cannot_be_checked_opens_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.identities, "verify", away)
    assert (await api.say(CRY)).status == 503
