"""A server is killed after its work and before the answer is kept: asked again, it is done once."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import psycopg
import pytest
from attrs import frozen

from tests.acceptance.product import Product, Stack
from tests.acceptance.world import CHARACTER, World, eventually

pytestmark = pytest.mark.crash

# Longer than any statement may take: the server never gets to keep an answer.
_SLOW = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE UPDATE ON idempotency_keys
    FOR EACH ROW WHEN (NEW.status IS NOT NULL) EXECUTE FUNCTION wait()"""
_QUICK = "DROP TRIGGER slow ON idempotency_keys; DROP FUNCTION wait"


@frozen
class Servers:
    doomed: Product
    steady: Product


@pytest.fixture
def servers(stack: Stack) -> Iterator[Servers]:
    doomed, steady = stack.serve_all({}, {})
    yield Servers(doomed, steady)
    doomed.kill()
    stack.servers.remove(doomed)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/sessions", {"character_id": CHARACTER, "title": "One"}),
        ("/v1/chat/memories", {"character_id": CHARACTER, "text": "I live in Paris."}),
    ],
    ids=["session", "memory"],
)
async def test_it_is_there_once_and_the_key_is_free_soon(
    servers: Servers, world: World, stack: Stack, path: str, body: Any
) -> None:
    ada = await world.person()
    headers = {"Idempotency-Key": "cut-short"}

    async def ask(at: Product) -> httpx.Response:
        return await ada.call("POST", path, at=at, headers=headers, json=body)

    async def there() -> list[str]:
        answer = await ada.call("GET", path, at=servers.steady)
        return [one["id"] for one in answer.json()["data"]]

    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        connection.execute(_SLOW)
        asked = asyncio.create_task(ask(servers.doomed))
        [first] = await eventually(there, pause=0.05)
        servers.doomed.kill()
        with suppress(httpx.TransportError):
            await asked
        connection.execute(_QUICK)
    again = await ask(servers.steady)
    assert again.status_code == 201, again.text
    assert again.json()["id"] == first
    assert await there() == [first]
    assert (await ask(servers.steady)).content == again.content
