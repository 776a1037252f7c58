"""The local issuer: Firebase's claims, Firebase's strictness, and what it leaves on the disk."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from adapters.in_memory.clock import InMemoryClock
from adapters.local.account_directory import AccountDirectory
from adapters.local.errors import EmbeddedPartError
from adapters.local.signing_key import SigningKey, load_or_make_key
from adapters.local.token_issuer import LocalTokenIssuer
from domain.errors import TokenExpired, Unauthenticated, Unavailable
from tests.adapters.local.apart import apart, said

Forge = Callable[..., str]


@pytest.fixture
def clock() -> InMemoryClock:
    return InMemoryClock(datetime.now(UTC))


@pytest.fixture
def issuer(tmp_path: Path, clock: InMemoryClock) -> LocalTokenIssuer:
    return LocalTokenIssuer(tmp_path, clock)


@pytest.fixture
def key(tmp_path: Path, issuer: LocalTokenIssuer) -> SigningKey:
    return load_or_make_key(tmp_path)


@pytest.fixture
async def payload(issuer: LocalTokenIssuer) -> dict[str, Any]:
    """What a genuine token holds."""
    token = (await issuer.issue("ada", {"admin": True, "email": "ada@example.com"})).id_token
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def sign(key: SigningKey, payload: Mapping[str, Any], **header: Any) -> str:
    headers = {"kid": key.id, **header}
    return jwt.encode(
        dict(payload), key.private, "RS256", headers={k: v for k, v in headers.items() if v}
    )


# ------------------------------------------------------------------------------------ the tokens


async def test_a_token_is_what_firebase_would_issue(
    payload: dict[str, Any], clock: InMemoryClock
) -> None:
    now = int(clock.now().timestamp())
    assert payload.pop("signed_in_at_ms") // 1000 == now
    assert payload == {
        "iss": "https://securetoken.google.com/companion-local",
        "aud": "companion-local",
        "sub": "ada",
        "user_id": "ada",
        "auth_time": now,
        "iat": now,
        "exp": now + 3600,
        "firebase": {"identities": {"email": ["ada@example.com"]}, "sign_in_provider": "custom"},
        "admin": True,
        "email": "ada@example.com",
    }


async def test_the_header_names_the_key(issuer: LocalTokenIssuer, key: SigningKey) -> None:
    header = jwt.get_unverified_header((await issuer.issue("ada")).id_token)
    assert header == {"alg": "RS256", "typ": "JWT", "kid": key.id}


async def test_another_project_refuses_it(
    tmp_path: Path, issuer: LocalTokenIssuer, clock: InMemoryClock
) -> None:
    other = LocalTokenIssuer(tmp_path, clock, project="another")
    with pytest.raises(Unauthenticated):
        await other.verify((await issuer.issue("ada")).id_token)


async def test_what_the_forger_starts_from_is_accepted(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any]
) -> None:
    assert (await issuer.verify(sign(key, payload))).subject == "ada"


FORGERIES: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another"},
    "several audiences": {"aud": ["companion-local"]},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://securetoken.google.com/another"},
    "several issuers": {"iss": ["https://securetoken.google.com/companion-local"]},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject of 129 characters": {"sub": "x" * 129},
    "a number as subject": {"sub": 7},
    "a list as subject": {"sub": ["ada"]},
    "no expiry": {"exp": None},
    "an expiry in words": {"exp": "tomorrow"},
    "an expiry beyond all time": {"exp": 10**30},
    "a broken expiry": {"exp": 1e300},
    "no time of issue": {"iat": None},
    "no sign-in": {"auth_time": None},
    "a sign-in to come": {"auth_time": 4_000_000_000},
    "issued in the future": {"iat": 4_000_000_000},
    "true as a time": {"iat": True},
    "a sign-in in words": {"signed_in_at_ms": "now"},
}


@pytest.mark.parametrize("changes", FORGERIES.values(), ids=FORGERIES)
async def test_a_signed_token_with_a_wrong_claim_is_refused(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any], changes: dict[str, Any]
) -> None:
    forged = {name: value for name, value in (payload | changes).items() if value is not None}
    with pytest.raises(Unauthenticated) as refusal:
        await issuer.verify(unchecked(key, forged))
    assert not isinstance(refusal.value, TokenExpired)


def unchecked(key: SigningKey, payload: object, **header: object) -> str:
    """Signed by hand, because the library refuses to sign some of what a forger would."""
    signed = f"{part({'alg': 'RS256', 'typ': 'JWT', 'kid': key.id} | header)}.{part(payload)}"
    signature = jwt.get_algorithm_by_name("RS256").sign(signed.encode(), key.private)
    return f"{signed}.{b64(signature)}"


def part(value: object) -> str:
    return b64(json.dumps(value).encode())


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@pytest.mark.parametrize("value", [None, [], "ada", 7])
async def test_a_payload_that_is_no_object_is_refused(
    issuer: LocalTokenIssuer, key: SigningKey, value: object
) -> None:
    with pytest.raises(Unauthenticated):
        await issuer.verify(unchecked(key, value))


@pytest.mark.parametrize("kid", [None, "", "another", 7, ["a"], {"a": 1}])
async def test_a_token_of_an_unknown_key_is_refused(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any], kid: object
) -> None:
    with pytest.raises(Unauthenticated):
        await issuer.verify(unchecked(key, payload, kid=kid))


async def test_a_token_without_a_key_id_is_refused(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        await issuer.verify(sign(key, payload, kid=None))


async def test_only_rs256_counts(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any]
) -> None:
    public = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    hs256 = f"{part({'alg': 'HS256', 'kid': key.id})}.{part(payload)}"
    tokens = [
        f"{part({'alg': 'none', 'kid': key.id})}.{part(payload)}.",
        f"{hs256}.{b64(hmac.digest(public, hs256.encode(), hashlib.sha256))}",
        jwt.encode(payload, key.private, "RS512", headers={"kid": key.id}),
        jwt.encode(payload, key.private, "PS256", headers={"kid": key.id}),
        jwt.encode(payload, ec.generate_private_key(ec.SECP256R1()), "ES256", {"kid": key.id}),
    ]
    for token in tokens:
        with pytest.raises(Unauthenticated):
            await issuer.verify(token)


async def test_another_key_of_the_same_name_is_refused(
    issuer: LocalTokenIssuer, key: SigningKey, payload: dict[str, Any]
) -> None:
    stranger = rsa.generate_private_key(65537, 2048)
    with pytest.raises(Unauthenticated):
        await issuer.verify(sign(SigningKey(key.id, stranger, stranger.public_key()), payload))


async def test_the_hour_and_ten_seconds_are_exact(
    issuer: LocalTokenIssuer, clock: InMemoryClock
) -> None:
    clock.set(datetime(2026, 6, 1, tzinfo=UTC))
    token = (await issuer.issue("ada")).id_token
    clock.advance(timedelta(hours=1, seconds=10))
    await issuer.verify(token)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(TokenExpired):
        await issuer.verify(token)
    clock.advance(timedelta(hours=-1, seconds=-21))
    await issuer.verify(token)
    clock.advance(timedelta(seconds=-1))
    with pytest.raises(Unauthenticated):
        await issuer.verify(token)


async def test_a_revocation_tells_sign_ins_of_the_same_moment_apart(
    issuer: LocalTokenIssuer,
) -> None:
    """The clock stands still here: before and after are all there is."""
    for _ in range(3):
        old = await issuer.verify((await issuer.issue("ada")).id_token)
        await issuer.confirm(old)
        await issuer.revoke("ada")
        new = await issuer.verify((await issuer.issue("ada")).id_token)
        await issuer.confirm(new)
        with pytest.raises(Unauthenticated):
            await issuer.confirm(old)


# -------------------------------------------------------------------------------------- the disk


async def test_a_second_issuer_knows_the_same_key_and_accounts(
    tmp_path: Path, issuer: LocalTokenIssuer, clock: InMemoryClock
) -> None:
    other = LocalTokenIssuer(tmp_path, clock)
    identity = await other.verify((await issuer.issue("ada", {"admin": True})).id_token)
    assert await other.confirm(identity) == identity
    await issuer.revoke("ada")
    with pytest.raises(Unauthenticated):
        await other.confirm(identity)


MAKE_A_KEY = """
import sys
from pathlib import Path
from adapters.local.signing_key import load_or_make_key
print("here", flush=True)
while not Path(sys.argv[2]).exists():
    pass
