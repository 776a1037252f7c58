"""What of a memory goes on when some of it has ended."""

from domain.memory.change.remainders import still_so


def test_the_rest_of_a_memory_goes_on() -> None:
    old = "We live in a flat above a bakery. I collect stamps."
    assert still_so(old, "We have moved to Malta!") == "I collect stamps."
    assert still_so("We live in a flat.", "We have moved to Malta!") == ""


def test_what_leans_on_an_ended_sentence_goes_with_it() -> None:
    old = "We live in a flat. It has a balcony. I collect stamps."
    assert still_so(old, "We have moved to Malta!") == "I collect stamps."
