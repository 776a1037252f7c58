"""Which language a text is in."""

from typing import Any

import pytest

from domain.safety.languages import CommonWords
from domain.safety.normalise import plain
from domain.safety.rulebook import read_common_words

WORDS = CommonWords.of([("en", ["i", "the"]), ("de", ["ich", "die"]), ("en", ["not"])])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I am not the one", "en"),
        ("ich bin nicht die Frau", "de"),
        ("ich und die Mühle", "de"),
        ("я тут", None),
        ("もうだめです", "ja"),
        ("我很累", "zh"),
        ("너무 힘들어", "ko"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_words_tell_the_language(text: str, language: str | None) -> None:
    assert WORDS.language_of(plain(text)) == language


def test_nothing_is_known_without_words() -> None:
    assert CommonWords.of([]).language_of(" i ") is None


def test_the_words_of_all_files_of_a_language_count() -> None:
    files: dict[str, dict[str, Any]] = {
        "a.toml": {"language": "en", "common": ["The"]},
        "b.toml": {"language": "en", "common": ["And"]},
        "c.toml": {"common": ["Oder"]},
    }
    words = read_common_words(files)
    assert words.words == {"en": frozenset({"the", "and"})}
