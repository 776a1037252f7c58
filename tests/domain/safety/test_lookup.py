"""What a pattern is looked up by: the words without which nobody need look for it at all."""

import pytest

from domain.safety.normalise import plain
from domain.safety.patterns import Dialect, Pattern, compiled, keys_of_dense, keys_of_words
from domain.safety.stems import Stems

ORDINARY = frozenset(["i", "so", "you", "no", "more", "want", "with", "well", "being", "myself"])


def english(pattern: str) -> Pattern:
    return compiled(pattern, Dialect(groups={"die": "die|be dead"}, common=ORDINARY))


def dense(pattern: str) -> Pattern:
    return compiled(pattern, Dialect(groups={}, is_dense=True))


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        # The rarest word of it ...
        ("myself kill", {"kill"}),
        ("kill _ myself", {"kill"}),
        ("i want death", {"deat"}),
        # ... and of ordinary ones the longest, as the short ones are in every sentence.
        ("so _ want", {"want"}),
        ("you _ want", {"want"}),
        # Two letters tell little, three enough.
        ("od _ pills", {"pill"}),
        ("gun _ pills", {"gun"}),
        # One of several is as rare as all of them.
        ("(kill|want) _ myself _ pills", {"pill"}),
        ("(kill|hang) _ death", {"deat"}),
        # What may be left out tells nothing, and neither does what must not be there.
        ("(pills)? want", {"want"}),
        ("want !pills", {"want"}),
        # A beginning tells if it is as long as a key.
        ("suic* _ want", {"suic"}),
        ("sui* _ want", {"want"}),
        ("kill-jo* want", {"kill"}),
        ("die", {"die"}),
        ("being-killed", {"kill"}),
    ],
)
def test_a_pattern_is_looked_up_by_its_rarest_word(pattern: str, keys: set[str]) -> None:
    assert english(pattern).keys == keys


@pytest.mark.parametrize(
    ("pattern", "stems"),
    [
        ("kill myself", {"kill"}),
        ("suicid* thoughts", {"suicid*"}),
        # A row of ordinary words is a phrase: none of them is worth a look by itself.
        ("no more", {"no more"}),
        ("(no more|suicide)", {"no more", "suicide"}),
        ("well-being", {"well being"}),
        ("(no more) pills", {"pills"}),
        ("no more !pills", {"more"}),
        # A long one is noticed before it is complete.
        ("i want no more with", {"i want no more with"}),
        ("i want no more with you", {"i want no more with"}),
    ],
)
def test_what_makes_a_sentence_worth_a_look(pattern: str, stems: set[str]) -> None:
    assert english(pattern).stems == stems


def test_an_ordinary_row_in_hindi_is_a_phrase_as_well() -> None:
    hindi = Dialect(groups={}, common=frozenset(map(str.strip, map(plain, ["खुद", "को"]))))
    assert compiled("खुद को", hindi).stems == {"खुद को"}


def test_all_words_that_a_pattern_lists_are_common_at_times() -> None:
    assert compiled("no more", Dialect(groups={}, common=frozenset(["no", "more"]))).stems == {
        "no more"
    }


def test_spelt_out_umlauts_leave_an_ordinary_row_one() -> None:
    german = Dialect(groups={}, common=frozenset(["nicht", "mehr"]), umlauts=True)
    assert compiled("nicht mehr", german).stems == {"nicht mehr"}


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("kill myself", "kill", False),
        ("kill myself", "myself", False),
        ("kill myself", "so kill myself", True),
        ("(die|go) now", "now", False),
        ("(die|go) now", "go now", True),
        ("{die} now", "be now", False),
        ("kill-joy", "joy", False),
        ("suicid* (now)?", "suicide", True),
        ("(pills)? want", "want", True),
    ],
)
def test_a_text_without_one_of_the_words_is_not_looked_at(
    pattern: str, text: str, *, expected: bool
) -> None:
    assert english(pattern).may_be_in(keys_of_words(text)) is expected


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("我 ~2 自杀", {"自杀"}),
        ("自杀 ~2 我", {"自杀"}),
        ("死", {"死"}),
        ("不想活", {"不想"}),
        ("(死|自杀) ~2 不想", {"不想"}),
    ],
)
def test_a_dense_pattern_is_looked_up_by_two_characters(pattern: str, keys: set[str]) -> None:
    assert dense(pattern).keys == keys


def test_of_dense_words_the_pair_that_is_not_ordinary_counts() -> None:
    dialect = Dialect(groups={}, is_dense=True, common=frozenset(["不想"]))
    assert compiled("不想活", dialect).keys == {"想活"}
    assert compiled("不想活", dialect).stems == {"不想活"}


@pytest.mark.parametrize(("text", "expected"), [("我不想活了", True), ("我想不活", False)])
def test_a_dense_text_is_looked_at_if_the_pair_is_in_it(text: str, *, expected: bool) -> None:
    assert dense("不想活").may_be_in(keys_of_dense(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they kill time", True),
        ("killers", False),
        ("so suicidal", True),
        ("suicin is a name", True),
        ("a suic", False),
        ("a suicie", False),
        ("suicxd", False),
        ("myself", False),
        ("want no less", False),
        ("no one is more", False),
        ("there is no more", True),
        ("no moreover", False),
        ("i want no more", True),
        ("もう死にたい", True),
        ("もう消え たい", True),
        ("もう寝たい", False),
        ("Хочу спать", False),
        ("", False),
    ],
)
def test_a_word_a_beginning_or_a_phrase_makes_a_text_worth_a_look(
    text: str, *, expected: bool
) -> None:
    spaced = ["kill myself", "suicid*", "suicin*", "no more", "want no more", "so well"]
    in_dense = [dense(pattern) for pattern in ("死にたい", "消えたい")]
    assert Stems.of(map(english, spaced), in_dense).are_in(plain(text)) is expected


def test_of_nothing_there_is_nothing_in_any_text() -> None:
    assert not Stems.of([]).are_in(plain("kill no more 死にたい"))


def test_of_a_phrase_the_first_two_words_alone_are_none() -> None:
    stems = Stems.of([english("want no more")])
    assert not stems.are_in(plain("i want no sugar"))
    assert stems.are_in(plain("i want no more"))
