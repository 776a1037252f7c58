"""What every identity provider promises, and every issuer of tokens.

To hold another one to it, add to ``REALMS`` how it is made.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from attrs import frozen

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.identity_provider import InMemoryIdentityProvider
from adapters.local.token_issuer import LocalTokenIssuer
from application.ports.identity_provider import IdentityProvider, TokenIssuer
from domain.accounts import AgeBand
from domain.errors import InvalidRequest, TokenExpired, Unauthenticated
from tests.loopback.firebase_accounts import FirebaseAccounts
from tests.loopback.firebase_certificates import FirebaseCertificates

JUST_NOW = timedelta(0)


class SignIn(Protocol):
    """Signs a person in ``ago``, setting the account's claims; the ID token."""

    async def __call__(
        self, subject: str, claims: Mapping[str, object] | None = None, ago: timedelta = JUST_NOW
    ) -> str: ...


@frozen
class Realm:
    """A provider, and its other side: where people sign in and accounts are closed."""

    provider: IdentityProvider
    sign_in: SignIn
    disable: Callable[[str], Awaitable[None]]
    issuer: TokenIssuer | None = None


@asynccontextmanager
async def in_memory(_: Path) -> AsyncIterator[Realm]:
    clock = InMemoryClock(datetime.now(UTC))
    yield issuing_realm(InMemoryIdentityProvider(clock), clock)


@asynccontextmanager
async def local(folder: Path) -> AsyncIterator[Realm]:
    clock = InMemoryClock(datetime.now(UTC))
    yield issuing_realm(LocalTokenIssuer(folder / "identity", clock), clock)


@asynccontextmanager
async def firebase(folder: Path) -> AsyncIterator[Realm]:
    clock = InMemoryClock(datetime.now(UTC))
    project_id = f"demo-{folder.name}"
    with FirebaseCertificates(project_id) as google, FirebaseAccounts(project_id) as accounts:
        provider = FirebaseIdentityProvider(
            project_id, clock, certificates_url=google.url, accounts_url=accounts.url
        )

        async def sign_in(
            subject: str, claims: Mapping[str, object] | None = None, ago: timedelta = JUST_NOW
        ) -> str:
            account = accounts.account(subject)
            if claims is not None:
                account |= {"email": claims.get("email"), "displayName": claims.get("name")}
                account["customAttributes"] = json.dumps(dict(claims))
            kept = json.loads(account.get("customAttributes", "{}"))
            now = int((datetime.now(UTC) - ago).timestamp())
            fresh = {"sub": subject, "auth_time": now, "iat": now, "exp": now + 3600}
            return google.token(**{"email": None, "name": None, **kept, **fresh})

        async def disable(subject: str) -> None:
            accounts.account(subject)["disabled"] = True

        yield Realm(provider, sign_in, disable)
        await provider.aclose()


REALMS: dict[str, Callable[[Path], AbstractAsyncContextManager[Realm]]] = {
    "in_memory": in_memory,
    "local": local,
    "firebase": firebase,
}
ISSUERS = ("in_memory", "local")


def issuing_realm(
    issuer: InMemoryIdentityProvider | LocalTokenIssuer, clock: InMemoryClock
) -> Realm:
    async def sign_in(
        subject: str, claims: Mapping[str, object] | None = None, ago: timedelta = JUST_NOW
    ) -> str:
        clock.advance(-ago)
        try:
            return (await issuer.issue(subject, claims)).id_token
        finally:
            clock.advance(ago)

    return Realm(issuer, sign_in, issuer.disable, issuer)


@pytest.fixture(params=REALMS)
async def realm(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Realm]:
    async with REALMS[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture(params=ISSUERS)
async def issuer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Realm]:
    async with REALMS[request.param](tmp_path) as opened:
        yield opened


# ---------------------------------------------------------------------------------------- verify


async def test_a_token_says_who_signed_in(realm: Realm) -> None:
    before = datetime.now(UTC)
    token = await realm.sign_in(
        "ada", {"email": "ada@example.com", "name": "Ada", "age_band": "adult"}
    )
    identity = await realm.provider.verify(token)
    assert identity.subject == "ada"
    assert (identity.email, identity.name) == ("ada@example.com", "Ada")
    assert identity.age_band is AgeBand.ADULT
    assert not identity.is_admin
    assert abs(identity.issued_at - before) < timedelta(minutes=1)
    assert timedelta(minutes=50) < identity.expires_at - before < timedelta(minutes=70)


