"""Streams on a real socket: slow models, silence, and clients that leave."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from adapters.in_memory.chat_model import Script
from entrypoints.config import Settings
from entrypoints.http.services import HttpSettings
from tests.http.api import FREE_CHARACTER, Api, api_with, serving, until
from tests.http.events import events_of, resume, text_of


@asynccontextmanager
async def listening(
    api: Api, url: str, headers: Mapping[str, str] | None = None, **more: Any
) -> AsyncIterator[httpx.Response]:
    body = {
        "model": FREE_CHARACTER,
        "messages": [{"role": "user", "content": "Tell me about the sea."}],
        "stream": True,
        **more,
    }
    sent = {"Authorization": f"Bearer {await api.token('ann')}", **(headers or {})}
    async with (
        httpx.AsyncClient(base_url=url, timeout=20) as client,
        client.stream("POST", "/v1/chat/completions", json=body, headers=sent) as response,
    ):
        yield response


async def test_events_come_while_the_model_still_writes(api: Api, base_url: str) -> None:
    api.model.script(Script(text="one two three", stall_after=1))
    async with listening(api, base_url) as response:
        body = b""
        async for part in response.aiter_raw():
            body += part
            if b'"one"' in body:
                api.model.release()
        assert text_of(events_of(body)) == "one two three"


async def test_a_client_that_leaves_loses_nothing(api: Api, base_url: str) -> None:
    api.model.script(Script(text="one two three four", stall_after=2))
    async with listening(api, base_url) as response:
        seen = b""
        async for part in response.aiter_raw():
            seen += part
            if b'" two"' in seen:
                break
    runner = api.use_cases.runner()
    assert runner.in_flight == 1
    first = events_of(seen)
    turn_id = first[0].json["companion"]["turn_id"]
    resuming = asyncio.create_task(resume(api, turn_id, first[-1].id))
    await asyncio.sleep(0.05)
    api.model.release()
    assert text_of(first + await resuming) == "one two three four"
    turn = (await api("GET", f"/v1/chat/turns/{turn_id}")).json
    assert turn["message"]["content"] == "one two three four"
    ledger = (await api("GET", "/v1/wallet/transactions")).json["data"]
    assert [entry["kind"] for entry in ledger].count("charge") == 1


async def test_a_running_reply_can_be_stopped(api: Api, base_url: str) -> None:
    api.model.script(Script(text="one two three four", stall_after=2))
    path = ""
    running: dict[str, Any] = {}
    stopped: dict[str, Any] = {}
    async with listening(api, base_url) as response:
        body = b""
        async for part in response.aiter_raw():
            body += part
            if b'" two"' in body and not stopped:
                turn_id = events_of(body)[0].json["companion"]["turn_id"]
                path = f"/v1/chat/turns/{turn_id}"
                running = (await api("GET", path)).json
                stopped = (await api("POST", f"{path}/stop")).json
    assert (running["status"], running["message"]) == ("running", None)
    assert stopped["status"] == "stopped"
    assert stopped["message"]["content"] == "one two"
    assert stopped["message"]["status"] == "stopped"
    assert stopped["message"]["receipt"]["charged"] > 0
    assert events_of(body)[-1].data == "[DONE]"
    assert (await api("POST", f"{path}/stop")).json == stopped


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_before_the_first_word_loses_nothing(
    api: Api, base_url: str, *, stream: bool
) -> None:
    api.model.script(Script(text="one two", stall_after=0))
    with pytest.raises(httpx.ReadTimeout):
        async with httpx.AsyncClient(base_url=base_url, timeout=0.3) as client:
            await client.post(
                "/v1/chat/completions",
                headers={"Authorization": f"Bearer {await api.token('ann')}"},
                json={
                    "model": FREE_CHARACTER,
                    "messages": [{"role": "user", "content": "Hello."}],
                    "stream": stream,
                },
            )
    api.model.release()
    await until(lambda: api.use_cases.runner().in_flight == 0)
    session = (await api("GET", "/v1/chat/sessions")).json["data"][0]["id"]
    messages = (await api("GET", f"/v1/chat/sessions/{session}/messages")).json["data"]
    assert [one["content"] for one in messages] == ["one two", "Hello."]


async def test_a_client_that_leaves_while_its_turn_is_opened_leaves_no_hold(
    api: Api, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    opening = api.adapters.turns.open

    async def slow(*given: Any) -> bool:
        opened = await opening(*given)
        begun.set()
        await go_on.wait()
        return opened

    monkeypatch.setattr(api.adapters.turns, "open", slow)

    async def ask() -> None:
        async with listening(api, base_url):
            pass

    asking = asyncio.create_task(ask())
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    # The server notices when it reads from the socket.
    await asyncio.sleep(0.1)
    go_on.set()
    await until(lambda: len(api.model.requests) == 1)
    await until(lambda: api.use_cases.runner().in_flight == 0)
    balance = (await api("GET", "/v1/wallet/balance")).json
    assert balance["held"] == 0
    assert balance["balance"] < 100


async def test_a_silent_stream_says_that_it_is_there() -> None:
    async with api_with(Settings(), HttpSettings(ping_seconds=0.02)) as api:
        api.model.script(Script(text="one two three", stall_after=1))
        async with serving(api.app) as url, listening(api, url) as response:
            body = b""
            async for part in response.aiter_raw():
                body += part
                if body.count(b": ping\n\n") == 3:
                    api.model.release()
    assert body.count(b": ping\n\n") >= 3
    assert text_of(events_of(body)) == "one two three"
    numbers = [int(event.id.split("-")[0]) for event in events_of(body)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_stream_outlives_the_frameworks_own_limit(api: Api, base_url: str) -> None:
    api.app.config["RESPONSE_TIMEOUT"] = 0.05
    api.model.script(Script(text="one two", stall_after=1))
    async with listening(api, base_url) as response:
        releasing = asyncio.get_running_loop().call_later(0.2, api.model.release)
        body = await response.aread()
    releasing.cancel()
    assert events_of(body)[-1].data == "[DONE]"
