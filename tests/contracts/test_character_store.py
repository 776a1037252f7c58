"""What every store of characters promises."""

import asyncio
import json
from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.characters import CardFile, Rating
from domain.errors import Conflict, NotFound
from tests.contracts.builders import make_character
from tests.contracts.stores import Stores

CONTENT = bytes(range(256)) * 3
DIGEST = sha256(CONTENT).hexdigest()
PICTURE = CardFile("assets/main.png", "image/png", len(CONTENT), DIGEST)


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


async def test_a_card_keeps_every_value_that_json_has(stores: Stores) -> None:
    deep: Any = "\\u0000 is only text"
    for _ in range(60):
        deep = {"": [deep]}
    odd = [-0.0, 5e-324, 1.7976931348623157e308, 0.1, 2**63 - 1, -(2**63) + 1, "", "\u2028\uffff",
           "\U0001f469\u200d\U0001f680", {"b": 1, "a": 2}, [], {}, False, 0, 1, 1.0,
           deep]  # fmt: skip
    await stores.characters.publish(make_character(card={"data": {"odd": odd}}))
    kept = (await stores.characters.get("luna")).card
    assert json.dumps(kept) == json.dumps({"data": {"odd": odd}})


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
        {"rating": Rating.ADULT},
        {"files": (PICTURE,)},
        {"picture": "assets/main.png"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_any_other_field_makes_a_version(stores: Stores, change: dict[str, Any]) -> None:
    await stores.characters.publish(make_character())
    changed = await stores.characters.publish(make_character(**change))
    assert changed == make_character(version=2, **change)
    assert await stores.characters.get("luna") == changed


async def test_truth_is_no_number(stores: Stores) -> None:
    for number, odd in enumerate((False, 0, True, 1, [{"a": True}], [{"a": 1}]), start=1):
        published = await stores.characters.publish(make_character(card={"data": odd}))
        assert published.version == number
        assert json.dumps((await stores.characters.get("luna")).card["data"]) == json.dumps(odd)


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
    assert first == [evolve(newer, card={}), make_character("mira", card={})]
    assert await stores.characters.list(limit=10, after="mira") == [make_character("sol", card={})]
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


async def test_versions_are_listed_newest_first_without_their_cards(stores: Stores) -> None:
    for number in range(5):
        await stores.characters.publish(make_character(persona=f"draft {number}"))
    listed = await stores.characters.list_versions("luna", limit=2, before=None)
    assert listed == [
        make_character(version=5, persona="draft 4", card={}),
        make_character(version=4, persona="draft 3", card={}),
    ]
    rest = await stores.characters.list_versions("luna", limit=10, before=4)
    assert [one.version for one in rest] == [3, 2, 1]
    assert await stores.characters.list_versions("luna", limit=10, before=10**15) != []
    assert await stores.characters.list_versions("nobody", limit=10, before=None) == []


async def test_a_new_character_does_not_take_the_id_of_another(stores: Stores) -> None:
    first = await stores.characters.publish(make_character(), is_new=True)
    assert first.version == 1
    with pytest.raises(Conflict):
        await stores.characters.publish(make_character(persona="Another"), is_new=True)
    assert await stores.characters.get("luna") == first


async def test_a_new_character_may_be_one_that_is_known(stores: Stores) -> None:
    first = await stores.characters.publish(make_character())
    assert await stores.characters.publish(make_character(), is_new=True) == first
    await stores.characters.publish(make_character(persona="Another"))
    again = await stores.characters.publish(make_character(), is_new=True)
    assert again == make_character(version=3)


async def test_of_20_new_characters_at_once_one_gets_the_id(stores: Stores) -> None:
    drafts = [make_character(persona=f"draft {number}") for number in range(20)]
    results = await asyncio.gather(
        *(stores.characters.publish(draft, is_new=True) for draft in drafts),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Conflict) for one in results) == 19
    assert (await stores.characters.get("luna")).version == 1


async def test_contents_are_known_whichever_version_had_them(stores: Stores) -> None:
    assert not await stores.characters.is_known(make_character())
    await stores.characters.publish(make_character())
    await stores.characters.publish(make_character(persona="Another"))
    assert await stores.characters.is_known(make_character())
    assert await stores.characters.is_known(make_character(persona="Another", version=9))
    assert not await stores.characters.is_known(make_character(persona="A third"))


async def test_files_are_kept_as_they_came(stores: Stores) -> None:
    empty = CardFile("x/leer 🙂.bin", "application/octet-stream", 0, sha256(b"").hexdigest())
    character = make_character(files=(PICTURE, empty), picture=PICTURE.name)
    contents = {PICTURE.digest: CONTENT, empty.digest: b""}
    published = await stores.characters.publish(character, contents)
    assert (await stores.characters.get("luna")).files == (PICTURE, empty)
    files = await stores.characters.read_files("luna", published.files)
    assert files == {PICTURE.name: CONTENT, empty.name: b""}
    assert await stores.characters.read_files("luna", []) == {}


async def test_a_next_version_need_not_bring_the_same_files_again(stores: Stores) -> None:
    await stores.characters.publish(make_character(files=(PICTURE,)), {DIGEST: CONTENT})
    second = await stores.characters.publish(make_character(files=(PICTURE,), persona="Another"))
    assert await stores.characters.read_files("luna", second.files) == {PICTURE.name: CONTENT}
    third = await stores.characters.publish(make_character(files=(PICTURE,)), {DIGEST: CONTENT})
    assert third.version == 3


async def test_the_files_of_one_character_are_not_those_of_another(stores: Stores) -> None:
    await stores.characters.publish(make_character(files=(PICTURE,)), {DIGEST: CONTENT})
    with pytest.raises(NotFound):
        await stores.characters.read_files("sol", [PICTURE])
    with pytest.raises(NotFound):
        await stores.characters.read_files("luna", [evolve(PICTURE, digest="0" * 64)])
