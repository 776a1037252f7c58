"""What the model gets to read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, reject
from hypothesis import strategies as st

from domain.accounts import Tier
from domain.characters import Character
from domain.chat import Message, MessageStatus, Role
from domain.context import (
    MEMORY_BUDGET,
    Briefing,
    Context,
    PromptMessage,
    build_context,
    check_message_fits,
)
from domain.errors import InvalidRequest
from domain.lorebook.entries import Place, Position
from domain.lorebook.insertion import Insertion, Insertions
from domain.memory.memories import Memory
from domain.tokens import estimate_tokens

NOW = datetime(2026, 3, 10, tzinfo=UTC)
LUNA = Character(
    "luna", 1, "Luna", "", "", "", "{{char}} listens to {{user}}.", (), Tier.FREE, card={}
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LONG_TEXTS = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 40))


def remembered(*texts: str) -> list[Memory]:
    return [Memory(f"mem_{number}", "luna", text, (), NOW) for number, text in enumerate(texts)]


HEADING = (
    "What Ann told you in earlier conversations, oldest first; where two differ, the later holds:"
)


def said(*texts: str) -> list[Message]:
    roles = (Role.USER, Role.ASSISTANT)
    return [
        Message(f"msg_{n}", "ses", n, roles[n % 2], text, MessageStatus.COMPLETE, NOW)
        for n, text in enumerate(texts)
    ]


def lore(*entries: tuple[str, Place]) -> Callable[[int], Insertions]:
    """All of these entries, whatever the budget: choosing is the lorebook's own business."""
    made = [
        Insertion(str(number), f"entry {number}", content, place, estimate_tokens(content) + 6)
        for number, (content, place) in enumerate(entries)
    ]
    return lambda budget: Insertions(tuple(one for one in made if one.tokens <= budget))


def briefing(message: str = "And you?", *, persona: str = LUNA.persona, **rest: Any) -> Briefing:
    rest["memories"] = remembered(*rest.get("memories", ()))
    rest["history"] = said(*rest.get("history", ()))
    return Briefing(evolve(LUNA, persona=persona), rest.pop("user_name", "Ann"), message, **rest)


def built(message: str = "And you?", *, budget: int = 1_000, **rest: Any) -> Context:
    return build_context(briefing(message, **rest), budget=budget)


def test_a_prompt_is_persona_then_conversation_then_memories_then_message() -> None:
    context = built(memories=("I like tea", "I have a dog"), history=("Hi", "Hello Ann"))
    assert context.messages == (
        PromptMessage("system", "Luna listens to Ann."),
        PromptMessage("user", "Hi"),
        PromptMessage("assistant", "Hello Ann"),
        PromptMessage("system", f"{HEADING}\n- I like tea\n- I have a dog"),
        PromptMessage("user", "And you?"),
    )
    assert [memory.text for memory in context.memories] == ["I like tea", "I have a dog"]


def test_memories_stand_in_the_order_in_which_they_were_told() -> None:
    home, moved = remembered("I live in Paris", "I live in Rome")
    moved = evolve(moved, created_at=NOW + timedelta(days=1))
    confirmed = evolve(home, text="I like tea", told_at=NOW + timedelta(days=2))
    context = build_context(evolve(briefing(), memories=(confirmed, moved, home)), budget=1_000)
    assert context.messages[1].content == (
        f"{HEADING}\n- I live in Paris\n- I live in Rome\n- I like tea"
    )
    assert context.memories == (confirmed, moved, home)


def test_nothing_is_said_of_memories_when_there_are_none() -> None:
    assert built().messages[0] == PromptMessage("system", "Luna listens to Ann.")


def test_macros_in_what_people_say_stay_as_they_are() -> None:
    context = built("{{char}}?", memories=("{{user}}",), history=("{{char}}",))
    assert context.messages[-1].content == "{{char}}?"
    assert context.messages[1].content == "{{char}}"
    assert context.messages[2].content.endswith("- {{user}}")


