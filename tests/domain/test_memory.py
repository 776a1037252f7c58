"""How what is remembered is put."""

from hypothesis import example, given
from hypothesis import strategies as st

from domain.memory.memories import MAX_MEMORY_CHARACTERS, as_memory_text


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