print(load_or_make_key(Path(sys.argv[1])).id, flush=True)
"""


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folder, gate = tmp_path / "identity", tmp_path / "gate"
    with apart(MAKE_A_KEY, folder, gate) as one, apart(MAKE_A_KEY, folder, gate) as two:
        assert said(one) == said(two) == "here"
        gate.touch()
        assert said(one) == said(two) == load_or_make_key(folder).id


def test_threads_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(load_or_make_key, [tmp_path / "identity"] * 8))
    assert len({key.id for key in keys}) == 1
    assert [path.name for path in (tmp_path / "identity").iterdir()] == ["signing-key.pem"]


async def test_nobody_else_can_read_what_is_kept(tmp_path: Path, clock: InMemoryClock) -> None:
    await LocalTokenIssuer(tmp_path / "identity", clock).issue("ada")
    kept = [tmp_path / "identity", *(tmp_path / "identity").rglob("*")]
    assert len(kept) > 3
    assert [path for path in kept if path.stat().st_mode & 0o077] == []


def accounts_in(folder: Path) -> list[Path]:
    return list((folder / "accounts").glob("*.json"))


async def test_a_deleted_account_leaves_no_person_behind(
    tmp_path: Path, issuer: LocalTokenIssuer
) -> None:
    await issuer.issue("subject-of-ada", {"email": "ada@example.com", "name": "Ada"})
    await issuer.delete("subject-of-ada")
    left = [file.name.encode() + file.read_bytes() for file in accounts_in(tmp_path)]
    assert len(left) == 1
    assert b"ada" not in left[0].lower()


def test_changes_of_one_account_at_once_lose_nothing(tmp_path: Path) -> None:
    def count_up(directory: AccountDirectory) -> None:
        for _ in range(25):
            directory.change(
                "ada", lambda it: evolve(it, tokens_valid_after=it.tokens_valid_after + 1)
            )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count_up, [AccountDirectory(tmp_path) for _ in range(8)]))
    assert AccountDirectory(tmp_path).find("ada").tokens_valid_after == 200


async def test_a_subject_may_look_like_a_path(tmp_path: Path, issuer: LocalTokenIssuer) -> None:
    for subject in ("../../../etc/passwd", "/", ".", "a/b", "CON", "Ada", "ada"):
        identity = await issuer.verify((await issuer.issue(subject, {"name": subject})).id_token)
        assert (await issuer.confirm(identity)).name == subject
    assert len(accounts_in(tmp_path)) == 7


async def test_accounts_that_cannot_be_read_are_not_the_callers_fault(
    tmp_path: Path, issuer: LocalTokenIssuer
) -> None:
    identity = await issuer.verify((await issuer.issue("ada")).id_token)
    for content in (b"", b"[]", b"\xff", b'{"unknown": 1}'):
        for file in accounts_in(tmp_path):
            file.write_bytes(content)
        with pytest.raises(Unavailable):
            await issuer.confirm(identity)
        with pytest.raises(Unavailable):
            await issuer.revoke("ada")


@pytest.mark.parametrize("kind", ["garbage", "another kind", "encrypted"])
def test_a_key_that_is_none_is_explained(tmp_path: Path, clock: InMemoryClock, kind: str) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    encrypted = (
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
    )
    contents = {"garbage": b"garbage", "another kind": pem, "encrypted": encrypted}
    (tmp_path / "signing-key.pem").write_bytes(contents[kind])
    with pytest.raises(EmbeddedPartError, match="no key that local sign-ins could use") as refusal:
        LocalTokenIssuer(tmp_path, clock)
    assert "Delete that file" in refusal.value.hint


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path, clock: InMemoryClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedPartError, match="Not a directory"):
        LocalTokenIssuer(tmp_path / "file" / "identity", clock)
