"""Which memories a wish to forget means."""

from datetime import UTC, datetime

from domain.memory.facts import Fact, FactKind
from domain.memory.forgetting import is_meant, most_likely_meant
from domain.memory.memories import Memory
from domain.memory.revisions import Near

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def wish(text: str, topic: str | None = None) -> Fact:
    return Fact(text, FactKind.OTHER, 1, ("msg",), NOW, topic, is_forgetting=True, value=text)


def memories(*texts: str) -> list[Memory]:
    return [Memory(text, "mira", text, (), NOW) for text in texts]


def near(*found: Memory) -> list[Near]:
    return [Near(one, None) for one in found]


def test_what_says_all_that_was_named_is_meant() -> None:
    [told, other] = memories("I owe my aunt two hundred euros.", "My aunt sings.")
    assert is_meant(wish("that I owe my aunt"), told)
    assert not is_meant(wish("that I owe my aunt"), other)


def test_what_says_most_of_it_is_meant_where_nothing_says_all() -> None:
    told, *others = memories("I owe my aunt two hundred euros.", "My aunt sings.", "I like tea.")
    found = most_likely_meant(wish("the money that I owe my aunt"), near(*others, told))
    assert found == [told]


def test_a_single_word_that_nobody_said_means_nothing() -> None:
    assert most_likely_meant(wish("Mark"), near(*memories("My friend Tom cooks."))) == []


def test_where_many_say_as_much_nothing_is_lost() -> None:
    alike = memories("My aunt sings.", "My aunt bakes.", "My aunt swims.", "My aunt sews.")
    assert most_likely_meant(wish("the debt to my aunt"), near(*alike)) == []


def test_a_name_alone_does_not_tell_what_is_meant() -> None:
    found = memories("My sister Ruth paints boats.", "I like tea.", "I swim on Fridays.")
    assert most_likely_meant(wish("the trouble with Ruth"), near(*found)) == []


def test_what_tells_more_than_the_name_is_meant() -> None:
    told, *others = memories("Her landlord sues her.", "My sister Ruth paints.", "Ruth eats figs.")
    found = most_likely_meant(wish("what the landlord wants from Ruth"), near(*others, told))
    assert found == [told]


def test_the_more_alike_of_two_is_meant_where_it_stands_out() -> None:
    told, other = memories("My brother sold the boat.", "My brother painted the boat.")
    likely = [Near(other, 0.3), Near(told, 0.7)]
    assert most_likely_meant(wish("the sale of that old boat"), likely) == [told]


def test_what_the_same_message_told_of_it_goes_along() -> None:
    told, along, other = (
        Memory(text, "mira", text, (source,), NOW)
        for text, source in (
            ("I gambled the rent away.", "one"),
            ("The rent was 900 euros.", "one"),
            ("My flat has a balcony.", "two"),
        )
    )
    likely = [Near(told, 0.6), Near(along, 0.5), Near(other, 0.2)]
    assert most_likely_meant(wish("the gambled rent and the shame"), likely) == [told, along]
