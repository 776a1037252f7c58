"""Sentences that tell nothing of a life, and those that only look like them."""

import pytest

from tests.adapters.local.test_fact_extractor import facts_in


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to go eat cereal.",
        "I'll go make some tea.",
        "I kind of love it.",
        "I really hate that.",
        "I deleted the money stuff I told you about, by the way.",
        "I deleted that whole chat from the other day.",
    ],
)
async def test_what_tells_nothing_is_not_kept(text: str) -> None:
    assert await facts_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to go back to college in May.",
        "I'm going to go get married in Vegas.",
        "I love it in Graz, I live here now.",
        "I deleted my Facebook account in 2019 and never went back.",
        "I'm going to make furniture for a living.",
    ],
)
async def test_what_looks_like_it_is_kept(text: str) -> None:
    assert await facts_in(text) != []
