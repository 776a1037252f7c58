"""What every store of characters promises."""

import asyncio
from typing import Any

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.errors import NotFound
from tests.contracts.builders import make_character
from tests.contracts.stores import Stores


async def test_a_published_character_is_read_as_it_was(stores: Stores) -> None:
    character = make_character(
        min_tier=Tier.PLUS,
        avatar_url="https://example.org/luna.png",
        tags=("b", "a", "ü"),
        card={"data": {"extensions": {"odd": [1, 2.5, None, True, {"ü": "🙂"}]}, "name": "Luna"}},
    )
    published = await stores.characters.publish(character)
    assert published == character
    assert await stores.characters.get("luna") == character
    assert await stores.characters.get("luna", 1) == character


async def test_versions_count_from_1_whatever_was_asked_for(stores: Stores) -> None:
    first = await stores.characters.publish(make_character(version=7))
    second = await stores.characters.publish(make_character(version=7, tagline="Listens well"))
    assert (first.version, second.version) == (1, 2)


async def test_a_published_version_stays_as_it_was(stores: Stores) -> None:
    first = await stores.characters.publish(make_character())
    second = await stores.characters.publish(make_character(persona="Another"))
    assert await stores.characters.get("luna", 1) == first
    assert await stores.characters.get("luna", 2) == second
    assert await stores.characters.get("luna") == second


async def test_the_same_contents_publish_nothing_new(stores: Stores) -> None:
    first = await stores.characters.publish(make_character())
    assert await stores.characters.publish(make_character(version=3)) == first
    with pytest.raises(NotFound):
        await stores.characters.get("luna", 2)


async def test_the_contents_of_an_earlier_version_are_new_again(stores: Stores) -> None:
    await stores.characters.publish(make_character())
    await stores.characters.publish(make_character(persona="Another"))
    third = await stores.characters.publish(make_character())
    assert third == make_character(version=3)
    assert await stores.characters.get("luna") == third


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Sol"},
        {"tagline": "?"},
        {"description": "?"},
        {"greeting": "?"},
        {"persona": "?"},
        {"tags": ("calm", "warm")},
        {"min_tier": Tier.PREMIUM},
        {"card": {"data": {}}},
        {"avatar_url": "https://example.org/luna.png"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_any_other_field_makes_a_version(stores: Stores, change: dict[str, Any]) -> None:
    await stores.characters.publish(make_character())
    changed = await stores.characters.publish(make_character(**change))
    assert changed == make_character(version=2, **change)
    assert await stores.characters.get("luna") == changed


async def test_unknown_characters_and_versions_are_not_found(stores: Stores) -> None:
    await stores.characters.publish(make_character())
    for character_id, version in (("nobody", None), ("nobody", 1), ("luna", 2), ("luna", 0)):
        with pytest.raises(NotFound):
            await stores.characters.get(character_id, version)


async def test_the_list_has_the_latest_versions_by_id_in_pages(stores: Stores) -> None:
    for character_id in ("sol", "luna", "mira"):
        await stores.characters.publish(make_character(character_id))
    newer = await stores.characters.publish(make_character("luna", persona="Another"))
    first = await stores.characters.list(limit=2, after=None)
    assert first == [newer, make_character("mira")]
    assert await stores.characters.list(limit=10, after="mira") == [make_character("sol")]
    assert await stores.characters.list(limit=10, after="sol") == []


async def test_the_same_character_published_20_times_at_once_is_one_version(
    stores: Stores,
) -> None:
    published = await asyncio.gather(
        *(stores.characters.publish(make_character()) for _ in range(20))
    )
    assert published == [make_character()] * 20
    with pytest.raises(NotFound):
        await stores.characters.get("luna", 2)


async def test_different_contents_published_at_once_get_different_versions(
    stores: Stores,
) -> None:
    drafts = [make_character(persona=f"draft {number}") for number in range(20)]
    published = await asyncio.gather(*(stores.characters.publish(draft) for draft in drafts))
    assert sorted(character.version for character in published) == list(range(1, 21))
    for draft, character in zip(drafts, published, strict=True):
        assert character == evolve(draft, version=character.version)
        assert await stores.characters.get("luna", character.version) == character
