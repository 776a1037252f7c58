"""How characters come in, under which id, and what stays of them."""

import asyncio
from typing import Any

import pytest

from adapters.in_memory.character_store import InMemoryCharacterStore
from adapters.in_memory.database import InMemoryDatabase
from application.characters.export_character import ExportCharacter
from application.characters.get_picture import GetPicture
from application.characters.import_character import ImportCharacter, ImportCharacterCommand
from application.characters.import_lorebook import ImportLorebook
from application.characters.list_versions import ListVersions
from application.characters.publish_characters import PublishCharacters
from application.characters.replace_card import ReplaceCard, ReplaceCardCommand
from domain.cards.character import character_from_card
from domain.characters import Character
from domain.errors import Conflict, InvalidRequest, NotFound

ICON = "assets/icon/images/main.png"


def card_of(name: str = "Luna", own_id: str | None = None, **data: Any) -> dict[str, Any]:
    extensions = {} if own_id is None else {"companion": {"id": own_id}}
    return {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {"name": name, "extensions": extensions, **data},
    }


@pytest.fixture
def store() -> InMemoryCharacterStore:
    return InMemoryCharacterStore(InMemoryDatabase())


async def bring(
    store: InMemoryCharacterStore,
    card: dict[str, Any],
    files: dict[str, bytes] | None = None,
    **more: Any,
) -> Character:
    files = files or {}
    media_types = dict.fromkeys(files, "image/png")
    command = ImportCharacterCommand(card, files, media_types, **more)
    return await ImportCharacter(store)(command)


async def test_the_id_is_the_cards_then_the_wish_then_the_names(
    store: InMemoryCharacterStore,
) -> None:
    assert (await bring(store, card_of(own_id="own"), character_id="wish")).id == "own"
    assert (await bring(store, card_of(), character_id="wish")).id == "wish"
    assert (await bring(store, card_of())).id == "luna"


async def test_the_same_card_again_changes_nothing(store: InMemoryCharacterStore) -> None:
    for more in ({}, {"character_id": "wish"}):
        first = await bring(store, card_of(), {ICON: b"1"}, **more)
        assert await bring(store, card_of(), {ICON: b"1"}, **more) == first
        assert first.version == 1


async def test_a_namesake_gets_a_number_and_keeps_it(store: InMemoryCharacterStore) -> None:
    cards = [card_of(description=str(number)) for number in range(3)]
    ids = [(await bring(store, card)).id for card in cards]
    assert ids == ["luna", "luna-2", "luna-3"]
    again = [await bring(store, card) for card in cards]
    assert [(one.id, one.version) for one in again] == [(id_, 1) for id_ in ids]


async def test_namesakes_that_come_at_once_get_different_ids(
    store: InMemoryCharacterStore,
) -> None:
    cards = [card_of(description=str(number)) for number in range(10)]
    brought = await asyncio.gather(*(bring(store, card) for card in cards + cards))
    assert len({one.id for one in brought}) == 10
    assert {one.version for one in brought} == {1}
    assert [one.id for one in brought[:10]] == [one.id for one in brought[10:]]


async def test_a_card_that_was_changed_since_is_still_known(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of(description="first"))
    await bring(store, card_of(description="second"), character_id="luna")
    back = await bring(store, card_of(description="first"))
    assert (back.id, back.version) == ("luna", 3)


async def test_a_card_with_an_id_is_the_next_version(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of(own_id="lu"))
    second = await bring(store, card_of(own_id="lu", description="new"))
    assert (second.id, second.version) == ("lu", 2)


async def test_another_picture_is_another_version(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of(own_id="lu"), {ICON: b"1"})
    second = await bring(store, card_of(own_id="lu"), {ICON: b"2"})
    assert second.version == 2
    assert (await ExportCharacter(store)("lu")).files == {ICON: b"2"}
    assert (await ExportCharacter(store)("lu", 1)).files == {ICON: b"1"}


