"""Which tokens are believed, and what is read from them."""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.in_memory.clock import InMemoryClock
from domain.accounts import AgeBand, Identity
from domain.errors import TokenExpired, Unauthenticated, Unavailable
from tests.loopback.firebase_certificates import (
    FirebaseCertificates,
    encode,
    hs256,
    signing_key,
)

Forgery = Callable[[FirebaseCertificates], str]


def with_header(google: FirebaseCertificates, **header: object) -> str:
    return encode(header, google.claims(), google.keys[-1].sign)


def nested(google: FirebaseCertificates) -> str:
    return encode({"alg": "RS256", "kid": google.keys[-1].id}, {}, lambda _: b"").replace(
        ".", ".W1tb" + "W1tb" * 3000, 1
    )


FORGERIES: dict[str, Forgery] = {
    "empty": lambda _: "",
    "None": lambda _: "None",
    "null": lambda _: "null",
    "garbage": lambda _: "this is no token",
    "not ASCII": lambda _: "tökén.tökén.tökén",
    "a lone surrogate": lambda _: "\ud800.\ud800.\ud800",
    "dots only": lambda _: "..",
    "100 KB of garbage": lambda _: "x" * 100_000,
    "100 KB in a name": lambda google: google.token(name="x" * 100_000),
    "a header that is a list": lambda google: "W10." + google.token().partition(".")[2],
    "a deep header": lambda _: "W1tb" * 3000 + ".e30.",
    "a deep body": nested,
    "no signature": lambda google: google.token().rpartition(".")[0] + ".",
    "another signature": lambda google: google.token()[:-8] + "AAAAAAAA",
    "another body": lambda google: (
        google.token(admin=True).rpartition(".")[0] + "." + google.token().rpartition(".")[2]
    ),
    "alg none": lambda google: encode(
        {"alg": "none", "kid": google.keys[-1].id}, google.claims(), lambda _: b""
    ),
    "alg none without kid": lambda google: encode({"alg": "none"}, google.claims(), lambda _: b""),
    "alg None, but well signed": lambda google: with_header(
        google, alg=None, kid=google.keys[-1].id
    ),
    "HS256": lambda google: encode(
        {"alg": "HS256", "kid": google.keys[-1].id}, google.claims(), hs256(b"secret")
    ),
    "HS256 with the certificate": lambda google: encode(
        {"alg": "HS256", "kid": google.keys[-1].id},
        google.claims(),
        hs256(google.keys[-1].pem.encode()),
    ),
    "HS256 with the public key": lambda google: encode(
        {"alg": "HS256", "kid": google.keys[-1].id},
        google.claims(),
        hs256(google.keys[-1].public_pem),
    ),
    "RS256 that is HS256 with the certificate": lambda google: encode(
        {"alg": "RS256", "kid": google.keys[-1].id},
        google.claims(),
        hs256(google.keys[-1].pem.encode()),
    ),
    "no kid": lambda google: with_header(google, alg="RS256"),
    "an empty kid": lambda google: with_header(google, alg="RS256", kid=""),
    "a number as kid": lambda google: with_header(google, alg="RS256", kid=7),
    "a list as kid": lambda google: with_header(google, alg="RS256", kid=["a"]),
    "a long kid": lambda google: with_header(google, alg="RS256", kid="k" * 129),
    "an unknown kid": lambda google: with_header(google, alg="RS256", kid="unknown"),
    "a foreign key under a known kid": lambda google: encode(
        {"alg": "RS256", "kid": google.keys[-1].id}, google.claims(), signing_key(9).sign
    ),
    "a foreign key under its own kid": lambda google: google.token(signing_key(9)),
    "another audience": lambda google: google.token(aud="another"),
    "no audience": lambda google: google.token(aud=None),
    "two audiences": lambda google: google.token(aud=[google.project_id, "another"]),
    "another issuer": lambda google: google.token(iss="https://securetoken.google.com/another"),
    "Google's other issuer": lambda google: google.token(iss="https://accounts.google.com"),
    "no issuer": lambda google: google.token(iss=None),
    "no subject": lambda google: google.token(sub=None),
    "an empty subject": lambda google: google.token(sub=""),
    "129 characters of subject": lambda google: google.token(sub="s" * 129),
    "a number as subject": lambda google: google.token(sub=7),
    "a NUL in the subject": lambda google: google.token(sub="a\0b"),
    "a surrogate in the subject": lambda google: google.token(sub="a\ud800b"),
    "no expiry": lambda google: google.token(exp=None),
    "a text as expiry": lambda google: google.token(exp="never"),
    "an infinite expiry": lambda google: google.token(exp=float("inf")),
    "no time of issue": lambda google: google.token(iat=None),
    "issued in the future": lambda google: google.token(iat=int(time.time()) + 60),
    "signed in at an odd time": lambda google: google.token(auth_time="noon"),
    "a custom token": lambda google: google.token(
        aud="https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1."
        "IdentityToolkit"
    ),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_proves_nothing(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, forge: Forgery
) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await provider.verify(forge(google))
    assert type(refusal.value) is Unauthenticated


async def test_an_expired_token_is_told_apart(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    an_hour_ago = int(time.time()) - 3600
    with pytest.raises(TokenExpired):
        await provider.verify(google.token(iat=an_hour_ago, exp=int(time.time()) - 11))


async def test_a_forged_and_expired_token_is_only_forged(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    await provider.verify(google.token())
    token = encode(
        {"alg": "RS256", "kid": google.keys[-1].id},
        google.claims(exp=int(time.time()) - 100),
        signing_key(9).sign,
    )
    with pytest.raises(Unauthenticated) as refusal:
        await provider.verify(token)
    assert type(refusal.value) is Unauthenticated


async def test_a_token_expires_by_our_clock_too(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    token = google.token()
    await provider.verify(token)
    clock.advance(timedelta(hours=1, seconds=12))
    with pytest.raises(TokenExpired):
        await provider.verify(token)


async def test_clocks_may_differ_by_a_few_seconds(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    now = int(time.time())
    await provider.verify(google.token(exp=now - 2))
    await provider.verify(google.token(iat=now + 8, auth_time=now + 8))


async def test_an_identity_is_what_the_token_says(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    now = int(time.time())
    token = google.token(auth_time=now - 50, exp=now + 500, admin=True, age_band="16_17")
    assert await provider.verify(token) == Identity(
        subject="ada-lovelace",
        issued_at=datetime.fromtimestamp(now - 50, UTC),
        expires_at=datetime.fromtimestamp(now + 500, UTC),
        is_admin=True,
        email="ada@example.com",
        name="Ada",
        age_band=AgeBand.FROM_16_TO_17,
    )


@pytest.mark.parametrize("claim", [False, 1, "true", "True", [True], {"admin": True}])
async def test_only_true_makes_an_administrator(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, claim: object
) -> None:
    identity = await provider.verify(google.token(admin=claim))
    assert not identity.is_admin


@pytest.mark.parametrize("claim", ["grown-up", "", 18, ["adult"], {"age": 18}, "ADULT"])
async def test_a_strange_age_band_is_an_unknown_age(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, claim: object
) -> None:
    identity = await provider.verify(google.token(age_band=claim))
    assert identity.age_band is AgeBand.UNKNOWN


async def test_an_anonymous_sign_in_has_neither_name_nor_address(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    identity = await provider.verify(google.token(name=None, email=None, sub="s" * 128))
    assert (identity.name, identity.email, identity.age_band) == (None, None, AgeBand.UNKNOWN)


async def test_names_come_without_what_no_database_takes(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    identity = await provider.verify(google.token(name="A\0d\ud800a", email=["no text"]))
    assert (identity.name, identity.email) == ("Ada", None)


async def test_without_a_time_of_sign_in_the_time_of_issue_counts(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    now = int(time.time())
    identity = await provider.verify(google.token(auth_time=None, iat=now - 9))
    assert identity.issued_at == datetime.fromtimestamp(now - 9, UTC)


async def test_no_token_reaches_a_log_or_a_refusal(
    provider: FirebaseIdentityProvider,
    google: FirebaseCertificates,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = google.token(name="Secret Name")[:-8] + "AAAAAAAA"
    for text in (token, "Secret.Garbage", json.dumps({"Secret": 1})):
        with pytest.raises(Unauthenticated) as refusal:
            await provider.verify(text)
        assert text not in str(refusal.value)
        assert refusal.value.__suppress_context__
    assert "Secret" not in caplog.text
    assert token not in caplog.text


async def test_an_emulator_that_nobody_asked_for_is_refused_at_the_start(
    clock: InMemoryClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    with pytest.raises(ValueError, match="FIREBASE_AUTH_EMULATOR_HOST"):
        FirebaseIdentityProvider("demo-companion", clock)


async def test_an_emulator_that_appears_later_opens_no_door(
    provider: FirebaseIdentityProvider,
    google: FirebaseCertificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    with pytest.raises(Unavailable):
        await provider.verify(FORGERIES["alg none"](google))


async def test_several_providers_live_side_by_side(clock: InMemoryClock) -> None:
    with FirebaseCertificates("one") as one, FirebaseCertificates("two") as two:
        providers = [
            FirebaseIdentityProvider(google.project_id, clock, certificates_url=google.url)
            for google in (one, two)
        ]
        await providers[0].verify(one.token())
        await providers[1].verify(two.token())
        with pytest.raises(Unauthenticated):
            await providers[0].verify(two.token())
        for provider in providers:
            await provider.aclose()
