"""Streams that survive clients, processes and Redis: S1 to S4, and what kills them."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest
from attrs import frozen

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Event, Person, World, events_of, eventually, text_of


@frozen
class Servers:
    """Alike, but ``lean`` has two connections to the database only."""

    one: Product
    lean: Product


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack) -> Servers:
    plenty = {"MAX_STREAMS_PER_USER": "100000", "TURN_IDLE_SECONDS": "300"}
    return Servers(*stack.serve_all(plenty, {**plenty, "DATABASE_POOL_SIZE": "2"}))


def words(count: int) -> str:
    return " ".join(f"w{n}" for n in range(count))


async def ended(person: Person, turn_id: str, *, at: Product | None = None) -> str:
    """The turn's status once it runs no longer."""

    async def status() -> str | None:
        turn = await person.get(f"/v1/chat/turns/{turn_id}", at=at)
        return None if turn["status"] == "running" else turn["status"]

    return str(await eventually(status))


async def read_until_words(response: httpx.Response, count: int) -> list[Event]:
    """The first events, up to the one with this many words."""
    seen: list[Event] = []
    async for event in events_of(response):
        seen.append(event)
        if len(text_of(seen).split()) >= count:
            return seen
    raise AssertionError(seen)


async def test_s1_a_client_who_leaves_loses_nothing(servers: Servers, world: World) -> None:
    person = await world.person()
    async with person.streaming("@@tokens count=30 delay=0.03") as response:
        seen = await read_until_words(response, 3)
    turn_id = seen[0].companion["turn_id"]
    assert await ended(person, turn_id) == "completed"
    (reply,) = await person.replies()
    assert (reply["content"], reply["status"]) == (words(30), "complete")
    assert len(await person.charges()) == 1
    for server in (servers.one, servers.lean):
        rest = await person.resume(turn_id, seen[-1].id, at=server)
        assert text_of(seen) + text_of(rest) == words(30)
        assert rest[-1].is_done


