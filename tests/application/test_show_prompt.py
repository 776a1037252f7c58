"""What an administrator sees of what the model was given to read."""

import pytest
from attrs import evolve

from domain.chat import PromptPart
from domain.errors import NotFound
from tests.application.conftest import Product, events_of
from tests.contracts.builders import make_memory


async def shown(
    product: Product, turn_id: str, *parts: PromptPart
) -> dict[str, list[tuple[str, str | None]]]:
    """The parts by name, each with its references and texts, of a turn that read these."""
    turn = await product.adapters.turns.get(product.user.id, turn_id)
    kept = evolve(turn, prompt=parts or turn.prompt)

    async def get(*_: str) -> object:
        return kept

    product.turns.__dict__["get"] = get  # what it read is what we say
    prompt = await product.use_cases.show_prompt()(product.user.id, turn_id)
    assert prompt.tokens == sum(part.tokens for part in kept.prompt)
    return {part.name: [(one.ref, one.text) for one in part.texts] for part in prompt.parts}


async def test_a_turn_shows_who_spoke_and_what_was_said(product: Product) -> None:
    first = await product.say("I live by the sea.")
    await events_of(first)
    parts = await shown(product, first.turn.id)
    [(ref, persona)] = parts["persona"]
    assert ref.startswith("mira:")
    assert "Mira" in str(persona)
    assert [text for _, text in parts["message"]] == ["I live by the sea."]
    with pytest.raises(NotFound):
        await product.use_cases.show_prompt()("usr_other", "turn_other")


async def test_each_part_has_its_words_as_they_are_now(product: Product) -> None:
    feed = await product.say("I live by the sea.")
    events = await events_of(feed)
    adapters, user_id = product.adapters, product.user.id
    session = await adapters.sessions.get(user_id, feed.turn.session_id)
    memory = make_memory(character_id="mira", text="I live by the sea.")
    await adapters.memories.add(user_id, memory, None)
    messages = await adapters.sessions.list_messages(user_id, session.id, limit=9, before=None)
    first, last = messages[-1].position, messages[0].position
    parts = await shown(
        product,
        feed.turn.id,
        PromptPart("conduct", 1),
        PromptPart("lore", 2, ("none",)),
        PromptPart("summary", 3, (str(session.summarized_until),)),
        PromptPart("history", 4, (str(first), str(last))),
        PromptPart("memories", 5, (memory.id, "mem_gone")),
    )
    assert parts["lore"] == [("none", None)]
    assert parts["summary"] == [(str(session.summarized_until), session.summary)]
    assert parts["memories"] == [(memory.id, memory.text), ("mem_gone", None)]
    said = "".join(event.text for event in events)
    assert [text for _, text in parts["history"]][-1] == said
    [(band, conduct)] = parts["conduct"]
    assert (band, bool(conduct)) == (product.user.age_band.value, True)


async def test_a_summary_that_has_changed_since_is_not_shown(product: Product) -> None:
    feed = await product.say("I live by the sea.")
    await events_of(feed)
    parts = await shown(
        product,
        feed.turn.id,
        PromptPart("summary", 3, ("7",)),
        PromptPart("history", 4, ("999999999999999999", "999999999999999999")),
    )
    assert parts == {"summary": [("7", None)], "history": []}