async def test_a_token_without_claims_says_nothing_more(realm: Realm) -> None:
    identity = await realm.provider.verify(await realm.sign_in("ada"))
    assert (identity.email, identity.name, identity.is_admin) == (None, None, False)
    assert identity.age_band is AgeBand.UNKNOWN


async def test_the_longest_subject_is_128_characters(realm: Realm) -> None:
    subject = "ö" * 128
    assert (await realm.provider.verify(await realm.sign_in(subject))).subject == subject


@pytest.mark.parametrize(
    ("admin", "expected"),
    [(True, True), (False, False), ("true", False), (1, False), (None, False)],
)
async def test_only_true_makes_an_administrator(
    realm: Realm,
    admin: object,
    expected: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    identity = await realm.provider.verify(await realm.sign_in("ada", {"admin": admin}))
    assert identity.is_admin is expected
    assert (await realm.provider.confirm(identity)).is_admin is expected


@pytest.mark.parametrize("claims", [{"age_band": "99"}, {"age_band": 7}, {"age_band": ["adult"]}])
async def test_an_age_that_we_do_not_know_is_unknown(
    realm: Realm, claims: Mapping[str, object]
) -> None:
    identity = await realm.provider.verify(await realm.sign_in("ada", claims))
    assert identity.age_band is AgeBand.UNKNOWN


async def test_names_that_no_database_takes_do_not_get_through(realm: Realm) -> None:
    token = await realm.sign_in("ada", {"name": "A\0da", "email": 7})
    identity = await realm.provider.verify(token)
    assert (identity.name, identity.email) == ("Ada", None)


async def test_a_token_is_over_after_an_hour(realm: Realm) -> None:
    token = await realm.sign_in("ada", ago=timedelta(hours=1, seconds=20))
    with pytest.raises(TokenExpired):
        await realm.provider.verify(token)


async def test_ten_seconds_of_skew_are_forgiven(realm: Realm) -> None:
    token = await realm.sign_in("ada", ago=timedelta(hours=1, seconds=4))
    assert (await realm.provider.verify(token)).subject == "ada"


async def test_a_token_from_the_future_is_refused(realm: Realm) -> None:
    token = await realm.sign_in("ada", ago=timedelta(minutes=-5))
    with pytest.raises(Unauthenticated):
        await realm.provider.verify(token)


GARBAGE = ["", ".", "..", "a.b.c", "Bearer", "\0", "ä.ö.ü", "\ud800", "e30.e30.", "x" * 100_000]


@pytest.mark.parametrize("token", GARBAGE, ids=lambda token: f"{token[:8]!r}")
async def test_what_is_no_token_is_refused(realm: Realm, token: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await realm.provider.verify(token)
    assert not isinstance(refusal.value, TokenExpired)


@pytest.mark.parametrize("part", [0, -1])
async def test_a_token_with_a_changed_character_is_refused(realm: Realm, part: int) -> None:
    parts = (await realm.sign_in("ada", {"admin": False})).split(".")
    middle = len(parts[part]) // 2
    other = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
    with pytest.raises(Unauthenticated):
        await realm.provider.verify(".".join(parts))


@pytest.mark.parametrize("name", REALMS)
async def test_a_token_of_another_realm_is_refused(name: str, tmp_path: Path) -> None:
    async with REALMS[name](tmp_path / "one") as one, REALMS[name](tmp_path / "two") as two:
        with pytest.raises(Unauthenticated):
            await two.provider.verify(await one.sign_in("ada"))


# --------------------------------------------------------------------------------------- confirm


async def test_claims_are_those_of_this_moment(realm: Realm) -> None:
    admin = await realm.provider.verify(
        await realm.sign_in("ada", {"admin": True, "age_band": "adult"})
    )
    await realm.sign_in("ada", {"admin": False, "age_band": "13_15"})
    confirmed = await realm.provider.confirm(admin)
    assert confirmed.is_admin is False
    assert confirmed.age_band is AgeBand.FROM_13_TO_15
    assert (confirmed.subject, confirmed.issued_at) == (admin.subject, admin.issued_at)


async def test_a_disabled_account_is_refused(realm: Realm) -> None:
    identity = await realm.provider.verify(await realm.sign_in("ada"))
    bystander = await realm.provider.verify(await realm.sign_in("bob"))
    await realm.disable("ada")
    with pytest.raises(Unauthenticated):
        await realm.provider.confirm(identity)
    assert await realm.provider.confirm(bystander) == bystander


async def test_a_deleted_account_is_refused(realm: Realm) -> None:
    identity = await realm.provider.verify(await realm.sign_in("ada"))
    bystander = await realm.provider.verify(await realm.sign_in("bob"))
    await realm.provider.delete("ada")
    with pytest.raises(Unauthenticated):
        await realm.provider.confirm(identity)
    assert await realm.provider.confirm(bystander) == bystander


async def test_a_sign_in_is_over_after_a_revocation_and_the_next_one_counts(realm: Realm) -> None:
    old = await realm.provider.verify(await realm.sign_in("ada"))
    bystander = await realm.provider.verify(await realm.sign_in("bob"))
    await realm.provider.revoke("ada")
    new = await realm.provider.verify(await realm.sign_in("ada"))
    with pytest.raises(Unauthenticated):
        await realm.provider.confirm(old)
    assert await realm.provider.confirm(new) == new
    assert await realm.provider.confirm(bystander) == bystander


async def test_each_of_several_revocations_counts(realm: Realm) -> None:
    old = []
    for _ in range(2):
        old.append(await realm.provider.verify(await realm.sign_in("ada")))
        await realm.provider.revoke("ada")
    for identity in old:
        with pytest.raises(Unauthenticated):
            await realm.provider.confirm(identity)


async def test_signing_in_again_after_deletion_starts_empty_and_revives_no_old_token(
    realm: Realm,
) -> None:
    old = await realm.provider.verify(await realm.sign_in("ada", {"admin": True}))
    await realm.provider.delete("ada")
    new = await realm.provider.verify(await realm.sign_in("ada"))
    assert (await realm.provider.confirm(new)).is_admin is False
    with pytest.raises(Unauthenticated):
        await realm.provider.confirm(old)


async def test_accounts_that_are_not_there_can_be_revoked_and_deleted(realm: Realm) -> None:
    await realm.provider.revoke("nobody")
    await realm.provider.delete("nobody")
    await realm.sign_in("ada")
    for _ in range(2):
        await realm.provider.delete("ada")
    await realm.provider.revoke("ada")


# ----------------------------------------------------------------------------------------- issue


async def test_claims_stay_until_others_are_given(issuer: Realm) -> None:
    await issuer.sign_in("ada", {"admin": True, "name": "Ada"})
    kept = await issuer.provider.verify(await issuer.sign_in("ada"))
    assert (kept.is_admin, kept.name) == (True, "Ada")
    replaced = await issuer.provider.verify(await issuer.sign_in("ada", {"name": "Countess"}))
    assert (replaced.is_admin, replaced.name) == (False, "Countess")
    cleared = await issuer.provider.verify(await issuer.sign_in("ada", {}))
    assert cleared.name is None


async def test_a_token_is_good_for_an_hour(issuer: Realm) -> None:
    assert issuer.issuer is not None
    assert (await issuer.issuer.issue("ada")).expires_in == 3600


@pytest.mark.parametrize("subject", ["", "x" * 129, "a\0b", "\ud800"], ids=ascii)
async def test_a_subject_that_is_none_is_refused(issuer: Realm, subject: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await issuer.sign_in(subject)
    assert refusal.value.param == "user_id"


BAD_CLAIMS: list[dict[str, object]] = [
    {"sub": "bob"},
    {"iss": "me"},
    {"aud": "me"},
    {"exp": 9_999_999_999},
    {"auth_time": 0},
    {"firebase": {}},
    {"user_id": "bob"},
    {"name": object()},
    {"level": float("nan")},
    {"name": "x" * 1000},
]


@pytest.mark.parametrize("claims", BAD_CLAIMS, ids=lambda claims: next(iter(claims)))
async def test_claims_that_cannot_be_are_refused(
    issuer: Realm, claims: Mapping[str, object]
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await issuer.sign_in("ada", claims)
    assert refusal.value.param == "claims"


async def test_a_disabled_account_stays_disabled_when_it_signs_in_again(issuer: Realm) -> None:
    await issuer.sign_in("ada")
    await issuer.disable("ada")
    identity = await issuer.provider.verify(await issuer.sign_in("ada"))
    with pytest.raises(Unauthenticated):
        await issuer.provider.confirm(identity)
