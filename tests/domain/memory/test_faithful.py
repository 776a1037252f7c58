"""A summary by a model is believed only if it speaks of what was said."""

import pytest

from domain.memory.summaries import is_faithful

TOLD = ("Ann My sister Clara plays the cello in Lisbon.", "Mira How lovely, the cello!")


@pytest.mark.parametrize(
    ("summary", "believed"),
    [
        ("Ann told Mira that her sister Clara plays the cello in Lisbon.", True),
        ("Clara: cello, Lisbon.", True),
        ("Hello there, it is good to see you.", False),
        ('{"facts": []}', False),
        ("I am sorry, but I cannot help with that request.", False),
        ("", False),
        ("...", False),
    ],
)
def test_it_must_share_its_telling_words(summary: str, *, believed: bool) -> None:
    assert is_faithful(summary, TOLD) is believed


def test_languages_without_spaces_are_compared_sign_by_sign() -> None:
    told = ("妹はリスボンでチェロを弾いています。",)
    assert is_faithful("妹はリスボンでチェロを弾く。", told)
    assert not is_faithful("申し訳ございませんが、お手伝いできません。", told)
