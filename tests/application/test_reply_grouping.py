"""A reply is what the model said, however its words came together on their way here."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import count, cycle, islice

from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.in_memory.clock import InMemoryClock
from application.chat.send_message import SendMessageCommand
from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage, TextDelta
from domain.accounts import Tier, User
from domain.safety.verdicts import Action
from entrypoints.config import Settings
from entrypoints.container import build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed
from tests.application.conftest import STREAM, events_of
from tests.depth import IS_DEEP
from tests.domain.safety.test_watch import HARMFUL, HARMLESS, pieces

NOTED = "I cut myself, said the ghost. I want to kill myself, it moaned. "
SENTENCES = [*HARMLESS, NOTED, *HARMFUL, "She is 14 years old. ", "Then she had sex with him. "]
REPLIES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("".join)
LENGTHS = st.lists(st.integers(1, 30), min_size=1, max_size=20)
GROUPS = st.lists(st.integers(1, 60), min_size=1, max_size=10)
ALONE = [1]


@frozen
class Outcome:
    """What is left of a turn."""

    told: tuple[str, ...]
    """The pieces as they were sent."""
    stored: str
    charged: int
    finish_reason: str | None
    flags: tuple[tuple[str, Action], ...]


class GroupingModel:
    """Says its pieces in groups of these sizes, over and over."""

    def __init__(self, said: Sequence[str], sizes: Sequence[int], usage: ModelUsage | None) -> None:
        self._said, self._sizes, self._usage = said, sizes, usage

    async def generate(
        self, request: ModelRequest
    ) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        left = iter(self._said)
        for size in cycle(self._sizes):
            together = tuple(islice(left, size))
            if not together:
                break
            await asyncio.sleep(0)
            yield TextDelta(together)
        yield ModelFinished(request.models[0], "stop", self._usage)


async def outcome_of(
    said: Sequence[str], sizes: Sequence[int], usage: ModelUsage | None
) -> Outcome:
    clock = InMemoryClock()
    adapters = evolve(build_in_memory(clock), model=GroupingModel(said, sizes, usage))
    use_cases = build_use_cases(Settings(stack="memory"), adapters)
    await seed(use_cases)
    user = await adapters.accounts.add(User("usr_1", "sam", Tier.FREE, clock.now()))
    command = SendMessageCommand(user.id, "mira", "Tell me something.", options=STREAM)
    feed = await use_cases.send_message()(command)
    events = await events_of(feed)
    assert [event.seq for event in events] == list(islice(count(1), len(events)))
    offset = 0
    for event in events:
        offset += len(event.text)
        assert event.offset == offset
    await use_cases.runner().drain(5)
    await use_cases.memory_tasks().drain(5)
    turn = await adapters.turns.get(user.id, feed.turn.id)
    reply = await adapters.turns.find_reply(user.id, turn.id)
    flags = await adapters.safety_log.list_flags(status=None, limit=100, before=None)
    return Outcome(
        tuple(event.text for event in events if event.text),
        "" if reply is None else reply.content,
        0 if turn.receipt is None else turn.receipt.charged,
        turn.finish_reason,
        tuple(sorted((one.flag.rule, one.flag.action) for one in flags)),
    )


@given(
    REPLIES,
    LENGTHS,
    GROUPS,
    st.none() | st.builds(ModelUsage, st.integers(0, 900), st.just(0), st.integers(0, 300)),
)
@settings(max_examples=400 if IS_DEEP else 40)
def test_how_pieces_are_grouped_changes_nothing(
    reply: str, lengths: list[int], sizes: list[int], usage: ModelUsage | None
) -> None:
    said = pieces(reply, lengths)
    alone = asyncio.run(outcome_of(said, ALONE, usage))
    grouped = asyncio.run(outcome_of(said, sizes, usage))
    assert (grouped.stored, grouped.flags) == (alone.stored, alone.flags)
    assert (grouped.charged, grouped.finish_reason) == (alone.charged, alone.finish_reason)
    assert "".join(grouped.told) == "".join(alone.told)


def test_pieces_that_came_together_are_sent_one_by_one() -> None:
    said = ["What", " a", " lovely", " day", " it", " is!"]
    assert asyncio.run(outcome_of(said, [len(said)], None)).told == tuple(said)
