"""How the people of ``make load`` read streams, and when they complain."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.users.events import Event, EventReader
from bench.users.reply import Reply

STREAM = "id: 1-0\ndata: {}\n\n: ping\n\nid: 2-3\ndata: füß\n\ndata: a\ndata: b\n\n".encode()
EVENTS = [Event("1-0", "{}"), Event("2-3", "füß"), Event("", "a\nb")]


@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_events_are_the_same_wherever_the_network_cuts_them(cuts: set[int]) -> None:
    reader = EventReader()
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[one:other] for one, other in pairwise(edges)]
    assert [event for piece in pieces for event in reader.feed(piece)] == EVENTS


def test_half_an_event_waits_for_its_other_half() -> None:
    reader = EventReader()
    assert reader.feed(b"id: 1-0\ndata: {") == []
    assert reader.feed(b"}\n\n") == EVENTS[:1]


def said(number: int, words: str | None, **companion: str) -> Event:
    chunk: dict[str, Any] = {"choices": [{"delta": {"content": words} if words else {}}]}
    if companion:
        chunk["companion"] = companion
    return Event(f"{number}-0", json.dumps(chunk))


def read(*events: Event) -> Reply:
    reply = Reply()
    for at, event in enumerate(events):
        reply.take(event, float(at))
    return reply


END = Event("9-9", "[DONE]")
BEGIN = said(1, None, session_id="ses_1", turn_id="trn_1")


def test_a_reply_is_its_words_and_knows_where_it_is() -> None:
    reply = read(BEGIN, said(2, "Good "), said(3, "day."), END)
    assert (reply.text, reply.session_id, reply.turn_id) == ("Good day.", "ses_1", "trn_1")
    assert (reply.first_at, reply.last_id, reply.is_done) == (1.0, "9-9", True)
    assert reply.fault() is None
    assert reply.fault("Good day.") is None


def test_what_is_resumed_goes_on_in_the_same_reply() -> None:
    reply = read(BEGIN, said(2, "Good "))
    assert reply.last_id == "2-0"
    assert reply.fault() == "the stream ended without its end"
    for event in (said(3, "day."), END):
        reply.take(event, 9.0)
    assert reply.first_at == 1.0
    assert reply.fault("Good day.") is None


ERROR = Event("4-0", '{"error": {"code": "model_unavailable", "message": "No."}}')


@pytest.mark.parametrize(
    ("events", "kept", "fault"),
    [
        ((BEGIN, said(2, "Good "), END), "Good day.", "5 characters were streamed, 9 were stored"),
        ((BEGIN, said(2, "a"), said(2, "a"), END), "aa", "an event came twice"),
        ((BEGIN, said(2, "a")), "a", "the stream ended without its end"),
        ((BEGIN, said(2, "a"), ERROR), "a", "the stream ended with the error model_unavailable"),
    ],
)
def test_people_notice_gaps_repeats_and_what_ends_badly(
    events: tuple[Event, ...], kept: str, fault: str
) -> None:
    assert read(*events).fault(kept) == fault
