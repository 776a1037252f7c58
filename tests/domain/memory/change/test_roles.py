"""Who is something by now that somebody else was."""

import pytest

from domain.memory.change.roles import is_replaced_by_another, may_replace_somebody

OLD = "Our drummer is called Otis."


@pytest.mark.parametrize(
    ("old", "new", "is_replaced"),
    [
        (OLD, "Fern is our drummer now.", True),
        (OLD, "Our new drummer is Fern.", True),
        (OLD, "Our drummer is now called Fern.", True),
        (OLD, "Fern is our drummer.", False),
        (OLD, "Otis is our drummer now.", False),
        (OLD, "Fern is our manager now.", False),
        ("My cousin Otis plays.", "Fern is my cousin now.", False),
        ("Otis drums.", "Fern is our drummer now.", False),
    ],
)
def test_another_has_to_be_it_by_now(old: str, new: str, *, is_replaced: bool) -> None:
    assert is_replaced_by_another(old, new) is is_replaced


def test_all_who_are_named_count() -> None:
    new = "Fern is our manager now, and Ida is our drummer now."
    assert may_replace_somebody(new)
    assert is_replaced_by_another(OLD, new)
