"""Credits under pressure: M1 to M12."""

import asyncio
from collections import Counter

import pytest

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import World

PRICE = 12
"""Of a turn whose model reports more than was held: the hold for 400 tokens of reply."""
DEAR = "@@answer prompt=100000 cached=0"


@pytest.fixture(scope="module", autouse=True)
def pair(stack: Stack) -> list[Product]:
    return [stack.serve(), stack.serve()]


async def test_m1_credits_for_ten_turns_answer_ten_of_fifty(
    pair: list[Product], world: World
) -> None:
    person = await world.person(available=10 * PRICE)
    answers = await asyncio.gather(
        *(person.say(f"Number {n}. {DEAR}", at=pair[n % 2]) for n in range(50))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 10, 402: 40}
    assert {answer.json()["error"]["code"] for answer in answers if answer.status_code == 402} == {
        "insufficient_credits"
    }
    assert (await person.balance())["available"] == 0
    assert len(await person.replies()) == 10
