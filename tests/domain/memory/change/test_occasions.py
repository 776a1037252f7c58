"""When something is, and what was told of it besides."""

from domain.memory.change.occasions import besides_date


def test_another_day_leaves_the_place() -> None:
    new = "The recital is on the 9th of June now."
    assert besides_date("My recital with Ida is in Bonn, on the 4th of May.", new) == (
        "My recital with Ida is in Bonn."
    )
    assert besides_date("My recital is on the 4th of May.", new) == ""