async def test_a_form_without_files_takes_none_away(store: InMemoryCharacterStore) -> None:
    first = await bring(store, card_of(), {ICON: b"1"})
    assert await bring(store, card_of(), keeps_files=True) == first
    changed = await bring(store, card_of(description="x"), keeps_files=True, character_id="luna")
    assert (changed.version, changed.picture) == (2, ICON)
    without = await bring(store, card_of(description="x"), character_id="luna")
    assert (without.version, without.files) == (3, ())


async def test_a_hundred_namesakes_are_enough(store: InMemoryCharacterStore) -> None:
    for number in range(100):
        await bring(store, card_of(description=str(number)))
    with pytest.raises(Conflict):
        await bring(store, card_of(description="one more"))


async def test_another_card_keeps_id_and_files(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of(), {ICON: b"1"})
    command = ReplaceCardCommand("luna", card_of("Lulu", own_id="luna"))
    changed = await ReplaceCard(store)(command)
    assert (changed.id, changed.name, changed.version) == ("luna", "Lulu", 2)
    assert (await ExportCharacter(store)("luna")).files == {ICON: b"1"}
    assert await ReplaceCard(store)(command) == changed


async def test_another_card_must_not_be_somebody_elses(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of())
    with pytest.raises(InvalidRequest) as refused:
        await ReplaceCard(store)(ReplaceCardCommand("luna", card_of(own_id="mira")))
    assert refused.value.param == "data.extensions.companion.id"
    with pytest.raises(NotFound):
        await ReplaceCard(store)(ReplaceCardCommand("nobody", card_of()))


async def test_a_lorebook_becomes_a_part_of_the_card(store: InMemoryCharacterStore) -> None:
    first = await bring(store, card_of(description="Calm."), {ICON: b"1"})
    book = {"entries": [{"keys": ["a"], "content": "b"}], "extensions": {}}
    second = await ImportLorebook(store)("luna", book)
    assert second.version == 2
    assert second.card["data"] == {**first.card["data"], "character_book": book}
    assert second.files == first.files
    assert await ImportLorebook(store)("luna", book) == second
    with pytest.raises(NotFound):
        await ImportLorebook(store)("nobody", book)


async def test_versions_are_listed_newest_first_in_pages(store: InMemoryCharacterStore) -> None:
    for number in range(3):
        await bring(store, card_of(own_id="lu", description=str(number)))
    page = await ListVersions(store)("lu", limit=2, cursor=None)
    assert [one.version for one in page.items] == [3, 2]
    rest = await ListVersions(store)("lu", limit=2, cursor=page.next_cursor)
    assert ([one.version for one in rest.items], rest.next_cursor) == ([1], None)
    with pytest.raises(NotFound):
        await ListVersions(store)("nobody", limit=2, cursor=None)


async def test_a_picture_is_read_only_by_those_who_lack_it(store: InMemoryCharacterStore) -> None:
    await bring(store, card_of(), {ICON: b"1"})
    picture = await GetPicture(store)("luna", lambda _: False)
    assert picture.content == b"1"
    known = await GetPicture(store)("luna", lambda digest: digest == picture.file.digest)
    assert (known.content, known.file) == (None, picture.file)
    await bring(store, card_of("Sol"))
    with pytest.raises(NotFound):
        await GetPicture(store)("sol", lambda _: False)


async def test_what_ships_does_not_undo_what_an_administrator_changed(
    store: InMemoryCharacterStore,
) -> None:
    shipped = character_from_card(card_of(own_id="mira"))
    [first] = await PublishCharacters(store)([shipped])
    assert first.version == 1
    edited = await ReplaceCard(store)(ReplaceCardCommand("mira", card_of(description="edited")))
    [kept] = await PublishCharacters(store)([shipped])
    assert kept == edited
    newer = character_from_card(card_of(own_id="mira", description="of the next release"))
    [published] = await PublishCharacters(store)([newer])
    assert published.version == 3
