"""Tokens that nobody issued, and claims that no issuer should put into one."""

import random
from base64 import urlsafe_b64encode

import httpx
import pytest

from tests.acceptance.operations import Operation, operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import World
from tests.fuzz.asking import asker
from tests.fuzz.mutation import flipped, mutated
from tests.fuzz.pace import SEED, paced

ROUNDS = paced(500, 80)
PARTS = 3


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


def named(server: Product, name: str) -> Operation:
    return next(one for one in operations(server.url) if one.name == name)


def forged(token: str, chance: random.Random) -> bytes:
    """The token with something else in it, in bytes that a header may have."""
    parts = token.encode().split(b".")
    at = chance.randrange(PARTS)
    match chance.randrange(5):
        case 0:
            parts[at] = flipped(parts[at], chance)
        case 1:
            parts[at] = urlsafe_b64encode(bytes(chance.randrange(256) for _ in range(60)))
        case 2:
            parts[at] = b""
        case 3:
            parts[0] = urlsafe_b64encode(b'{"alg":"none","kid":"../../dev/null","jku":"http://a"}')
        case _:
            parts = parts[:at] + parts[at + 1 :]
    joined = b".".join(parts)
    return bytes(one for one in joined if one > 0x20)


@pytest.mark.timeout(300)
async def test_no_forged_token_lets_anybody_in(world: World, server: Product) -> None:
    chance, admin = random.Random(SEED), await world.admin()
    profile, jobs = named(server, "get_profile"), named(server, "list_jobs")
    login = named(server, "login")
    async with asker(world, None, "anonymous") as who:
        for _ in range(ROUNDS):
            token = forged(admin.token, chance)
            if _same(token, admin.token):
                continue
            for operation in (profile, jobs):
                sent = {b"Authorization": b"Bearer " + token}
                answer = await who.ask(operation, operation.path, headers=sent)
                assert answer.status_code == httpx.codes.UNAUTHORIZED, token
            body = {"id_token": token.decode("latin-1")}
            answer = await who.ask(login, login.path, json=body)
            assert answer.status_code in {401, 422}, token
            page = await who.http.get(
                f"{server.url}/admin", headers={b"Cookie": b"companion_console=" + token}
            )
            assert (
                page.status_code in {303, 400, 401, 403}
                or b"password" in page.content.lower()
                or b"token" in page.content.lower()
            ), page.text[:300]
        await who.check_next()


@pytest.mark.timeout(300)
async def test_no_wish_for_a_token_is_a_fault(world: World, server: Product) -> None:
    """The issuer of development gives anybody a token, but no broken one."""
    chance = random.Random(SEED)
    issue, profile = named(server, "issue_token"), named(server, "get_profile")
    wish = {"user_id": "wisher", "claims": {"age_band": "adult", "nested": {"a": [1, "b"]}}}
    async with asker(world, None, "anonymous") as who:
        for _ in range(ROUNDS):
            changed = mutated(wish, chance)
            try:
                answer = await who.ask(issue, issue.path, about=repr(changed)[:200], json=changed)
            except UnicodeEncodeError:
                continue  # a lone surrogate, which ``test_hostile_bodies`` sends
            if answer.is_success:
                token = answer.json()["id_token"]
                sent = {"Authorization": f"Bearer {token}"}
                shown = await who.ask(profile, profile.path, headers=sent)
                assert shown.is_success or shown.status_code == httpx.codes.UNAUTHORIZED


def _same(token: bytes, genuine: str) -> bool:
    """Base64 has spare bits at its end: a change of those changes nothing."""
    head, _, _ = genuine.rpartition(".")
    return token.decode("latin-1").rpartition(".")[0] == head and len(token) == len(genuine)
