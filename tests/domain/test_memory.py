"""What is worth remembering, and how it is put."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.memory.memories import MAX_MEMORY_CHARACTERS, as_memory_text, is_worth_remembering


@pytest.mark.parametrize(
    ("text", "is_worth"),
    [
        ("", False),
        ("ok", False),
        ("good morning Luna", False),
        ("  good \n morning   Luna  ", False),
        ("I have a dog", True),
        ("I\nhave\na\ndog", True),
    ],
)
def test_a_greeting_or_a_nod_is_not_worth_remembering(text: str, is_worth: bool) -> None:  # noqa: FBT001 - a column
    assert is_worth_remembering(text) is is_worth


@given(st.text() | st.builds(lambda text, times: text * times, st.text(), st.integers(1, 500)))
@example("x" * MAX_MEMORY_CHARACTERS)
@example("x" * (MAX_MEMORY_CHARACTERS + 1))
def test_a_memory_is_one_line_that_is_not_too_long(text: str) -> None:
    memory, line = as_memory_text(text), " ".join(text.split())
    assert len(memory) <= MAX_MEMORY_CHARACTERS
    if len(line) <= MAX_MEMORY_CHARACTERS:
        assert memory == line
    else:
        assert memory.endswith("…")
        assert line.startswith(memory[:-1])


def test_a_long_memory_is_cut_at_a_word() -> None:
    memory = as_memory_text("walking " * 200)
    assert memory == "walking " * 123 + "walking…"
