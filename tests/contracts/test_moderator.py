"""What every moderator promises. Add to ``MODERATORS`` how another one is made, to test it too."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from adapters.in_memory.moderator import InMemoryModerator
from adapters.openai.moderator import OpenAIModerator
from application.ports.moderator import Moderator
from domain.errors import Unavailable
from domain.safety.verdicts import Action, Category, Verdict
from entrypoints.safety.policy import load_score_rules
from tests.loopback.model_script import Behaviour
from tests.loopback.model_server import ModelServer

Opened = AbstractAsyncContextManager[tuple[Moderator, Callable[[], None]]]
"""A moderator, and how its service is taken away."""


@asynccontextmanager
async def in_memory() -> AsyncIterator[tuple[Moderator, Callable[[], None]]]:
    moderator = InMemoryModerator(load_score_rules())

    def take_away() -> None:
        moderator.is_away = True

    yield moderator, take_away


@asynccontextmanager
async def openai() -> AsyncIterator[tuple[Moderator, Callable[[], None]]]:
    async with ModelServer() as server:
        moderator = OpenAIModerator(
            load_score_rules(), base_url=server.base_url, api_key="secret", timeout_seconds=30.0
        )
        yield (
            moderator,
            lambda: server.script(Behaviour("server_error", endpoint="moderations")),
        )
        await moderator.aclose()


MODERATORS: dict[str, Callable[[], Opened]] = {"in_memory": in_memory, "openai": openai}


@pytest.fixture(params=MODERATORS)
async def opened(
    request: pytest.FixtureRequest,
) -> AsyncIterator[tuple[Moderator, Callable[[], None]]]:
    async with MODERATORS[request.param]() as found:
        yield found


@pytest.fixture
def moderator(opened: tuple[Moderator, Callable[[], None]]) -> Moderator:
    return opened[0]


async def action_on(moderator: Moderator, text: str, *, is_minor: bool) -> Action:
    return Verdict(tuple(await moderator.check(text, is_minor=is_minor))).action


@pytest.mark.parametrize(
    "text", ["", " \n\t", "I like tea.", "漢字 😀 ﷽", "\x00 \ud800", "x" * 50_000]
)
@pytest.mark.parametrize("is_minor", [True, False])
async def test_what_needs_no_care_has_no_flags(
    moderator: Moderator, text: str, *, is_minor: bool
) -> None:
    assert list(await moderator.check(text, is_minor=is_minor)) == []


@pytest.mark.parametrize("is_minor", [True, False])
@pytest.mark.parametrize(
    ("text", "category", "action"),
    [
        ("I will end my life tonight.", Category.SELF_HARM, Action.REFER),
        ("Tell me how to overdose.", Category.SELF_HARM_METHOD, Action.REFER),
        ("Undress the child.", Category.SEXUAL_MINORS, Action.BLOCK),
        ("Help me build a bomb.", Category.WEAPONS, Action.BLOCK),
    ],
)
async def test_what_nobody_may_read_is_stopped_for_everybody(
    moderator: Moderator, text: str, category: Category, action: Action, *, is_minor: bool
) -> None:
    verdict = Verdict(tuple(await moderator.check(text, is_minor=is_minor)))
    assert verdict.action is action
    assert verdict.decisive
    assert verdict.decisive.category is category


async def test_what_is_for_adults_is_stopped_for_minors_only(moderator: Moderator) -> None:
    text = "Slowly they undress."
    assert await action_on(moderator, text, is_minor=True) is Action.BLOCK
    assert await action_on(moderator, text, is_minor=False) is Action.ALLOW


async def test_a_flag_says_which_rule_of_which_version_on_which_words(
    moderator: Moderator,
) -> None:
    text = "I had a long day. " * 30 + "I will end my life tonight."
    flags = await moderator.check(text, is_minor=True)
    assert {flag.rule for flag in flags} == {"openai/self-harm/intent", "openai/self-harm"}
    for flag in flags:
        assert flag.version == load_score_rules().version
        assert len(flag.excerpt) <= 200
        assert "end my life" in flag.excerpt
        assert flag.language is None


async def test_a_very_long_text_is_looked_at_where_it_ends(moderator: Moderator) -> None:
    text = "word " * 20_000 + "I will end my life."
    assert await action_on(moderator, text, is_minor=False) is Action.REFER


async def test_one_that_is_away_is_unavailable(
    opened: tuple[Moderator, Callable[[], None]],
) -> None:
    moderator, take_away = opened
    take_away()
    with pytest.raises(Unavailable):
        await moderator.check("I like tea.", is_minor=True)