async def test_s1_a_client_who_leaves_before_the_first_word(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person()
    model.reset()
    with suppress(httpx.ReadTimeout):
        await person.call(
            "POST",
            "/v1/chat/completions",
            json=person.words("@@stall", {"stream": True}),
            timeout=httpx.Timeout(30, read=0.3),
        )

    async def is_called() -> bool:
        return bool(model.seen()["count"])

    await eventually(is_called)
    model.release()
    assert (await person.settled())["balance"] == 99

    async def reply() -> object:
        return await person.replies()

    await eventually(reply)


async def test_s2_a_stream_is_resumed_behind_every_event_while_it_runs(
    servers: Servers, world: World
) -> None:
    person = await world.person()
    seen: list[Event] = []
    rests: list[asyncio.Task[list[Event]]] = []
    async with person.streaming("@@tokens count=25 delay=0.04") as response:
        async for event in events_of(response):
            seen.append(event)
            turn_id = seen[0].companion["turn_id"]
            server = (servers.lean, servers.lean, servers.one)[len(seen) % 3]
            rests.append(asyncio.create_task(person.resume(turn_id, event.id, at=server)))
    assert text_of(seen) == words(25)
    assert len({event.id for event in seen}) == len(seen)
    for count, rest in enumerate(await asyncio.gather(*rests), start=1):
        assert text_of(seen[:count]) + text_of(rest) == words(25)
        assert rest == seen[count:]


async def test_s2_a_stream_is_resumed_behind_every_event_when_it_has_ended(
    servers: Servers, world: World, stack: Stack
) -> None:
    """From the process that ran it, from another, and from the database alone."""
    person = await world.person()
    seen = await person.stream(
        "@@tokens count=9 delay=0.02", stream_options={"include_usage": True}
    )
    turn_id = seen[0].companion["turn_id"]
    for server in (servers.one, servers.lean, None):
        if server is None:
            stack.flush_redis()
        for count, event in enumerate(seen, start=1):
            rest = await person.resume(turn_id, event.id, at=server or servers.lean)
            assert text_of(seen[:count]) + text_of(rest) == words(9)
            if event.is_done:
                assert rest == []
                continue
            assert rest[-1].is_done
            ids = [one.id for one in (*seen[:count], *rest)]
            assert len(set(ids)) == len(ids)
        whole = await person.resume(turn_id, at=server or servers.lean)
        assert text_of(whole) == words(9)
        assert whole[0].companion["turn_id"] == turn_id


async def test_s2_a_stream_survives_that_redis_forgets(
    servers: Servers, world: World, stack: Stack
) -> None:
    person = await world.person()
    async with person.streaming("@@tokens count=30 delay=0.05") as response:
        seen = await read_until_words(response, 4)
        turn_id = seen[0].companion["turn_id"]
        elsewhere = asyncio.create_task(person.resume(turn_id, at=servers.lean))
        follower = asyncio.create_task(person.resume(turn_id, seen[-1].id, at=servers.one))
        await asyncio.sleep(0.2)
        stack.flush_redis()
        late = asyncio.create_task(person.resume(turn_id, seen[-1].id, at=servers.lean))
        seen_here = text_of(seen) + text_of([event async for event in events_of(response)])
    assert seen_here == words(30)
    whole = await elsewhere
    assert text_of(whole) == words(30)
    for rest in (await follower, await late):
        assert text_of(seen) + text_of(rest) == words(30)
        assert rest[-1].is_done
    assert whole[-1].is_done
    assert len({event.id for event in whole}) == len(whole)


async def test_a_stream_is_stopped_from_another_process(servers: Servers, world: World) -> None:
    person = await world.person()
    async with person.streaming("@@tokens count=390 delay=0.05", at=servers.one) as response:
        seen = await read_until_words(response, 3)
        turn_id = seen[0].companion["turn_id"]
        answer = await person.call("POST", f"/v1/chat/turns/{turn_id}/stop", at=servers.lean)
        assert answer.is_success, answer.text
        seen += [event async for event in events_of(response)]
    assert seen[-1].is_done
    assert len(text_of(seen).split()) < 390
    assert await ended(person, turn_id) == "stopped"
    (reply,) = await person.replies()
    assert (reply["content"], reply["status"]) == (text_of(seen), "stopped")


async def test_a_killed_process_charges_nothing(
    servers: Servers, world: World, stack: Stack
) -> None:
    doomed = stack.serve(HOLD_SECONDS="3")
    person = await world.person()
    with suppress(httpx.TransportError):
        async with person.streaming("@@tokens count=390 delay=0.05", at=doomed) as response:
            seen = await read_until_words(response, 3)
            assert (await person.balance())["held"] > 0
            await asyncio.to_thread(doomed.kill)
            async for event in events_of(response):
                assert not event.is_done
    stack.servers.remove(doomed)

    async def is_released() -> bool:
        await world.run_job("sweep-holds")
        return bool((await person.balance())["held"] == 0)

    await eventually(is_released)
    balance = await person.balance()
    assert balance["balance"] == balance["available"] == 100
    assert await person.charges() == []
    turn_id = seen[0].companion["turn_id"]
    assert await ended(person, turn_id) == "failed"
    rest = await person.resume(turn_id, seen[-1].id)
    assert "error" in rest[-1].data
    assert (await person.say("Once more.")).status_code == 200


async def test_a_process_that_is_told_to_end_ends_its_streams_first(
    servers: Servers, world: World, stack: Stack, model: Model
) -> None:
    leaving = stack.serve(SHUTDOWN_SECONDS="6", MAX_STREAMS_PER_USER="100")
    people = [await world.person() for _ in range(3)]
    stalled = await world.person()
    turns = [
        asyncio.create_task(person.stream("@@tokens count=30 delay=0.05", at=leaving))
        for person in people
    ]
    hopeless = asyncio.create_task(stalled.stream("@@stall after=2", at=leaving))
    async with people[0].streaming("@@tokens count=30 delay=0.05", at=leaving) as response:
        await read_until_words(response, 4)
        leaving.signal()
        rest = [event async for event in events_of(response)]
    assert rest[-1].is_done
    for events in await asyncio.gather(*turns):
        assert text_of(events) == words(30)
        assert events[-1].is_done
    events = await hopeless
    assert events[-1].data["error"]["code"] == "unavailable"
    assert await asyncio.to_thread(leaving.wait) == 0
    stack.servers.remove(leaving)
    model.release()
    assert "Traceback" not in leaving.log()
    for person in (*people, stalled):
        assert (await person.balance())["held"] == 0
        assert len(await person.charges()) == {people[0]: 2, stalled: 0}.get(person, 1)


async def test_no_connection_is_held_while_the_model_is_silent(
    servers: Servers, world: World, model: Model, stack: Stack
) -> None:
    """Two connections are enough for 200 turns in flight and for everybody else."""
    people = [await world.person(available=1_000) for _ in range(4)]
    model.reset()
    turns = [
        asyncio.create_task(people[n % 4].say("@@stall", at=servers.lean, timeout=90))
        for n in range(200)
    ]

    async def all_are_called() -> bool:
        return bool(model.seen()["active"] == 200)

    await eventually(all_are_called, seconds=60)
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%'"
        ).fetchone()
    assert row == (0,)
    other = await world.person()
    for path in ("/v1/chat/sessions", "/v1/wallet/balance", "/v1/config/characters"):
        await other.get(path, at=servers.lean)
    assert (await other.say("Is anybody there?", at=servers.lean)).status_code == 200
    model.release()
    assert {answer.status_code for answer in await asyncio.gather(*turns)} == {200}


