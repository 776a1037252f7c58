"""What every turn stream promises."""

from collections.abc import AsyncIterator

import pytest

from adapters.in_memory.turn_stream import InMemoryTurnStream
from adapters.redis.connection import RedisConnection
from adapters.redis.turn_stream import RedisTurnStream
from application.ports.turn_stream import StreamEvent, TurnStream

USER, TURN = "usr_1", "turn_1"


def deltas(first: int, last: int) -> list[StreamEvent]:
    return [StreamEvent(seq, seq * 2, "delta", "é😀") for seq in range(first, last + 1)]


@pytest.fixture(params=["memory", "redis"])
async def stream(request: pytest.FixtureRequest) -> AsyncIterator[TurnStream]:
    if request.param == "memory":
        yield InMemoryTurnStream()
        return
    connection = RedisConnection(request.getfixturevalue("redis_url"))
    yield RedisTurnStream(connection)
    await connection.close()


async def test_events_are_read_as_they_were_written(stream: TurnStream) -> None:
    events = [
        StreamEvent(1, 0, "start", data=b'{"turn_id": "turn_1"}'),
        StreamEvent(2, 3, "delta", "a\x00\n"),
        StreamEvent(3, 3, "finish", data=b"{}"),
        StreamEvent(4, 3, "done"),
    ]
    await stream.append(USER, TURN, events[:1])
    await stream.append(USER, TURN, events[1:])
    assert await stream.read(USER, TURN, 0) == (events, True)


@pytest.mark.parametrize("after", range(8))
async def test_reading_goes_on_after_any_event(stream: TurnStream, after: int) -> None:
    for first, last in ((1, 1), (2, 5), (6, 7)):
        await stream.append(USER, TURN, deltas(first, last))
    assert await stream.read(USER, TURN, after) == (deltas(after + 1, 7), True)


async def test_many_batches_stay_in_order(stream: TurnStream) -> None:
    for n in range(120):
        await stream.append(USER, TURN, deltas(10 * n + 1, 10 * n + 10))
    events, _ = await stream.read(USER, TURN, 0)
    assert events == deltas(1, 1200)


async def test_a_batch_that_is_written_twice_is_read_once(stream: TurnStream) -> None:
    for _ in range(2):
        await stream.append(USER, TURN, deltas(1, 3))
    await stream.append(USER, TURN, deltas(2, 5))
    assert await stream.read(USER, TURN, 0) == (deltas(1, 5), True)
    assert await stream.read(USER, TURN, 2) == (deltas(3, 5), True)


async def test_a_batch_that_is_written_twice_hears_of_the_stop_as_well(
    stream: TurnStream,
) -> None:
    await stream.append(USER, TURN, deltas(1, 3))
    await stream.request_stop(USER, TURN)
    assert await stream.append(USER, TURN, deltas(1, 3)) is True


async def test_nothing_is_read_beyond_a_gap(stream: TurnStream) -> None:
    await stream.append(USER, TURN, deltas(1, 3))
    await stream.append(USER, TURN, deltas(6, 8))
    assert await stream.read(USER, TURN, 0) == (deltas(1, 3), True)
    assert await stream.read(USER, TURN, 3) == ([], True)
    assert await stream.read(USER, TURN, 5) == (deltas(6, 8), True)


async def test_an_unknown_turn_has_no_events_and_no_owner(stream: TurnStream) -> None:
    assert await stream.read(USER, TURN, 0) == ([], False)


async def test_an_owner_that_has_nothing_to_say_is_alive(stream: TurnStream) -> None:
    assert await stream.append(USER, TURN, []) is False
    assert await stream.read(USER, TURN, 0) == ([], True)


async def test_a_wish_to_stop_reaches_the_owner(stream: TurnStream) -> None:
    assert await stream.append(USER, TURN, deltas(1, 2)) is False
    await stream.request_stop(USER, TURN)
    assert await stream.append(USER, TURN, []) is True
    assert await stream.append(USER, TURN, deltas(3, 4)) is True
    assert await stream.append(USER, "turn_2", []) is False


async def test_a_wish_to_stop_that_comes_first_is_kept(stream: TurnStream) -> None:
    await stream.request_stop(USER, TURN)
    assert await stream.read(USER, TURN, 0) == ([], False)
    assert await stream.append(USER, TURN, deltas(1, 1)) is True


async def test_turns_and_users_are_apart(stream: TurnStream) -> None:
    await stream.append(USER, TURN, deltas(1, 2))
    await stream.request_stop("usr_2", TURN)
    assert await stream.read("usr_2", TURN, 0) == ([], False)
    assert await stream.read(USER, "turn_2", 0) == ([], False)
    assert await stream.append(USER, TURN, []) is False


async def test_forgotten_turns_are_gone(stream: TurnStream) -> None:
    for turn_id in ("turn_1", "turn_2", "turn_3"):
        await stream.append(USER, turn_id, deltas(1, 2))
    await stream.forget(USER, ["turn_1", "turn_2", "turn_unknown"])
    assert await stream.read(USER, "turn_1", 0) == ([], False)
    assert await stream.read(USER, "turn_2", 0) == ([], False)
    assert await stream.read(USER, "turn_3", 0) == (deltas(1, 2), True)


async def test_an_owner_that_still_writes_brings_no_forgotten_text_back(
    stream: TurnStream,
) -> None:
    await stream.append(USER, TURN, deltas(1, 2))
    await stream.request_stop(USER, TURN)
    await stream.forget(USER, [TURN])
    assert await stream.append(USER, TURN, deltas(3, 4)) is True
    for after in range(5):
        assert await stream.read(USER, TURN, after) == ([], True)


class PlayedTime:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_the_fake_keeps_events_for_15_minutes_and_believes_an_owner_for_10_seconds() -> None:
    time = PlayedTime()
    stream = InMemoryTurnStream(time)
    await stream.append(USER, TURN, deltas(1, 2))
    await stream.request_stop(USER, TURN)
    time.now += 9
    assert await stream.read(USER, TURN, 0) == (deltas(1, 2), True)
    time.now += 2
    assert await stream.read(USER, TURN, 0) == (deltas(1, 2), False)
    time.now += 15 * 60 - 12
    assert await stream.append(USER, TURN, []) is True
    assert await stream.read(USER, TURN, 0) == (deltas(1, 2), True)
    time.now += 2
    assert await stream.read(USER, TURN, 0) == ([], True)
    assert await stream.append(USER, TURN, []) is False


async def test_the_fake_does_not_collect_turns_that_are_over() -> None:
    time = PlayedTime()
    stream = InMemoryTurnStream(time)
    for n in range(50):
        time.now += 60
        await stream.append(USER, f"turn_{n}", deltas(1, 2))
    assert len(stream) <= 16
