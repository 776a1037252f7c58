"""The bench's model, its load, and the reader who notes when words come."""

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random

import msgspec
import pytest

from bench.latency import added, name_of, say
from bench.load import Client, chat_body, connect, run
from bench.model import REPLY, WORDS, Connection, Sent
from bench.sides import Cpu, Side
from bench.words import LEAST, Heard, Listener, arrivals, saturate


@pytest.fixture
async def noted() -> AsyncIterator[tuple[int, dict[str, Sent]]]:
    """The model's port, and what it notes."""
    sent: dict[str, Sent] = {}
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(sent), "127.0.0.1", 0
    )
    async with server:
        yield server.sockets[0].getsockname()[1], sent


def _request(port: int, text: str, *, stream: bool) -> bytes:
    return Client("127.0.0.1", port, "t", chat_body("m", text, stream=stream)).request()


async def test_the_model_answers_at_once_with_its_whole_reply(
    noted: tuple[int, dict[str, Sent]],
) -> None:
    port, _ = noted
    connection = await connect("127.0.0.1", port)
    body: list[bytes] = []
    for _ in range(2):
        await connection.ask(_request(port, "hello", stream=False), body.append)
    connection.close()
    for answer in body:
        told = json.loads(answer)
        assert told["choices"][0]["message"]["content"] == REPLY
        assert told["usage"]["completion_tokens"] == len(WORDS)


async def test_a_stream_that_is_asked_for_at_a_pace_comes_word_by_word_and_is_noted(
    noted: tuple[int, dict[str, Sent]],
) -> None:
    port, sent = noted
    connection = await connect("127.0.0.1", port)
    listener = Listener()
    await connection.ask(_request(port, "Hello. [a1 every 1 ms]", stream=True), listener)
    log = sent["a1"]
    assert len(listener.words) == len(log.words) == len(WORDS)
    assert log.received < log.words[0]
    assert all(went <= came for went, came in zip(log.words, listener.words, strict=True))

    told: list[bytes] = []
    await connection.ask(b"GET /sent HTTP/1.1\r\n\r\n", told.append)
    assert msgspec.json.decode(told[0]) == {"a1": [log.received, *log.words]}
    await connection.ask(b"GET /sent HTTP/1.1\r\n\r\n", told.append)
    assert told[1] == b"{}"
    connection.close()


@pytest.mark.parametrize("size", [1, 7, 100, 100_000])
async def test_words_are_heard_wherever_the_stream_is_cut(
    noted: tuple[int, dict[str, Sent]], size: int
) -> None:
    port, _ = noted
    connection = await connect("127.0.0.1", port)
    blocks: list[bytes] = []
    await connection.ask(_request(port, "hello", stream=True), blocks.append)
    connection.close()
    body = b"".join(blocks)
    listener = Listener()
    for start in range(0, len(body), size):
        listener(body[start : start + size])
    assert len(listener.words) == len(WORDS)


def test_a_word_counts_as_heard_once_all_of_it_has_come() -> None:
    listener = Listener()
    head = len(WORDS[0]) - 1
    listener(b'data: {"content":"%s"}\n\n' % REPLY[:head].encode())
    assert listener.words == []
    listener(b'data: {"content":"%s"}\n\n' % REPLY[head : len("".join(WORDS[:3]))].encode())
    assert len(listener.words) == 3


async def test_a_run_counts_answers_and_breaks_off_at_the_first_refusal(
    noted: tuple[int, dict[str, Sent]],
) -> None:
    port, _ = noted
    clients = [Client("127.0.0.1", port, "t", chat_body("m", "hello", stream=True))] * 2
    done = await run(clients, 0.05)
    assert done.count >= 2
    assert done.seconds >= 0.05

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 402 X\r\nContent-Length: 4\r\n\r\npoor")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(RuntimeError, match=r"402.*poor"):
            await run([Client("127.0.0.1", port, "t", b"")], 0.05)


async def test_an_answer_without_a_word_is_no_answer() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"choices":[{"message":{"content":""}}]}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(RuntimeError, match="without a word"):
            await run([Client("127.0.0.1", port, "t", b"")], 0.05)


async def test_requests_arrive_without_waiting_for_each_other_and_all_are_heard(
    noted: tuple[int, dict[str, Sent]],
) -> None:
    port, sent = noted
    side = Side("model", 0, port, "m")
    heard = await arrivals(side, say, a_second=200, seconds=0.1, chance=Random(1))
    assert [one.number for one in heard] == list(range(len(heard)))
    assert len(heard) > LEAST
    notes = {name: [one.received, *one.words] for name, one in sent.items()}
    took = added(heard, notes, Cpu(1.0))
    assert len(took.first) == len(heard)
    assert len(took.each) == len(heard) * (len(WORDS) - 1)
    assert min(took.each) >= 0


async def test_where_hardly_any_arrive_it_takes_longer(noted: tuple[int, dict[str, Sent]]) -> None:
    port, _ = noted
    side = Side("model", 0, port, "m")
    heard = await arrivals(side, say, a_second=50, seconds=0.0, chance=Random(1))
    assert len(heard) == LEAST


async def test_what_is_saturated_sends_words_all_the_time(
    noted: tuple[int, dict[str, Sent]],
) -> None:
    port, _ = noted
    side = Side("model", 0, port, "m")
    rate = await saturate(side, lambda _: "hello", streams=2, warm_up=0.05, seconds=0.1)
    assert rate > 0


def test_what_is_added_is_what_the_reader_waited_beyond_the_model() -> None:
    ms = 1_000_000
    noted = [100 * ms, *(n * ms for n in (150, 160, 170))]
    heard = Heard(7, 98 * ms, [n * ms for n in (151, 163, 171)])
    took = added([heard], {name_of(7): noted}, Cpu(server=0.004, behind=0.1))
    assert took.first == [3.0]
    assert took.each == [3.0, 1.0]
    assert took.cpu_each == pytest.approx(4.0)
