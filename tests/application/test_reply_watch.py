"""A reply under watch: what the moderator says, and when, decides what may be said."""

import asyncio
from collections.abc import Sequence

import pytest
from attrs import define, field

from application.chat.reply_watch import ReplyWatch
from domain.errors import Unavailable
from domain.safety.verdicts import Action, Category, Flag, Stage
from domain.safety.watch import OutputWatch
from entrypoints.safety.rules import load_rules

RULES = load_rules()
ASKED = "Tell me a story."
HARM = "You should just kill yourself tonight, nobody would care. "
LONG = "The sea is wide. " * 30


def flag(action: Action) -> Flag:
    return Flag(Category.VIOLENCE, action, "model/violence", "1", "bad")


@define
class Opinion:
    """Finds texts that say ``bad``; waits for ``go_on`` before it speaks of a reply."""

    action: Action = Action.BLOCK
    is_away: bool = False
    asked: list[str] = field(factory=list)
    go_on: asyncio.Event = field(factory=asyncio.Event)

    async def check(self, text: str, *, is_minor: bool) -> Sequence[Flag]:
        assert is_minor
        self.asked.append(text)
        if self.is_away:
            message = "The moderator does not answer."
            raise Unavailable(message)
        if text != ASKED:
            await self.go_on.wait()
        return [flag(self.action)] if "bad" in text else []


def watching(
    moderator: Opinion | None, asked: str = ASKED, *, is_whole: bool = False
) -> ReplyWatch:
    watch = OutputWatch(RULES, is_minor=True)
    return ReplyWatch(watch, moderator, asked, is_minor=True, is_whole=is_whole)


async def said(watch: ReplyWatch, *pieces: str) -> str:
    """What may be said once these have come together."""
    return "".join(await watch.pass_on(pieces))


async def calm() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_without_a_moderator_the_rules_decide() -> None:
    watch = watching(None)
    assert await said(watch, "All is well. ") == "All is well. "
    assert await said(watch, HARM) == ""
    assert (watch.is_cut, watch.stage) == (True, Stage.OUTPUT)
    assert await said(watch, "more") == watch.break_off() == await watch.finish() == ""
    assert watch.noted.flags == ()
    await watch.close()


async def test_of_words_that_came_together_those_before_the_cut_are_said() -> None:
    watch = watching(None)
    assert await said(watch, "All is well. ", HARM, "And so on. ") == "All is well. "
    assert watch.is_cut


async def test_an_objection_also_stops_the_words_before_what_the_rules_would_cut() -> None:
    opinion = Opinion()
    opinion.go_on.set()
    watch = watching(opinion)
    await said(watch, LONG, "bad. ")
    await calm()
    assert await said(watch, "All is well. ", HARM) == ""
    assert watch.verdict.flags == (flag(Action.BLOCK),)


async def test_a_message_that_the_moderator_blocks_is_not_answered() -> None:
    opinion = Opinion()
    opinion.go_on.set()
    watch = watching(opinion, "something bad")
    assert await said(watch, "Sure. ") == ""
    assert (watch.is_cut, watch.stage, watch.verdict.flags) == (
        True,
        Stage.INPUT,
        (flag(Action.BLOCK),),
    )
    later = watching(opinion, "something bad")
    assert await later.finish() == ""
    assert later.is_cut


async def test_a_whole_reply_is_looked_at_once_before_any_of_it_is_said() -> None:
    opinion = Opinion()
    opinion.go_on.set()
    watch = watching(opinion, is_whole=True)
    assert await said(watch, "It is a fine ") == await said(watch, "day. ") == ""
    assert await watch.finish() == "It is a fine day. "
    assert opinion.asked == [ASKED, "It is a fine day. "]
    cut = watching(opinion, is_whole=True)
    await said(cut, "It is a bad day. ")
    assert await cut.finish() == ""
    assert cut.is_cut


async def test_a_stream_goes_on_while_the_moderator_thinks_and_ends_when_it_objects() -> None:
    opinion = Opinion()
    watch = watching(opinion)
    assert await said(watch, LONG + "bad. ") == LONG + "bad. "
    await calm()
    assert opinion.asked == [ASKED, LONG + "bad. "]
    assert await said(watch, "More of it. ") == "More of it. "
    opinion.go_on.set()
    await calm()
    assert await said(watch, "And more. ") == ""
    assert watch.is_cut
    await watch.close()


async def test_it_is_asked_again_after_a_while_and_at_the_end() -> None:
    opinion = Opinion()
    opinion.go_on.set()
    watch = watching(opinion)
    for _ in range(2):
        assert await said(watch, LONG) == LONG
        await calm()
    assert await watch.finish() == ""
    assert [len(text) for text in opinion.asked[1:]] == [len(LONG), 2 * len(LONG), 2 * len(LONG)]
    assert not watch.is_cut


async def test_what_is_only_to_be_reviewed_goes_through() -> None:
    opinion = Opinion(Action.FLAG)
    opinion.go_on.set()
    watch = watching(opinion)
    assert await said(watch, "A bad day. ") == "A bad day. "
    assert await watch.finish() == ""
    assert not watch.is_cut


async def test_without_an_answer_the_rules_alone_decide() -> None:
    watch = watching(Opinion(is_away=True))
    assert await said(watch, "A bad day. ") == "A bad day. "
    assert await watch.finish() == ""
    assert await said(watch, HARM) == ""
    assert watch.is_cut


async def test_what_was_held_back_is_said_when_the_reply_breaks_off() -> None:
    watch = watching(None)
    assert await said(watch, "In the end he killed") == ""
    assert watch.break_off() == "In the end he killed"


async def test_nobody_is_asked_any_more_once_it_is_closed() -> None:
    opinion = Opinion()
    watch = watching(opinion)
    await said(watch, LONG)
    await calm()
    before = asyncio.all_tasks()
    await watch.close()
    assert len(asyncio.all_tasks()) == len(before) - 1
    unheard = watching(Opinion(), "something else")
    await unheard.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("text", ["", "Hi. "])
async def test_a_reply_of_nothing_is_not_looked_at(text: str) -> None:
    opinion = Opinion()
    opinion.go_on.set()
    watch = watching(opinion)
    assert await said(watch, *text.split()) == "".join(text.split())
    await watch.finish()
    assert opinion.asked == ([ASKED, text.strip()] if text else [ASKED])
