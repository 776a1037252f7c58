"""A "no" that belongs to its sentence stays; a time that is told is no age of today."""

import pytest

from tests.adapters.local.test_fact_extractor import facts_in, told_in


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("No more weekends at St. Joe's.", "No more weekends at St. Joe's."),
        ("no more piano lessons for me", "No more piano lessons for me."),
        ("And no more running until July.", "No more running until July."),
        ("No coffee for me, it makes me shaky.", "No coffee for me, it makes me shaky."),
        ("No meat since June.", "No meat since June."),
        ("No sugar any more, doctor's orders.", "No sugar any more, doctor's orders."),
        ("No one in my family drives.", "No one in my family drives."),
        ("Nobody in my family drives.", "Nobody in my family drives."),
        ("Not married, never have been.", "Not married, never have been."),
        ("Hardly any sleep since the twins came.", "Hardly any sleep since the twins came."),
        ("So no gluten for my daughter any more.", "No gluten for my daughter any more."),
        ("Sure enough, Ben moved to Rome.", "Sure enough, Ben moved to Rome."),
        ("No, I've been a vegetarian since college.", "I've been a vegetarian since college."),
        ("No I live in Leeds.", "I live in Leeds."),
        ("Nope, I don't smoke.", "I don't smoke."),
        ("No my dog is called Rex", "My dog is called Rex."),
    ],
)
async def test_only_a_no_that_answers_is_left_out(text: str, kept: str) -> None:
    assert [fact.text for fact in await facts_in(text)] == [kept]


async def test_no_sentence_of_a_message_loses_its_no() -> None:
    facts = await facts_in(
        "I told the hospital I'm done, too. No more weekends at St. Joe's. I handed in my badge."
    )
    assert any("No more weekends" in fact.text for fact in facts)
    assert not any(". More" in fact.text or fact.text.startswith("More") for fact in facts)


@pytest.mark.parametrize(
    "text", ["No problem.", "No idea.", "No way!", "no thanks", "No more than that."]
)
async def test_an_empty_no_is_nothing_to_keep(text: str) -> None:
    assert await facts_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I don't drink either, haven't since I turned thirty, so you can skip the wine pairing.",
        "I haven't eaten meat since I turned 30, so no sausage.",
        "I've been playing the cello ever since I was 9 years old.",
        "I quit smoking before I turned forty.",
        "I was 19, it was a heart attack.",
    ],
)
async def test_how_old_somebody_was_then_is_no_age(text: str) -> None:
    [(told, topic)] = await told_in(text)
    assert told == text
    assert topic != "age"


@pytest.mark.parametrize("text", ["I just turned thirty.", "I turned thirty last week.", "I'm 30."])
async def test_how_old_somebody_is_is_one(text: str) -> None:
    assert [topic for _, topic in await told_in(text)] == ["age"]
