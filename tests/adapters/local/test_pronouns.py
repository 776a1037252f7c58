"""Whom "she" means: somebody who was named, never a day, and nobody who was "he" before."""

import pytest

from tests.adapters.local.test_fact_extractor import facts_in

_TYLER = (
    ("user", "I've hired Tyler, he's twenty. Tyler gave notice, he's got an internship."),
    ("assistant", "Who'll help you now?"),
)


async def texts_in(text: str, *earlier: tuple[str, str]) -> str:
    return " | ".join(fact.text for fact in await facts_in(text, *earlier))


async def test_nobody_is_called_like_a_day_and_she_is_not_he() -> None:
    told = await texts_in(
        "Rosa! She carried the mail for thirty years, she retired in spring and got bored by"
        " Memorial Day. She starts Monday.",
        *_TYLER,
    )
    assert "Rosa! She carried the mail" in told
    assert "Tyler" not in told
    assert "Memorial starts" not in told


@pytest.mark.parametrize(
    ("before", "text", "wrong"),
    [
        ("Tyler works for me on Fridays, he's twenty.", "She plays the tuba.", "Tyler plays"),
        ("My sister Clara lives in Graz.", "He plays the drums.", "Clara plays"),
        ("I met somebody by Christmas.", "She plays the tuba.", "Christmas plays"),
        ("I got bored by Memorial Day.", "She knows everyone's birthday.", "Memorial knows"),
    ],
)
async def test_a_wrong_name_is_worse_than_none(before: str, text: str, wrong: str) -> None:
    assert wrong not in await texts_in(text, ("user", before), ("assistant", "Ah."))
    assert wrong not in await texts_in(f"{before} {text}")


@pytest.mark.parametrize(
    ("before", "text", "right"),
    [
        ("My sister Clara lives in Graz.", "She plays the drums.", "My sister Clara plays"),
        ("My rabbit is called Rex.", "He loves carrots.", "Rex loves"),
        ("I went skiing with Anna.", "She plays chess.", "Anna plays"),
        ("Mei is a nurse, she works nights.", "She plays the oboe.", "Mei plays"),
        ("My brother Paul got a job by Easter.", "He works at Acme.", "My brother Paul works"),
    ],
)
async def test_whoever_fits_is_still_named(before: str, text: str, right: str) -> None:
    assert right in await texts_in(text, ("user", before), ("assistant", "Ah."))
    assert right in await texts_in(f"{before} {text}")
