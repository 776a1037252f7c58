"""Every line says whose work it is about, and nothing of what people say."""

import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import structlog

from application.background import Background
from entrypoints.config import Settings
from entrypoints.logs import configure_logs, log_access
from entrypoints.observability.trail import Trail, set_trail, trace_id_of
from tests.http.api import Api, api_with

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORDS = "Zanzibar-lilac"
KEY = "a key for hashes of people"

Lines = Callable[[], list[dict[str, Any]]]


def configure(stream: io.StringIO, *, json: bool = True, secret_key: str = KEY) -> None:
    """Write to this stream in place of standard error."""
    configure_logs("INFO", json=json, secret_key=secret_key)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written, and afterwards logging as it was."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    """What was written since the last look, each line read."""
    configure(written)

    def read() -> list[dict[str, Any]]:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    return read


@pytest.fixture
async def api(lines: Lines) -> AsyncIterator[Api]:
    async with api_with(Settings()) as api:
        yield api


def access(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["logger"] == "companion.access"]


async def test_each_request_has_one_line(api: Api, lines: Lines) -> None:
    await api("GET", "/v1/chat/sessions/ses_secret?cursor=secret")
    [line] = access(lines)
    assert line["route"] == "/v1/chat/sessions/<session_id>"
    assert (line["method"], line["status"], line["level"]) == ("GET", 404, "warning")
    assert line["ms"] > 0
    assert line["event"] == "request"
    assert line["timestamp"].endswith("Z")
    assert "secret" not in json.dumps(line)


@pytest.mark.parametrize(
    ("path", "by", "level"),
    [
        ("/v1/auth/me", "ann", "info"),
        ("/v1/auth/me", None, "warning"),
        ("/v1/no", "ann", "warning"),
    ],
)
async def test_a_status_has_its_level(
    api: Api, lines: Lines, path: str, by: str | None, level: str
) -> None:
    await api("GET", path, by=by)
    assert [line["level"] for line in access(lines)] == [level]


async def test_a_fault_of_ours_is_an_error(
    api: Api, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(WORDS)

    monkeypatch.setattr(api.adapters.sessions, "list", broken)
    await api("GET", "/v1/chat/sessions", headers={"X-Request-ID": "mine"})
    written = lines()
    assert [line["level"] for line in written] == ["error", "error"]
    assert {line["request_id"] for line in written} == {"mine"}
    assert len({line["user"] for line in written}) == 1
    assert WORDS not in json.dumps(written)


async def test_machines_that_look_in_every_few_seconds_leave_no_line(
    api: Api, lines: Lines
) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        await api("GET", path, by=None)
    assert access(lines) == []


async def test_a_word_for_a_method_is_not_written(api: Api, lines: Lines) -> None:
    await api("SECRETWORD", "/v1/nowhere/secret", by=None)
    [line] = access(lines)
    assert (line["method"], line["route"]) == ("unmatched", "unmatched")
    assert "secret" not in json.dumps(line).lower()


async def test_a_person_is_a_hash_under_our_key(
    api: Api, lines: Lines, written: io.StringIO
) -> None:
    for name in ("ann", "ann", "bob"):
        await api("GET", "/v1/auth/me", by=name)
    ann, again, bob = (line["user"] for line in access(lines))
    assert ann == again != bob
    assert len(ann) == 16
    assert await api.user_id("ann") not in json.dumps(access(lines))
    configure(written, secret_key="another key")
    await api("GET", "/v1/auth/me")
    assert access(lines)[0]["user"] not in {ann, bob}


def test_a_person_whom_a_line_names_is_the_same_hash_there(lines: Lines) -> None:
    trail = Trail("req_1", TRACE, 0.0)
    trail.user_id = user_id = "usr_019ab3c4d5e6789"
    log_access(trail, "GET", "/v1/auth/me", 200, 0.01)
    logging.getLogger("books").error("broken: %s of %s:pur_1", "balance", user_id)
    asked, broken = lines()
    assert broken["event"] == f"broken: balance of {asked['user']}:pur_1"


async def test_a_request_belongs_to_its_callers_trace(api: Api, lines: Lines) -> None:
    await api("GET", "/v1/auth/me", headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    assert access(lines)[0]["trace_id"] == TRACE


async def test_a_turn_goes_on_under_its_requests_name(
    api: Api, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(WORDS)

    monkeypatch.setattr(api.adapters.memories, "search", broken)
    monkeypatch.setattr(api.adapters.model, "generate", broken)
    await api.say(WORDS, headers={"X-Request-ID": "mine"})
    written = lines()
    assert "generation failed unexpectedly" in {line["event"] for line in written}
    assert {line["request_id"] for line in written} == {"mine"}
    assert len({line["trace_id"] for line in written}) == 1
    assert WORDS not in json.dumps(written)


async def test_work_in_the_background_keeps_the_name_of_what_began_it(lines: Lines) -> None:
    async def fail() -> None:
        raise RuntimeError

    trail = Trail("req_1", TRACE, 0.0)
    trail.turn_id = "turn_1"
    set_trail(trail)
    background = Background()
    background.submit(fail)
    set_trail(None)
    await background.drain(5)
    [line] = lines()
    assert (line["request_id"], line["turn_id"], line["trace_id"]) == ("req_1", "turn_1", TRACE)


async def test_what_belongs_to_no_request_says_nothing_of_one(lines: Lines) -> None:
    logging.getLogger("somebody").warning("hello")
    [line] = lines()
    assert line.keys() == {"event", "level", "logger", "timestamp"}


@pytest.mark.parametrize(
    "traceparent",
    [None, "", "00", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{TRACE.upper()}-x-01", "00-x-y-01"],
)
def test_without_a_trace_a_request_begins_one(traceparent: str | None) -> None:
    assert trace_id_of(f"req_{TRACE}", traceparent) == TRACE
    made = trace_id_of("theirs", traceparent)
    assert len(made) == 32
    assert made != trace_id_of("theirs", traceparent)


def test_a_terminal_shows_the_line_of_a_request(written: io.StringIO) -> None:
    configure(written, json=False)
    log_access(Trail("req_1", TRACE, 0.0), "GET", "/v1/auth/me", 200, 0.0123)
    assert "GET /v1/auth/me 200 12.3 ms" in written.getvalue()
