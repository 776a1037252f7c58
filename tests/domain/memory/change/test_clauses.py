"""How a text is cut into clauses."""

from domain.memory.change.clauses import clauses_of


def test_nothing_between_two_signs_is_no_clause() -> None:
    assert [one.text for one in clauses_of("We sold it, — and I cried.")] == [
        "We sold it",
        "and I cried",
    ]
