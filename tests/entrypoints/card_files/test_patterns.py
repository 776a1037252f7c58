"""Regular expressions of lorebooks: those that would keep a search busy are refused."""

import json
from typing import Any

import pytest

from domain.errors import InvalidRequest
from entrypoints.card_files import patterns
from entrypoints.card_files.reading import read_card, read_lorebook
from tests.entrypoints.card_files.makers import silly_entry, silly_v2

BOMBS = (r"(a+)+$", r"(a|aa)+$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(.*a){25}", r"(x+x+)+y")


def card_with(*entries: dict[str, Any]) -> bytes:
    return json.dumps(silly_v2(character_book={"entries": list(entries)})).encode()


def refused_at(raw: bytes) -> str | None:
    with pytest.raises(InvalidRequest) as refused:
        read_card(raw)
    return refused.value.param


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_found_wherever_a_pattern_may_stand(bomb: str) -> None:
    path = "data.character_book.entries[1].keys"
    for entry in (
        silly_entry(use_regex=True, keys=[bomb]),
        silly_entry(use_regex=False, keys=["calm", f"/{bomb}/i"]),
        silly_entry(use_regex=False, secondary_keys=[f" /{bomb}/gm "]),
        silly_entry(use_regex=True, secondary_keys=[bomb]),
        silly_entry(use_regex=True, content=f"@@depth 4\n@@additional_keys x,{bomb}\ntext"),
    ):
        assert refused_at(card_with(silly_entry(), entry)) == path


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_looks_like_one_is_a_word_where_no_pattern_stands(bomb: str) -> None:
    read_card(card_with(silly_entry(use_regex=False, keys=[bomb, f"{bomb}/"])))


def test_what_is_no_pattern_at_all_is_kept() -> None:
    keys = ["(", "[a", "a{2", "*", "C++", "\\", "(?<n>x)\\k<n>", "/(/i", "/a/xyz"]
    entry = silly_entry(use_regex=True, keys=keys)
    assert read_card(card_with(entry)).card["data"]["character_book"]["entries"] == [entry]


def test_a_pattern_that_only_trying_shows_to_be_slow_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patterns, "is_harmful", lambda _: False)
    for bomb in BOMBS[:3]:
        assert refused_at(card_with(silly_entry(use_regex=True, keys=[bomb]))) is not None


def test_all_patterns_together_have_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = silly_entry(use_regex=True, keys=["a.*b", "c.*d"])
    read_card(card_with(entry))
    monkeypatch.setattr(patterns, "_TOTAL_SECONDS", 0)
    assert refused_at(card_with(entry)) == "data.character_book.entries"


def test_lorebooks_alone_are_looked_at_as_well() -> None:
    book = {"entries": {"0": {"uid": 0, "key": [f"/{BOMBS[0]}/"], "content": "x"}}}
    with pytest.raises(InvalidRequest):
        read_lorebook(json.dumps(book).encode())
