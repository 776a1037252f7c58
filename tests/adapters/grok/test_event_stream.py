from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.grok.event_stream import EventSplitter

STREAM = (
    ": welcome\n\n"
    'data: {"a": "ü🙂"}\n\n'
    "event: message\r\n"
    "id: 7\r\n"
    'data:{"b": 2}\r\n'
    "\r\n"
    'data: {"c":\n'
    "data: 3}\n\n"
    "\n\n"
    "retry: 100\n\n"
    "data: [DONE]\n\n"
).encode()
EVENTS = [' {"a": "ü🙂"}'.encode(), b'{"b": 2}\r', b' {"c":\n 3}', b" [DONE]"]


def events_in(blocks: list[bytes]) -> list[bytes]:
    splitter = EventSplitter()
    events = [event for block in blocks for event in splitter.feed(block)]
    return events + splitter.finish()


def test_events_are_their_data() -> None:
    assert events_in([STREAM]) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_where_the_network_cuts_makes_no_difference(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]

    blocks = [STREAM[start:end] for start, end in pairwise(edges)]

    assert events_in(blocks) == EVENTS


def test_one_byte_at_a_time() -> None:
    assert events_in([STREAM[i : i + 1] for i in range(len(STREAM))]) == EVENTS


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_the_last_event_may_lack_its_empty_line(end: bytes) -> None:
    assert [event.strip() for event in events_in([b"data: 1" + end])] == [b"1"]


def test_an_event_is_given_as_soon_as_it_is_complete() -> None:
    splitter = EventSplitter()

    assert splitter.feed(b"data: 1\n") == []
    assert splitter.feed(b"\ndata: 2") == [b" 1"]
    assert splitter.feed(b"\n\n") == [b" 2"]