# A proxy cuts its chunks wherever its buffer ends, also in the middle of a word.
_BETWEEN_CHUNKS = re.compile(r"\r\n[0-9a-f]+\r\n")


async def slow_stream(client: socket.socket, person: Person, server: Product) -> str:
    """Begin a stream with little room for what comes, and read its first bytes only."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)  # noqa: FBT003 - the standard library's signature
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", server.port))
    body = httpx.Request(
        "POST",
        "http://x/",
        json=person.words("@@tokens count=399", {"stream": True}),
    ).content
    await loop.sock_sendall(
        client,
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nAuthorization: Bearer %b\r\nContent-Length: %d\r\n\r\n%b"
        % (person.token.encode(), len(body), body),
    )
    head = ""
    while "turn_id" not in head:
        piece = await loop.sock_recv(client, 512)
        assert piece, head
        head += piece.decode()
    return head


async def rest_of(client: socket.socket) -> str:
    loop = asyncio.get_running_loop()
    text = ""
    while piece := await loop.sock_recv(client, 65536):
        text += piece.decode()
    return text


@pytest.fixture
def sockets() -> Iterator[list[socket.socket]]:
    """Whatever is put into it is closed at the end."""
    opened: list[socket.socket] = []
    yield opened
    for one in opened:
        one.close()


async def seconds_of(person: Person, server: Product) -> float:
    """How long an ordinary request takes."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    await person.get("/v1/chat/sessions", at=server, timeout=90)
    return loop.time() - start


def resident_megabytes(server: Product) -> float:
    """Of all its processes."""
    total = 0
    for process in server.processes:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        line = next(one for one in status.splitlines() if one.startswith("VmRSS:"))
        total += int(line.split()[1])
    return total / 1024


@pytest.mark.parametrize(
    ("streams", "slow"),
    [(200, 20), pytest.param(1_000, 100, marks=[pytest.mark.crash, pytest.mark.timeout(600)])],
)
async def test_s4_many_streams_and_slow_readers(
    servers: Servers,
    world: World,
    model: Model,
    sockets: list[socket.socket],
    streams: int,
    slow: int,
) -> None:
    crowd = [await world.person(available=15_000) for _ in range(20)]
    other = await world.person()
    for _ in servers.one.processes:
        await other.stream(at=servers.one)  # loads what the first turn loads
    before = resident_megabytes(servers.one)
    sockets += [socket.socket() for _ in range(slow)]
    heads = await asyncio.gather(
        *(slow_stream(one, crowd[n % 20], servers.one) for n, one in enumerate(sockets))
    )
    begun = asyncio.Semaphore(0)

    async def follow(person: Person) -> list[Event]:
        async with person.streaming("@@stall after=3", at=servers.one, timeout=300) as response:
            seen = await read_until_words(response, 3)
            begun.release()
            return seen + [event async for event in events_of(response)]

    turns = [asyncio.create_task(follow(crowd[n % 20])) for n in range(streams)]
    async with asyncio.timeout(240):
        for _ in turns:
            await begun.acquire()
    most = resident_megabytes(servers.one)
    took = [await seconds_of(other, servers.one) for _ in range(40)]
    model.release()
    while not all(turn.done() for turn in turns):
        took.append(await seconds_of(other, servers.one))
        most = max(most, resident_megabytes(servers.one))
        await asyncio.sleep(0.05)
    for events in await asyncio.gather(*turns):
        assert text_of(events) == "Hello there, it is good to see you."
        assert events[-1].is_done
    # The machine may be busy with something else: this only finds a server that is stuck.
    assert sorted(took)[int(len(took) * 0.9)] < 5
    assert most - before < 50 * len(servers.one.processes) + streams * 0.2
    for head, rest in zip(heads, await asyncio.gather(*map(rest_of, sockets)), strict=True):
        text = _BETWEEN_CHUNKS.sub("", head + rest)
        assert text.count('"content":" w') == 398
        assert "data: [DONE]" in text


@pytest.mark.crash
@pytest.mark.timeout(300)
async def test_s3_a_stream_of_seventy_seconds_completes(servers: Servers, world: World) -> None:
    """Longer than any minute at which a server, a proxy or a framework would cut it."""
    person = await world.person()
    events = await person.stream("@@tokens count=350 delay=0.2", at=servers.one)
    assert text_of(events) == words(350)
    assert events[-1].is_done
    silent = await person.stream("@@tokens count=4 delay=20", at=servers.lean)
    assert text_of(silent) == words(4)
    assert silent[-1].is_done
