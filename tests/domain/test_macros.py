"""Macros in a character's texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.macros import replace_macros


@pytest.mark.parametrize("char", ["{{char}}", "{{Char}}", "{{CHAR}}"])
@pytest.mark.parametrize("user", ["{{user}}", "{{User}}", "{{uSeR}}"])
def test_macros_are_replaced_in_any_case_and_wherever_they_stand(char: str, user: str) -> None:
    text = f"{char} and {user}, {user}{char}."
    assert replace_macros(text, char="Luna", user="Ann") == "Luna and Ann, AnnLuna."


@pytest.mark.parametrize(
    "text", ["{char}", "{{ char }}", "{{original}}", "{{chars}}", "{{}}", "{{u\u017fer}}", "char"]
)
def test_what_only_looks_like_a_macro_stays(text: str) -> None:
    assert replace_macros(text, char="Luna", user="Ann") == text


def test_a_name_that_is_a_macro_is_not_replaced_again() -> None:
    assert replace_macros("{{char}} {{user}}", char="{{user}}", user="{{char}}") == (
        "{{user}} {{char}}"
    )
    assert replace_macros("{{user}}", char="Luna", user=r"\1 \g<0>") == r"\1 \g<0>"


@given(st.lists(st.sampled_from(["{{char}}", "{{USER}}", "{", "}}", "char", " ", "\u017f"])))
@example(["{", "{{char}}", "}}"])
def test_replacing_is_what_str_replace_does(parts: list[str]) -> None:
    text = "".join(parts)
    expected = text.replace("{{char}}", "Luna").replace("{{USER}}", "Ann")
    assert replace_macros(text, char="Luna", user="Ann") == expected
