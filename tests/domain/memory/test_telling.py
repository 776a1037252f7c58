"""Whether a message can hold anything to remember."""

import pytest

from domain.memory.telling import may_tell_something


@pytest.mark.parametrize(
    "text",
    ["", "ok", "Thank you!", "Haha, yes", "🙂", "Good morning!", "That's nice", "¡Sí, gracias!"],
)
def test_nods_and_greetings_cannot(text: str) -> None:
    assert not may_tell_something(text)


@pytest.mark.parametrize("text", ["Biscuit.", "I live in Rome", "ok, I moved", "Tengo un perro"])
def test_anything_else_may(text: str) -> None:
    assert may_tell_something(text)
