"""What was read, written and read again is equal, in every format, whatever a card has in it."""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.cards.character import character_from_card
from domain.characters import CardFile
from entrypoints.card_files.bundle import CardBundle
from entrypoints.card_files.json_text import read_json, write_json
from entrypoints.card_files.png import read_png
from entrypoints.card_files.reading import read_card
from entrypoints.card_files.writing import CardFileOut, Format, write_card
from tests.entrypoints.card_files import makers
from tests.entrypoints.card_files.makers import (
    ANIMATION,
    JPEG,
    PICTURE,
    RISU_FILES,
    WEBP,
    charx,
    encoded,
    png,
    risu_v3,
    silly_png,
    silly_v2,
    text,
)

FORMATS: tuple[Format, ...] = ("json", "png", "charx")
texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00<=:"), max_size=20
)  # without what might be markup; that has its own tests
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
unknown = st.dictionaries(texts.map(lambda key: f"x_{key}"), values, max_size=4)


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    """Cards of any version, with anything unknown at every level."""
    entry = {
        **makers.silly_entry(),
        **draw(unknown),
        "keys": draw(st.lists(texts, max_size=3)),
        "content": draw(texts),
        "use_regex": False,
        "extensions": draw(unknown),
    }
    book = {**draw(unknown), "entries": [entry], "extensions": draw(unknown)}
    data = {
        **draw(unknown),
        "name": draw(st.sampled_from(["Luna", "Луна 🌙", "月"])),
        "description": draw(texts),
        "first_mes": draw(texts),
        "tags": draw(st.lists(texts, max_size=3)),
        "extensions": draw(unknown),
        "character_book": book,
        "assets": [{"type": "x", "uri": "ccdefault:", "name": "", "ext": "", **draw(unknown)}],
    }
    spec = draw(st.sampled_from(["chara_card_v2", "chara_card_v3"]))
    return {**draw(unknown), "spec": spec, "spec_version": f"{spec[-1]}.0", "data": data}


def written(bundle: CardBundle, format_: Format) -> CardFileOut:
    files = [
        CardFile(name, bundle.media_types[name], len(content), "")
        for name, content in bundle.files.items()
    ]
    character = character_from_card(bundle.card, character_id="x", files=files)
    return write_card(format_, bundle.card, bundle.files, name="x", picture=character.picture)


def assert_same(one: Any, other: Any) -> None:
    """Equal as JSON: of the same types, and with the same sign of zero."""
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(cards())
@example({"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "-", "x": -0.0}})
@example({"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "-", "x": 5e-324}})
def test_import_export_import_is_equal(card: dict[str, Any]) -> None:
    first = read_card(json.dumps(card).encode())
    assert_same({**first.card["data"], **card["data"]}, first.card["data"])
    for format_ in FORMATS:
        again = read_card(written(first, format_).content)
        assert_same(again.card, first.card)
        assert again.files == {}


@pytest.mark.parametrize(
    "raw",
    [
        silly_png(),
        silly_png(before_pixels=True),
        png(text("ccv3", encoded(risu_v3())), text("chara-ext-asset_:0", b"AAAA")),
        ANIMATION[: -len(makers.END)] + text("chara", encoded(silly_v2())) + makers.END,
        charx(risu_v3(), RISU_FILES),
        charx(risu_v3(), {**RISU_FILES, "assets/icon/image/1.png": WEBP}),
        charx(risu_v3(), {**RISU_FILES, "assets/icon/image/1.png": silly_png()}),
        charx(risu_v3(), {"assets/icon/image/ü \U0001f642.png": PICTURE}),
        JPEG + charx(risu_v3()),
    ],
    ids=["png", "early", "assets", "apng", "charx", "webp", "card in icon", "odd name", "jpeg"],
)
@pytest.mark.parametrize("format_", ["png", "charx"])
def test_files_come_back_as_they_were(raw: bytes, format_: Format) -> None:
    first = read_card(raw)
    assert first.files
    again = read_card(written(first, format_).content)
    assert again.files == first.files
    assert_same(again.card, first.card)
    assert written(again, format_).content == written(first, format_).content


def test_a_png_has_both_cards_and_v2_knows_nothing_of_v3() -> None:
    book = {
        "entries": [
            makers.silly_entry(content="@@depth 4\n@@@instruct_depth 3\n\nBuilt in 1871.", odd=1)
        ],
        "extensions": {"a": 1},
    }
    card = risu_v3(character_book=book, unknown={"a": 1})
    out = written(read_card(json.dumps(card).encode()), "png")
    assert (out.media_type, out.name) == ("image/png", "x.png")
    found = read_png(out.content)
    assert json.loads(found.card) == card
    v2 = _chunk(out.content, b"chara")
    assert (v2["spec"], v2["spec_version"]) == ("chara_card_v2", "2.0")
    for field in ("nickname", "assets", "source", "group_only_greetings", "creation_date",
                  "modification_date", "creator_notes_multilingual"):  # fmt: skip
        assert field not in v2["data"], field
    assert v2["data"]["extensions"] == card["data"]["extensions"]
    assert v2["data"]["unknown"] == {"a": 1}
    assert v2["data"]["creator_notes"].endswith(card["data"]["creator_notes"])
    assert "Character Card V3" in v2["data"]["creator_notes"]
    [entry] = v2["data"]["character_book"]["entries"]
    assert entry["content"] == "Built in 1871."
    assert "use_regex" not in entry
    assert entry["odd"] == 1


def test_what_we_write_others_can_read() -> None:
    bundle = read_card(charx(risu_v3(), RISU_FILES))
    out = written(bundle, "charx")
    assert out.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(out.content)) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("card.json")) == risu_v3()
        assert {name: archive.read(name) for name in RISU_FILES} == RISU_FILES
    assert json.loads(written(bundle, "json").content) == risu_v3()


def test_a_card_without_a_picture_gets_a_stand_in_of_its_own_colours() -> None:
    pictures = set()
    for name in ("Luna", "Sol"):
        out = written(read_card(json.dumps(silly_v2(name=name)).encode()), "png")
        picture = read_png(out.content).picture
        assert picture is None, "it does not come back as the card's"
        pictures.add(out.content[: out.content.index(b"tEXt")])
    assert len(pictures) == 2


def test_writing_is_the_same_each_time() -> None:
    bundle = read_card(charx(risu_v3(), RISU_FILES))
    for format_ in FORMATS:
        assert written(bundle, format_).content == written(bundle, format_).content


@given(values.filter(lambda value: isinstance(value, dict)))
def test_json_comes_back_as_it_was(value: Mapping[str, Any]) -> None:
    assert_same(read_json(write_json(value)), value)


def _chunk(raw: bytes, keyword: bytes) -> Any:
    start = raw.index(b"tEXt" + keyword + b"\0")
    length = int.from_bytes(raw[start - 4 : start])
    return json.loads(base64.b64decode(raw[start + 5 + len(keyword) : start + 4 + length]))