@given(
    message=TEXTS,
    persona=LONG_TEXTS,
    user_name=LONG_TEXTS,
    memories=st.lists(LONG_TEXTS, max_size=8).map(tuple),
    history=st.lists(LONG_TEXTS, max_size=8).map(tuple),
    budget=st.integers(0, 2_500),
)
@example(message="", persona="", user_name="n" * 900, memories=("m",), history=(), budget=120).via(
    "a long name once pushed the heading over the budget"
)
def test_a_prompt_is_never_above_the_budget_and_wastes_none_of_it(
    message: str,
    persona: str,
    user_name: str,
    memories: tuple[str, ...],
    history: tuple[str, ...],
    budget: int,
) -> None:
    try:
        context = built(
            message,
            persona=persona,
            user_name=user_name,
            memories=memories,
            history=history,
            budget=budget,
        )
    except InvalidRequest:
        reject()
    size = sum(estimate_tokens(one.content) + 6 for one in context.messages if one.content)
    assert size == context.tokens <= budget
    assert sum(part.tokens for part in context.parts) == context.tokens
    assert context.messages[0].role == "system"
    assert context.messages[-1] == PromptMessage("user", message)
    recent = [one.content for one in context.messages[1:-1] if one.role != "system"]
    assert recent == list(history)[len(history) - len(recent) :]
    if len(recent) < len(history):
        next_older = history[len(history) - len(recent) - 1]
        assert size + estimate_tokens(next_older) + 6 > budget
    kept = [memory.text for memory in context.memories]
    assert kept == list(memories)[: len(kept)]


@given(st.lists(LONG_TEXTS, min_size=1, max_size=30).map(tuple))
def test_memories_take_a_bounded_part(memories: tuple[str, ...]) -> None:
    alone = built(budget=100_000)
    context = built(memories=memories, budget=100_000)
    assert context.tokens - alone.tokens <= MEMORY_BUDGET
    if len(context.memories) < len(memories):
        with_next = "".join(f"\n- {one}" for one in memories[: len(context.memories) + 1])
        assert estimate_tokens(with_next) > MEMORY_BUDGET - 60


def test_the_conversation_makes_room_before_the_memories_do() -> None:
    memories, history = ("tea " * 30, "dog " * 30), ("old " * 60, "new " * 60)
    sizes = [
        (len(context.memories), sum(one.role != "system" for one in context.messages) - 1)
        for budget in (1_000, 250, 150, 100, 60)
        for context in [built(memories=memories, history=history, budget=budget)]
    ]
    assert sizes == [(2, 2), (2, 1), (2, 0), (1, 0), (0, 0)]


@given(LONG_TEXTS, LONG_TEXTS, st.integers(0, 400))
def test_a_message_that_does_not_fit_beside_the_persona_is_refused(
    persona: str, message: str, budget: int
) -> None:
    least = briefing(message, persona=persona)
    needed = sum(estimate_tokens(text) + 6 for text in (persona, message) if text)
    if needed <= budget:
        assert check_message_fits(least, budget) == persona
        assert built(message, persona=persona, budget=budget).tokens >= needed
        return
    with pytest.raises(InvalidRequest) as refusal:
        check_message_fits(least, budget)
    assert refusal.value.param == "messages"
    with pytest.raises(InvalidRequest):
        built(message, persona=persona, budget=budget)


def test_the_room_for_a_message_ends_exactly_at_the_budget() -> None:
    exact = 2 * 6 + estimate_tokens("Luna listens to Ann.") + estimate_tokens("And you?")
    assert built(budget=exact).tokens == exact
    with pytest.raises(InvalidRequest):
        built(budget=exact - 1)


@given(TEXTS, TEXTS)
def test_an_estimate_of_tokens_is_a_third_of_the_bytes_rounded_up(one: str, other: str) -> None:
    size = len((one + other).encode())
    assert size <= 3 * estimate_tokens(one + other) < size + 3
    assert estimate_tokens(one + other) <= estimate_tokens(one) + estimate_tokens(other)


