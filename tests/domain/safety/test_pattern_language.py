"""The language of patterns to its edges: what each sign takes in a sentence, and what not."""

from collections.abc import Mapping

import pytest

from domain.safety.patterns import Dialect, compiled


def english() -> Dialect:
    return Dialect(groups={"die": "die|be dead"}, negations=frozenset(["not", "never"]))


def found(pattern: str, text: str, dialect: Dialect) -> bool:
    written = text if dialect.is_dense else f" {text} "
    return compiled(pattern, dialect).expression.search(written) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("kill myself", "kill time", False),
        ("go (now|then) please", "go now", False),
        ("go (now|then) please", "go then please", True),
        ("go (now)? please", "go now", False),
        ("go (_|me) please", "go on please", True),
        ("{die}? now", "now", True),
        ("go ~1 now", "go right now", True),
        ("go ~1 now", "go right on now", False),
        ("go ~20 now", "go" + " on" * 20 + " now", True),
        ("go ~20 now", "go" + " on" * 21 + " now", False),
        ("go ~2 now", "go not now", False),
        ("go ~2 now", "go never now", False),
        ("go ~2 now", "go nevermore now", True),
        ("go ~~2 now", "go never now", True),
        ("XX Chromosome", "xx chromosome", True),
        ("die !XX", "die young", True),
        ("die !XX", "die xx", False),
        ("well-be*", "well beings", True),
        ("well-be*", "well", False),
        ("j'aime*", "j aimerais", True),
        ("can't", "can t", True),
        ("can't", "cant", True),
    ],
)
def test_a_sign_takes_what_it_says(pattern: str, text: str, *, expected: bool) -> None:
    assert found(pattern, text, english()) is expected


def test_a_gap_of_a_language_without_negations_takes_any_word() -> None:
    assert found("go ~2 now", "go not now", Dialect(groups={}))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("死 _ 了", "死掉了", True),
        ("死 _ 了", "死.了", False),
        ("死 _ 了", "死了", False),
        ("笑 !死", "笑死", False),
        ("笑 !死", "笑了", True),
        ("死 ~2 了", "死掉掉了", True),
        ("死 ~2 了", "死掉掉掉了", False),
        ("死 ~2 了", "死.了", False),
        ("死を?にたい", "死にたい", True),
        ("死を?にたい", "死をにたい", True),
        ("死を?にたい", "死もにたい", False),
        ("^ 死", "死了", True),
        ("^ 死", "我死了", False),
    ],
)
def test_a_dense_sign_takes_characters(pattern: str, text: str, *, expected: bool) -> None:
    assert found(pattern, text, Dialect(groups={}, is_dense=True)) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_german", "expected"),
    [
        ("täglich", "taeglich", True, True),
        ("täglich", "taglich", True, True),
        ("über", "ueber", True, True),
        ("schön", "schoen", True, True),
        ("schön", "schoen", False, False),
        ("sagen", "saegen", True, False),
    ],
)
def test_an_umlaut_is_spelt_out_in_german(
    pattern: str, text: str, *, is_german: bool, expected: bool
) -> None:
    assert found(pattern, text, Dialect(groups={}, umlauts=is_german)) is expected


@pytest.mark.parametrize("pattern", ["go ~0 now", "go ~21 now", "e.g. this", "...", "a (b", "a b)"])
def test_what_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern") as error:
        compiled(pattern, english())
    assert repr(pattern) in str(error.value)


def nested(depth: int) -> Mapping[str, str]:
    return {**{f"g{at}": f"{{g{at + 1}}}" for at in range(1, depth)}, f"g{depth}": "die"}


def test_groups_stand_in_groups_nine_deep() -> None:
    assert found("{g1}", "die", Dialect(groups=nested(9)))
    with pytest.raises(ValueError, match="contains itself"):
        compiled("{g1}", Dialect(groups=nested(10)))
