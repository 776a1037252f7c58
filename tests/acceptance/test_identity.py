"""Who somebody is, and what becomes of it: U1, U3, U6, and first sight."""

import asyncio
import uuid
from collections.abc import Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from tests.acceptance.crafted_tokens import CRAFTED, Mint
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import Person, World
from tests.loopback.firebase_certificates import FirebaseCertificates

DAILY = 100
MONEY = ("/v1/wallet/balance", "/v1/wallet/transactions")
ADMIN = ("/v1/admin/users", "/v1/admin/jobs", "/v1/admin/invariants")


@pytest.fixture(scope="module")
def firebase() -> Iterator[FirebaseCertificates]:
    with FirebaseCertificates() as firebase:
        yield firebase


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack, firebase: FirebaseCertificates) -> list[Product]:
    """Two with the local issuer, and one that believes Firebase."""
    settings = {
        "FIREBASE_PROJECT_ID": firebase.project_id,
        "FIREBASE_CERTIFICATES_URL": firebase.url,
    }
    servers = [stack.product(), stack.product(), stack.product(**settings)]
    for server in servers:
        server.launch()
    for server in servers:
        server.wait_ready()
    return servers


@pytest.fixture(scope="module")
def pair(servers: list[Product]) -> list[Product]:
    return servers[:2]


@pytest.fixture(scope="module")
def behind_firebase(servers: list[Product]) -> Product:
    return servers[2]


async def anybody(world: World, **claims: object) -> Person:
    """Somebody whose token will not be good at the end of the test."""
    name = f"passing-{uuid.uuid4().hex[:12]}"
    person = Person(world, name, await world.token(name, **claims))
    assert (await person.call("GET", MONEY[0])).is_success
    return person


def assert_refused(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["request_id"] == answer.headers["x-request-id"]
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


# ------------------------------------------------------------------------------------------- U1


async def refuses(world: World, server: Product, name: str, token: str) -> None:
    code = "token_expired" if name == "expired" else "unauthenticated"
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("/v1/auth/me", MONEY[0], ADMIN[0]):
        assert_refused(await world.http.get(server.url + path, headers=headers), 401, code)
    login = await world.http.post(f"{server.url}/v1/auth/login", json={"id_token": token})
    assert_refused(login, 401, code)


@pytest.fixture
async def local_mint(world: World) -> Mint:
    pem = (world.stack.folder / "data" / "identity" / "signing-key.pem").read_bytes()
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, RSAPrivateKey)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Mint.of(await world.token("mint"), key, public)


@pytest.mark.parametrize("name", CRAFTED)
async def test_u1_crafted_token_of_the_local_issuer(
    world: World, local_mint: Mint, name: str
) -> None:
    headers = {"Authorization": f"Bearer {local_mint.token()}"}
    genuine = await world.http.get(f"{world.server.url}/v1/auth/me", headers=headers)
    assert genuine.is_success, "what is crafted would be refused for another reason"
    await refuses(world, world.server, name, CRAFTED[name](local_mint))


