"""Ids out of names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards.slugs import checked_slug, namesake, slug_of
from domain.errors import InvalidRequest


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Luna", "luna"),
        ("Maestra Ottavia Serrat", "maestra-ottavia-serrat"),
        ("  Zoë  d'Été!  ", "zoe-d-ete"),
        ("ＬＵＮＡ", "luna"),  # noqa: RUF001 - full width, as some cards have it
        ("007", "007"),
        ("Straße", "strasse"),
        ("Луна Moon", "moon"),
    ],
)
def test_a_name_gives_an_id(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_names_in_other_scripts_give_ids_of_their_own() -> None:
    names = ("Луна", "月", "🌙", "Σελήνη", "قمر", "!!!")
    slugs = [slug_of(name) for name in names]
    assert len(set(slugs)) == len(names)
    assert slugs == [slug_of(name) for name in names]
    assert all(slug.startswith("character-") for slug in slugs)


def test_a_name_that_a_route_has_is_no_id() -> None:
    assert slug_of("Import") != "import"
    with pytest.raises(InvalidRequest):
        checked_slug("import", "id")


@given(st.text(max_size=300), st.integers(1, 100))
def test_whatever_the_name_its_id_is_one(name: str, number: int) -> None:
    slug = namesake(slug_of(name), number)
    assert checked_slug(slug, "id") == slug
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", slug)


def test_namesakes_are_numbered_from_the_second_on() -> None:
    assert [namesake("luna", number) for number in (1, 2, 10)] == ["luna", "luna-2", "luna-10"]


@pytest.mark.parametrize(
    "value", ["", "-a", "_a", "A", "a b", "a/b", "../a", "ü", "a" * 65, "a\n", None, 1, [], "a.b"]
)
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_slug(value, "here")
    assert refused.value.param == "here"