def test_lore_stands_around_the_persona_and_at_its_depth() -> None:
    context = built(
        history=("Hi", "Hello Ann"),
        conduct="Be kind.",
        lore=lore(
            ("The sea is salty.", Place(Position.BEFORE_CHAR)),
            ("The moon has two doors.", Place(Position.AFTER_CHAR)),
            ("She hums.", Place(Position.AT_DEPTH, depth=1, role="assistant")),
            ("It rains.", Place(Position.AT_DEPTH, depth=0)),
            ("Then it stops.", Place(Position.AT_DEPTH, depth=0)),
            ("And I nod.", Place(Position.AT_DEPTH, depth=0, role="user")),
            ("Long ago.", Place(Position.AT_DEPTH, depth=99)),
        ),
        memories=("I like tea",),
    )
    assert [(one.role, one.content) for one in context.messages] == [
        (
            "system",
            "The sea is salty.\n\nLuna listens to Ann.\n\nThe moon has two doors.\n\nBe kind.",
        ),
        ("system", "Long ago."),
        ("user", "Hi"),
        ("assistant", "Hello Ann"),
        ("assistant", "She hums."),
        ("system", f"{HEADING}\n- I like tea"),
        ("user", "And you?"),
        ("system", "It rains."),
        ("system", "Then it stops."),
        ("user", "And I nod."),
    ]


def test_the_summary_stands_before_the_conversation_that_it_leads_to() -> None:
    context = built(history=("Hi",), summary="Ann told of her dog.", summarized_until=12)
    assert context.messages[1] == PromptMessage(
        "system", "Earlier in this conversation:\nAnn told of her dog."
    )
    assert [part.name for part in context.parts] == ["persona", "summary", "history", "message"]
    assert context.parts[1].refs == ("12",)


def test_the_parts_say_what_was_read_without_its_words() -> None:
    context = built(
        history=("Hi", "Hello"),
        conduct="Be kind.",
        lore=lore(("The sea is salty.", Place(Position.BEFORE_CHAR))),
        memories=("I like tea",),
    )
    refs = {part.name: part.refs for part in context.parts}
    assert refs == {
        "persona": (),
        "conduct": (),
        "lore": ("0",),
        "history": ("0", "1"),
        "memories": ("mem_0",),
        "message": (),
    }
    assert "tea" not in str(context.parts)


def test_what_is_short_of_room_goes_in_order_history_memories_lore_summary() -> None:
    rest: dict[str, Any] = {
        "conduct": "Be kind.",
        "summary": "old " * 30,
        "lore": lore(("sea " * 30, Place(Position.BEFORE_CHAR))),
        "memories": ("tea " * 30,),
        "history": ("new " * 30,),
    }
    names = [
        {part.name for part in built(budget=budget, **rest).parts}
        for budget in (400, 240, 175, 110, 50)
    ]
    always = {"persona", "conduct", "message"}
    assert [one - always for one in names] == [
        {"summary", "lore", "memories", "history"},
        {"summary", "lore", "memories"},
        {"summary", "lore"},
        {"summary"},
        set(),
    ]
    assert all(always <= one for one in names)


def test_conduct_counts_when_a_message_is_checked_for_its_length() -> None:
    exact = 3 * 6 + sum(map(estimate_tokens, ("Luna listens to Ann.", "And you?", "Be kind.")))
    assert built(budget=exact, conduct="Be kind.").tokens == exact
    with pytest.raises(InvalidRequest):
        built(budget=exact - 1, conduct="Be kind.")


def test_the_luck_of_a_persona_lasts_as_long_as_its_session() -> None:
    persona = "Luna likes {{random:tea,rain,chess,snow}}."
    told = {
        seed: built(persona=persona, seed=seed).messages[0].content for seed in map(str, range(40))
    }
    assert len(set(told.values())) == 4
    assert all(
        built(persona=persona, seed=seed).messages[0].content == one for seed, one in told.items()
    )
