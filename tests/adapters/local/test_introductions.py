"""What people say of themselves in one breath."""

import pytest

from tests.adapters.local.test_fact_extractor import facts_in


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "I'm Tom, 41, two kids, live in Leeds and drive a bus",
            {"I'm Tom.", "I'm 41.", "I have two kids.", "I live in Leeds.", "I drive a bus."},
        ),
        (
            "im joe, 52, truck driver from ohio, married, two kids",
            {
                "My name is joe.",
                "I'm 52.",
                "I'm a truck driver.",
                "I'm from ohio.",
                "I'm married.",
                "I have two kids.",
            },
        ),
        ("I'm Sam, 29, from Bristol.", {"I'm Sam.", "I'm 29.", "I'm from Bristol."}),
        (
            "I'm Ana, 27, a nurse, and I live in Porto with my cat Miso.",
            {"I'm Ana.", "I'm 27.", "I'm a nurse.", "I live in Porto with my cat Miso."},
        ),
        (
            "Hi, I'm Lee. 34, single, two cats, work nights.",
            {"I'm Lee.", "I'm 34.", "I'm single.", "I have two cats.", "I work nights."},
        ),
        (
            "My name is Priya, I'm 31, I'm a vet and I have two dogs",
            {"My name is Priya.", "I'm 31.", "I'm a vet.", "I have two dogs."},
        ),
        (
            "I'm Dana, I'm 34, and I've never talked to a computer on purpose before.",
            {"I'm Dana.", "I'm 34.", "I've never talked to a computer on purpose before."},
        ),
    ],
)
async def test_each_thing_that_is_said_in_a_row_is_a_fact(text: str, told: set[str]) -> None:
    assert {fact.text for fact in await facts_in(text)} == told


@pytest.mark.parametrize(
    "text", ["I'm tired, 34 degrees, no wind, and it's only noon.", "I'm sick, 12 days, no end."]
)
async def test_not_every_row_of_short_things_is_about_a_person(text: str) -> None:
    assert not any(fact.topic in {"name", "age"} for fact in await facts_in(text))
