"""Plain wishes to forget, and everyday talk of forgetting, deleting and dropping that is none."""

from pathlib import Path

import pytest

from tests.adapters.local.test_fact_extractor import facts_in

_HERE = Path(__file__).parent
_BEFORE = (("user", "I had a miscarriage two years ago."), ("assistant", "I'm so sorry."))


def _lines(name: str) -> list[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("text", _lines("no_wishes_to_forget.txt"))
async def test_talk_of_forgetting_deletes_nothing(text: str) -> None:
    assert not [one.text for one in await facts_in(text) if one.is_forgetting]
    assert not [one.text for one in await facts_in(text, *_BEFORE) if one.is_forgetting]


@pytest.mark.parametrize("line", _lines("plain_wishes_to_forget.txt"))
async def test_a_plain_wish_is_heard(line: str) -> None:
    text, what = line.split("|")
    wished = [one.text.lower() for one in await facts_in(text) if one.is_forgetting]
    assert any(what.lower() in one for one in wished)


@pytest.mark.parametrize(
    "said",
    [
        "please ",
        "do me a favour and ",
        "could you please just ",
        "you can now ",
        "be a dear and ",
        "pretend that I never ",
    ],
)
async def test_asking_over_and_over_does_not_take_for_ever(said: str) -> None:
    # Where each could be read in two ways, fifty of them would not end in a lifetime.
    assert not [one for one in await facts_in(said * 100) if one.is_forgetting]
