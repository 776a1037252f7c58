"""Regular expressions that would keep a search busy are told from those that people write."""

import pytest

from domain.cards.patterns import MAX_PATTERN, is_harmful

HARMFUL = (
    r"(a+)+$", r"(a+)+b", r"(a*)*b", r"(\w+)*!", r"(a|aa)+$", r"(a|a?)+$", r"(a|b|ab)*c",
    r"(.*a){20}", r"(.*)*x", r"(?:.*,){30}x", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(x+x+)+y",
    r"(?:a?){30}a{30}", r"(\s*\w+\s*)+$", r".*.*.*.*.*=.*", r"\w*\w*\w*\w*\w*\w*!",
    r"(a{1,1000}){1,1000}", r"((a{1,9}){1,9}){1,99}b", r"([a-zA-Z0-9._-]+)*@", r"(?=(a+)+b)",
    r"\b(?:\w+\s?)+\.$", r"(?:(?:a|b)*)*c", r"^(\d+|\d+\.)+$", r"(\w|\d|_)+$", r"(a|[ab])*c",
    r"(.|\s)+x", r"(?R)?a+(?R)", r"a(?1)?b(c)", "a{100000}", "(?:a{500}){500}", r"(a?b?)*c",
    r"((a|b)+)+", r"(?:a?b?c?)+d", r"(a+){10,}", r"(?:[^,]*,)*x*$", r"(?P<x>a+)+", r"(?>a+)+b",
    r"(?i:(a+)+)", r"(\w|a)+$", r"([]]+)+$",
    r"(\)+)+", r"([)]+)+", r"(a+)+?", r"(?:(a+)b?)*c", r"((\d+)+)",
    "(" * 12 + "a" + "+)" * 12, "x" * (MAX_PATTERN + 1),
)  # fmt: skip
HARMLESS = (
    r"\bdragons?\b", r"\bdragon(s)?\b", r"(?:dark|black)\s+el(?:f|ves)", r"dragon.*fire",
    r"fire.*(?:dragon|wyrm).*breath", r"^\d{4}-\d{2}$", r"(?i)king|queen|prince(ss)?",
    r"(?:.|\n)*x", r"[\s\S]*end", r"(?:\w+\s+){0,3}king", r"colou?r", r"(?:ha)+", r"(cat|dog)+",
    r"a{3}", r"\p{L}+", r"(?<!un)happy", r"Mr\. Smith", r"(foo)(bar)?(baz)?", r"a+b+",
    r"(?:no|yes)*", r"w+h+a+t+", r"\bDr\.?\s*\w+\b", "((((((a))))))", "(", "[", "a{", "*a", ")",
    "\\", "a|b|", r"(?:a|b|c){2,5}", r"C\+\+", "", r"[)+*]+", r"[]a]+", r"[^]a]+",
    r"(\.|a)+", r"(\w|-)+", r"\(a+\)+", r"(?#x+)a",
    "|".join(f"name{number}" for number in range(90)), r"月(?:光|夜)", r"a{2,4}b{0,900}",
)  # fmt: skip


@pytest.mark.parametrize("pattern", HARMFUL)
def test_what_could_take_for_ever_is_refused(pattern: str) -> None:
    assert is_harmful(pattern)


@pytest.mark.parametrize("pattern", HARMLESS)
def test_what_people_write_is_taken(pattern: str) -> None:
    assert not is_harmful(pattern)
