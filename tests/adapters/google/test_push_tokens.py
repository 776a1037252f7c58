"""Who may push: Pub/Sub, for our subscription, and nobody else."""

import json
import logging
import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from jwt.algorithms import RSAAlgorithm

from adapters.google.play_api import PlayApi
from adapters.google.store_events import GoogleEvents
from adapters.in_memory.clock import InMemoryClock
from domain.errors import DomainError, Forbidden, TokenExpired, Unauthenticated, Unavailable
from tests.adapters.google.shop import catalogue
from tests.loopback.firebase_certificates import encode, hs256, signing_key
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore


@pytest.fixture
def body(store: PlayStore, push: PlayPush) -> bytes:
    store.sell("play.small")
    return push.message(store.notifications[-1])


async def test_a_genuine_push_is_received(
    events: GoogleEvents, push: PlayPush, body: bytes
) -> None:
    for changes in ({}, {"iss": "accounts.google.com"}, {"aud": [push.audience]}):
        assert (await events.receive(body, push.headers(**changes))).id


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"aud": "https://elsewhere.example"}, Unauthenticated),
        ({"aud": None}, Unauthenticated),
        ({"aud": ""}, Unauthenticated),
        ({"iss": "https://evil.example"}, Unauthenticated),
        ({"iss": None}, Unauthenticated),
        ({"exp": int(time.time()) - 3600}, TokenExpired),
        ({"exp": None}, Unauthenticated),
        ({"exp": "soon"}, Unauthenticated),
        ({"exp": 1e300}, Unauthenticated),
        ({"iat": int(time.time()) + 3600}, Unauthenticated),
        ({"email": "pushes@elsewhere.example"}, Forbidden),
        ({"email": None}, Forbidden),
        ({"email_verified": False}, Forbidden),
        ({"email_verified": "true"}, Forbidden),
        ({"email_verified": None}, Forbidden),
    ],
)
async def test_a_push_with_other_claims_is_refused(
    events: GoogleEvents,
    push: PlayPush,
    body: bytes,
    changes: dict[str, object],
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        await events.receive(body, push.headers(**changes))


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer x.y.z", "Bearer " + "x" * 9000],
)
async def test_a_push_without_a_token_is_refused(
    events: GoogleEvents, body: bytes, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    with pytest.raises(Unauthenticated):
        await events.receive(body, headers)


async def test_a_token_that_google_did_not_sign_is_refused(
    events: GoogleEvents, push: PlayPush, body: bytes
) -> None:
    genuine = push.keys[-1]
    claims = push.claims()
    forged = [
        push.token(signing_key(3)),
        encode({"alg": "RS256", "kid": genuine.id}, claims, signing_key(3).sign),
        encode({"alg": "RS256"}, claims, genuine.sign),
        encode({"alg": "RS256", "kid": "x" * 200}, claims, genuine.sign),
        encode({"alg": "none", "kid": genuine.id}, claims, lambda _: b""),
        encode({"alg": "HS256", "kid": genuine.id}, claims, hs256(genuine.public_pem)),
        encode({"alg": "HS256", "kid": genuine.id}, claims, hs256(genuine.pem.encode())),
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            await events.receive(body, {"authorization": f"Bearer {token}"})


async def test_invented_keys_make_no_flood(
    events: GoogleEvents, push: PlayPush, body: bytes, clock: InMemoryClock
) -> None:
    await events.receive(body, push.headers())
    for number in range(20):
        token = encode({"alg": "RS256", "kid": f"k{number}"}, push.claims(), push.keys[0].sign)
        with pytest.raises(Unauthenticated):
            await events.receive(body, {"authorization": f"Bearer {token}"})
    assert push.fetches == 1
    clock.advance(timedelta(minutes=2))
    push.keys.append(signing_key(4))
    await events.receive(body, push.headers(iat=int(clock.now().timestamp())))
    assert push.fetches == 2


async def test_keys_are_asked_for_again_when_they_have_aged(
    events: GoogleEvents, push: PlayPush, body: bytes, clock: InMemoryClock
) -> None:
    await events.receive(body, push.headers())
    push.keys[:] = [signing_key(5)]
    clock.advance(timedelta(seconds=21_601))
    now = int(clock.now().timestamp())
    old = push.token(signing_key(0), iat=now, exp=now + 60)
    with pytest.raises(Unauthenticated):
        await events.receive(body, {"authorization": f"Bearer {old}"})
    await events.receive(body, push.headers(iat=now, exp=now + 60))
    assert push.fetches == 2


async def test_without_keys_a_push_is_to_be_sent_again(
    events: GoogleEvents, push: PlayPush, body: bytes, clock: InMemoryClock
) -> None:
    push.stop()
    with pytest.raises(Unavailable):
        await events.receive(body, push.headers())
    push.start()
    clock.advance(timedelta(seconds=2))
    await events.receive(body, push.headers())
    push.fall_silent()
    clock.advance(timedelta(seconds=21_601))
    now = int(clock.now().timestamp())
    await events.receive(body, push.headers(iat=now, exp=now + 60))


@pytest.mark.parametrize(
    "answer", [b"", b"[]", b"{}", b'{"a": "no certificate"}', b'{"keys": [1]}']
)
async def test_an_odd_document_of_keys_is_none(
    events: GoogleEvents, push: PlayPush, body: bytes, answer: bytes
) -> None:
    push.body = answer
    with pytest.raises(Unavailable):
        await events.receive(body, push.headers())


async def test_keys_may_come_as_a_key_set(
    events: GoogleEvents, push: PlayPush, body: bytes
) -> None:
    key = push.keys[-1]
    public = load_pem_x509_certificate(key.pem.encode()).public_key()
    assert isinstance(public, RSAPublicKey)
    one = json.loads(RSAAlgorithm.to_jwk(public)) | {"kid": key.id, "alg": "RS256", "use": "sig"}
    push.body = json.dumps({"keys": [one]}).encode()
    await events.receive(body, push.headers())


@pytest.mark.parametrize(("audience", "email"), [("", "a@example.com"), ("https://a.example", "")])
def test_an_audience_and_an_email_are_a_must(
    api: PlayApi, clock: InMemoryClock, audience: str, email: str
) -> None:
    with pytest.raises(ValueError, match="audience"):
        GoogleEvents(api, catalogue, clock, audience=audience, email=email)


async def test_no_token_is_logged(
    events: GoogleEvents, push: PlayPush, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="adapters")
    push.stop()
    headers = push.headers()
    with pytest.raises(Unavailable):
        await events.receive(body, headers)
    assert caplog.messages
    assert headers["authorization"][7:] not in caplog.text
    claims = jwt.decode(headers["authorization"][7:], options={"verify_signature": False})
    assert claims["email"] not in caplog.text
