"""Macros in a character's texts."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.macros import MAX_CHARACTERS, replace_macros


def replaced(text: str, *, char: str = "Luna", user: str = "Ann", **more: Any) -> str:
    return replace_macros(text, char=char, user=user, **more)


def outcomes(text: str, **more: str) -> set[str]:
    return {replaced(text, seed=str(number), **more) for number in range(200)}


# ----------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("char", ["{{char}}", "{{Char}}", "{{CHAR}}", "<char>", "<BOT>"])
@pytest.mark.parametrize("user", ["{{user}}", "{{User}}", "{{uSeR}}", "<user>", "<USER>"])
@pytest.mark.parametrize("more", ["", "{{//}}"])
def test_names_are_replaced_in_any_case_and_wherever_they_stand(
    char: str, user: str, more: str
) -> None:
    text = f"{char} and {user}, {user}{char}.{more}"
    assert replaced(text) == "Luna and Ann, AnnLuna."


@pytest.mark.parametrize(
    "text",
    [
        *["{char}", "{{ char }}", "{{original}}", "{{chars}}", "{{}}", "{{u\u017fer}}", "char"],
        *["<b>", "< user >", "</user>", "{{bot}}", "{{random}}", "{{randomly:a}}", "{{roll}}"],
        *["{{roll:0}}", "{{roll:x}}", "{{roll:-1}}", "{{roll:1000000000}}", "{{setvar::a::b}}"],
        *["{{", "}}", "{{random:a", "random:a}}", "{{ random:a }}", "{{reverse:a}", "{{/ a}}"],
    ],
)
def test_what_only_looks_like_a_macro_stays(text: str) -> None:
    assert replaced(text) == text
    assert replaced(text + "{{//}}") == text


def test_a_name_that_is_a_macro_is_not_replaced_again() -> None:
    for text in ("{{char}} {{user}}", "{{char}} {{user}}{{//}}"):
        assert replaced(text, char="{{user}}", user="{{char}}") == "{{user}} {{char}}"
    assert replaced("{{user}}", user=r"\1 \g<0>") == r"\1 \g<0>"
    assert replaced("{{{{user}}}}{{//}}", user="char") == "{{char}}"
    assert replaced("{{{{user}}:a,b}}{{//}}", user="random") == "{{random:a,b}}"
    assert replaced("{{random:{{user}}}}", user="a,b") == "a,b"
    assert replaced("{{reverse:{{user}}}}", user="}}resu{{") == "{{user}}"


@given(st.lists(st.sampled_from(["{{char}}", "{{USER}}", "{", "}}", "char", " ", "\u017f"])))
@example(["{", "{{char}}", "}}"])
@example(["{{char}}", "}}", "{{char}}", "{", "{", "{{USER}}", "}}"])
def test_replacing_names_is_what_str_replace_does(parts: list[str]) -> None:
    text = "".join(parts)
    expected = text.replace("{{char}}", "Luna").replace("{{USER}}", "Ann")
    assert replaced(text) == expected
    assert replaced(text + " {{//}}") == expected + " "


# --------------------------------------------------------------------------------------- chances


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{random:a,b,c}}", {"a", "b", "c"}),
        ("{{RANDOM: a , b }}", {"a", "b"}),
        ("{{random::a,b}}", {"a", "b"}),
        ("{{random::a::b, c}}", {"a", "b, c"}),
        ("{{random:one}}", {"one"}),
        ("{{random:a,}}", {"a", ""}),
        ("{{random:}}", {""}),
        (r"{{random:a\,b,c}}", {"a,b", "c"}),
        ("{{random:{{char}},{{user}}}}", {"Luna", "Ann"}),
        ("{{random:<char>,the {{reverse:ab}}}}", {"Luna", "the ba"}),
        ("{{random:{{random:a,b}},c}}", {"a", "b", "c"}),
        ("{{random:{x},y}}", {"{x}", "y"}),
        ("{{roll:4}}", {"1", "2", "3", "4"}),
        ("{{roll:d3}}", {"1", "2", "3"}),
        ("{{Roll: D2}}", {"1", "2"}),
        ("{{roll:2d2}}", {"2", "3", "4"}),
        ("{{roll:1}}", {"1"}),
    ],
)
def test_luck_chooses_each_of_what_is_offered(text: str, expected: set[str]) -> None:
    assert outcomes(text) == expected


def test_choices_of_one_text_are_independent() -> None:
    assert len(outcomes("{{random:a,b}}{{random:a,b}}")) == 4
    assert len(outcomes("{{roll:2}}{{roll:2}}")) == 4


def test_a_pick_stays_while_its_conversation_does() -> None:
    assert len(outcomes("{{pick:a,b,c}}", pick_seed="ses")) == 1
    picked = {replaced("{{pick:a,b,c}}", pick_seed=str(number)) for number in range(100)}
    assert picked == {"a", "b", "c"}


def test_the_same_seed_gives_the_same_luck() -> None:
    text = "{{random:a,b,c}} {{roll:1000}} {{pick:a,b}}"
    for number in range(20):
        luck = {"seed": str(number), "pick_seed": "p"}
        assert replaced(text, **luck) == replaced(text, **luck)
    assert replaced(text) == replaced(text)


# ---------------------------------------------------------------------------------------- others


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{{// b}}c", "ac"),
        ("a{{//b {{char}} }}c", "ac"),
        ("a{{comment: b}}c", "ac"),
        ("a{{Hidden_Key:b}}c", "ac"),
        ("{{reverse:Hello}}", "olleH"),
        ("{{REVERSE:{{user}}!}}", "!nnA"),
        ("{{reverse:{{unknown}}}}", "}}nwonknu{{"),
        ("{{unknown:{{user}}}}", "{{unknown:Ann}}"),
        ("{{{reverse:ab}}}", "{ba}"),
        ("{{ {{reverse:ab}}", "{{ ba"),
        ("{{reverse:ab}} }}", "ba }}"),
    ],
)
def test_notes_go_and_texts_are_turned(text: str, expected: str) -> None:
    assert replaced(text) == expected


def test_hidden_keys_are_there_for_scanning_only() -> None:
    text = "a{{hidden_key:{{char}}}}b{{// c}}{{comment: d}}"
    assert replaced(text) == "ab"
    assert replaced(text, for_scanning=True) == "aLunab"


# ---------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    "part",
    [
        *["{{", "}}", "{", "{{random:", "{{reverse:", "{{reverse:a}}", "{{random:a,b}}"],
        *["{{roll:99d999999}}", "{{//", "<user>", "{{user}}", ",", "::"],
    ],
)
def test_no_text_grows_beyond_what_its_macros_stand_for(part: str) -> None:
    times = 3 * MAX_CHARACTERS // 2 // len(part)
    text = "{{//}}" + part * times
    most = len(text) + 9 * times
    assert len(replaced(text, user="A" * 9)) <= most


def test_deep_nesting_stays_as_it_is() -> None:
    deep = "{{reverse:" * 30 + "ab" + "}}" * 30
    found = replaced(deep)
    assert len(found) <= len(deep)
    assert "{{" in found or "{{"[::-1] in found


def test_what_stands_behind_the_bound_is_left_alone() -> None:
    text = "{{//}}" + "x" * MAX_CHARACTERS + "{{char}}"
    assert replaced(text).endswith("{{char}}")


PARTS = st.sampled_from(
    [
        *["{", "}", "{{", "}}", ":", "::", ",", "\\,", "random", "pick", "roll", "reverse", "//"],
        *["comment", "hidden_key", "char", "user", "<user>", "6", "d", " ", "a", "{{random:a,b}}"],
    ]
)


@given(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=8), st.text(max_size=4))
def test_no_text_is_too_odd(text: str, user: str, seed: str) -> None:
    one = replaced(text, user=user, seed=seed)
    assert one == replaced(text, user=user, seed=seed)
    if "{{" not in text and "<" not in text:
        assert one == text


@given(st.text(st.characters(exclude_characters="{<")))
def test_a_text_without_macros_stays(text: str) -> None:
    assert replaced(text) == text