@pytest.mark.parametrize("name", CRAFTED)
async def test_u1_crafted_token_of_firebase(
    world: World, behind_firebase: Product, firebase: FirebaseCertificates, name: str
) -> None:
    genuine = firebase.token()
    headers = {"Authorization": f"Bearer {genuine}"}
    answer = await world.http.get(f"{behind_firebase.url}/v1/auth/me", headers=headers)
    assert answer.is_success, answer.text
    key = firebase.keys[-1]
    # The certificate is what everybody knows, so it may be tried as a secret.
    mint = Mint.of(genuine, key.private, key.pem.encode())
    await refuses(world, behind_firebase, name, CRAFTED[name](mint))


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Basic dXNlcjpwYXNz", "Token abc", "Bearer a b"]
)
async def test_u1_no_token_at_all(world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("/v1/auth/me", *MONEY, *ADMIN):
        answer = await world.http.get(world.server.url + path, headers=headers)
        assert_refused(answer, 401, "unauthenticated")


async def test_firebase_hands_out_no_tokens_here(world: World, behind_firebase: Product) -> None:
    answer = await world.http.post(
        f"{behind_firebase.url}/v1/auth/dev-token", json={"user_id": "ada"}
    )
    assert_refused(answer, 404, "not_found")


# ------------------------------------------------------------------------------------------- U3


async def test_u3_logging_out_ends_the_token_at_once_everywhere(
    world: World, pair: list[Product]
) -> None:
    person = await anybody(world, admin=True)
    for server in pair:
        assert (await person.call("GET", MONEY[0], at=server)).is_success
    assert (await person.call("POST", "/v1/auth/logout")).status_code == 204
    for server in pair:
        for path in (*MONEY, *ADMIN):
            assert_refused(await person.call("GET", path, at=server), 401, "unauthenticated")
    assert_refused(await person.call("GET", "/v1/auth/me"), 401, "unauthenticated")
    person.token = await world.token(person.name)
    for server in pair:
        assert (await person.call("GET", MONEY[0], at=server)).is_success


async def test_u3_a_deleted_account_ends_at_once_everywhere(
    world: World, pair: list[Product]
) -> None:
    person = await anybody(world, admin=True)
    before = (await person.get("/v1/auth/me"))["id"]
    for server in pair:
        assert (await person.call("GET", MONEY[0], at=server)).is_success
    assert (await person.call("DELETE", "/v1/auth/me")).status_code == 204
    for server in pair:
        for path in (*MONEY, *ADMIN):
            assert_refused(await person.call("GET", path, at=server), 401, "unauthenticated")
    login = await world.http.post(f"{pair[1].url}/v1/auth/login", json={"id_token": person.token})
    assert_refused(login, 401, "unauthenticated")
    person.token = await world.token(person.name)
    assert (await person.get("/v1/auth/me"))["id"] != before
    assert (await person.balance())["balance"] == DAILY


async def test_u3_a_suspended_account_is_refused_at_once_everywhere(
    world: World, pair: list[Product]
) -> None:
    person = await anybody(world, admin=True)
    for server in pair:
        assert (await person.call("GET", MONEY[0], at=server)).is_success
    admin = await world.admin()
    answer = await admin.call("POST", f"/v1/admin/users/{person.name}/suspend", at=pair[0])
    assert answer.is_success, answer.text
    for server in pair:
        for path in (*MONEY, *ADMIN):
            assert_refused(await person.call("GET", path, at=server), 403, "account_suspended")
        assert_refused(await person.say(at=server), 403, "account_suspended")
    person.token = await world.token(person.name)
    assert_refused(await person.call("GET", MONEY[0]), 403, "account_suspended")
    answer = await admin.call("POST", f"/v1/admin/users/{person.name}/unsuspend", at=pair[1])
    assert answer.is_success, answer.text
    for server in pair:
        assert (await person.say(at=server)).is_success


# ------------------------------------------------------------------------------------------- U6


async def test_u6_without_the_claim_an_administrator_is_none(
    world: World, pair: list[Product]
) -> None:
    person = await anybody(world, admin=True)
    for server in pair:
        for path in ADMIN:
            assert (await person.call("GET", path, at=server)).is_success
    newer = await world.token(person.name)
    for token in (person.token, newer):
        person.token = token
        for server in pair:
            for path in ADMIN:
                assert_refused(await person.call("GET", path, at=server), 403, "forbidden")


@pytest.mark.parametrize("claim", ["true", 1, "yes", [True], {"is": True}, None])
async def test_u6_only_true_makes_an_administrator(world: World, claim: object) -> None:
    person = await anybody(world, admin=claim)
    assert_refused(await person.call("GET", ADMIN[0]), 403, "forbidden")


# ---------------------------------------------------------------------------------- first sight


async def test_twenty_first_requests_at_once_make_one_account(
    world: World, pair: list[Product]
) -> None:
    name = f"first-{uuid.uuid4().hex[:12]}"
    token = await world.token(name)
    person = Person(world, name, token)
    world.people.append(person)

    async def sign_in(server: Product) -> tuple[str, bool]:
        answer = await world.http.post(f"{server.url}/v1/auth/login", json={"id_token": token})
        assert answer.is_success, answer.text
        return answer.json()["user"]["id"], answer.json()["created"]

    async def look(server: Product) -> tuple[str, bool]:
        return (await person.get("/v1/auth/me", at=server))["id"], False

    ways = (sign_in, look)
    seen = await asyncio.gather(*(ways[n % 2](pair[n // 2 % 2]) for n in range(20)))
    assert len({user_id for user_id, _ in seen}) == 1
    assert sum(created for _, created in seen) <= 1
    balances = await asyncio.gather(*(person.balance(at=pair[n % 2]) for n in range(6)))
    assert {one["balance"] for one in balances} == {DAILY}
    assert [row["amount"] for row in await person.transactions()] == [DAILY]
