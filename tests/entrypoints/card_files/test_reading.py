"""Cards of other programs, as those write them."""

import base64
import json
import struct
import zlib
from typing import Any

import pytest

from domain.errors import InvalidRequest
from entrypoints.card_files.images import media_type_of
from entrypoints.card_files.reading import read_card, read_lorebook
from tests.entrypoints.card_files import makers
from tests.entrypoints.card_files.makers import (
    ANIMATION,
    GIF,
    JPEG,
    PICTURE,
    RISU_FILES,
    WEBP,
    charx,
    chunk,
    encoded,
    png,
    risu_v3,
    silly_png,
    silly_v2,
    text,
)

OWN = "assets/icon/images/main"


def as_json(card: Any) -> bytes:
    return json.dumps(card, ensure_ascii=False).encode()


@pytest.mark.parametrize("make", [makers.silly_v2, makers.chub_v2, makers.agnai_v2])
def test_all_that_a_v2_card_has_is_in_the_v3_card(make: Any) -> None:
    card = make()
    read = read_card(as_json(card))
    assert read.form == "v2"
    assert (read.card["spec"], read.card["spec_version"]) == ("chara_card_v3", "3.0")
    assert read.card["data"] == {"group_only_greetings": [], **card["data"]}
    for key in card.keys() - {"spec", "spec_version", "data"}:
        assert read.card[key] == card[key], key


def test_a_v3_card_comes_back_as_it_was() -> None:
    card = {**risu_v3(unknown={"a": [1, 2.5, None]}), "beside": True}
    assert read_card(as_json(card)).card == card


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.12", "4.0"])
def test_later_versions_are_taken_and_keep_their_number(version: str) -> None:
    card = {**risu_v3(), "spec_version": version}
    assert read_card(as_json(card)).card == card


def test_a_v3_card_that_does_not_say_which_is_the_first() -> None:
    card = risu_v3()
    del card["spec_version"]
    assert read_card(as_json(card)).card == risu_v3()


def test_a_v1_card_becomes_v3_and_keeps_the_rest_beside_it() -> None:
    read = read_card(as_json(makers.v1(creatorcomment="For evenings.")))
    data = read.card["data"]
    assert read.form == "v1"
    assert data["description"] == "{{char}} keeps the lighthouse."
    assert data["creator_notes"] == "For evenings."
    assert data["extensions"] == {}
    assert data["group_only_greetings"] == data["tags"] == []
    assert read.card["avatar"] == "none"
    assert read.card["creatorcomment"] == "For evenings."


def test_the_names_of_the_text_generation_web_ui_are_known() -> None:
    card = {"char_name": "Luna", "char_persona": "Calm.", "char_greeting": "Hi.",
            "world_scenario": "", "example_dialogue": "x"}  # fmt: skip
    read = read_card(as_json(card))
    assert (read.card["data"]["name"], read.card["data"]["first_mes"]) == ("Luna", "Hi.")
    assert read.card["char_persona"] == read.card["data"]["description"] == "Calm."


@pytest.mark.parametrize("before_pixels", [True, False])
def test_a_png_of_silly_tavern_gives_its_v3_card_and_its_picture(before_pixels: bool) -> None:  # noqa: FBT001 - a parameter of the test
    read = read_card(silly_png(before_pixels=before_pixels))
    assert (read.form, read.container) == ("v3", "png")
    assert read.card["data"] == silly_v2()["data"]
    assert read.files == {f"{OWN}.png": PICTURE}


def test_the_v3_card_is_preferred_whatever_comes_first() -> None:
    two = text("chara", encoded(silly_v2(name="Old"))), text("ccv3", encoded(risu_v3(name="New")))
    for chunks in (two, two[::-1]):
        assert read_card(png(*chunks)).card["data"]["name"] == "New"


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.rstrip(b"="),
        lambda code: code + b"\n",
        lambda code: b"\r\n".join(code[at : at + 76] for at in range(0, len(code), 76)),
        lambda code: code.translate(bytes.maketrans(b"+/", b"-_")),
    ],
    ids=["no padding", "line feed", "lines", "for addresses"],
)
def test_base64_is_read_as_programs_write_it(change: Any) -> None:
    for name in ("L", "Lu", "Lun", "Łuna~?>"):
        card = silly_v2(name=name)
        assert read_card(png(text("chara", change(encoded(card))))).card["data"]["name"] == name


def test_other_kinds_of_text_chunks_are_read() -> None:
    code = encoded(silly_v2())
    packed = zlib.compress(code)
    kinds = (
        chunk(b"zTXt", b"chara\0\0" + packed),
        chunk(b"iTXt", b"chara\0\0\0\0\0" + code),
        chunk(b"iTXt", b"chara\0\1\0en\0Figur\0" + packed),
    )
    for one in kinds:
        assert read_card(png(one)).card["data"]["name"] == "Luna"


def test_an_animation_stays_one() -> None:
    raw = ANIMATION[: -len(makers.END)] + text("chara", encoded(silly_v2())) + makers.END
    read = read_card(raw)
    assert read.files == {f"{OWN}.png": ANIMATION}
    assert set(read.media_types.values()) == {"image/apng"}


def test_assets_in_chunks_are_kept() -> None:
    asset = text("chara-ext-asset_:lamp/0", base64.b64encode(WEBP))
    read = read_card(png(asset, text("ccv3", encoded(risu_v3()))))
    assert read.files["lamp/0"] == WEBP
    assert read.files[f"{OWN}.png"] == PICTURE


def test_an_archive_of_risu_gives_card_and_all_files() -> None:
    read = read_card(charx(risu_v3(), RISU_FILES))
    assert read.card == risu_v3()
    assert read.files == RISU_FILES
    assert read.media_types["assets/other/image/lamp.webp"] == "image/webp"
    assert read.media_types["module.risum"] == "application/octet-stream"


@pytest.mark.parametrize("files", [{}, RISU_FILES])
def test_an_archive_may_stand_behind_a_picture(files: dict[str, bytes]) -> None:
    read = read_card(JPEG + charx(risu_v3(), files))
    assert read.card == risu_v3()
    assert read.files == (files or {f"{OWN}.jpg": JPEG})


def test_offsets_of_an_archive_may_count_the_picture() -> None:
    archive = charx(risu_v3())
    end = archive.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", archive, end + 16)[0]
    entry = archive.index(b"PK\x01\x02")
    moved = bytearray(archive)
    struct.pack_into("<L", moved, end + 16, start + len(JPEG))
    struct.pack_into("<L", moved, entry + 42, len(JPEG))
    assert read_card(JPEG + bytes(moved)).files == {f"{OWN}.jpg": JPEG}


def test_folders_in_an_archive_are_no_files() -> None:
    assert read_card(charx(risu_v3(), {"assets/": b"", "assets/a.bin": b"1"})).files == {
        "assets/a.bin": b"1"
    }


def test_a_picture_inside_of_its_address_is_kept() -> None:
    uri = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    icon = {"type": "icon", "name": "main", "ext": "png", "uri": uri}
    read = read_card(as_json(risu_v3(assets=[icon])))
    assert read.files == {f"{OWN}.png": PICTURE}
    assert read.card["data"]["assets"] == [icon]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PICTURE, "image/png"),
        (ANIMATION, "image/apng"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (b"<svg onload=alert(1)>", "application/octet-stream"),
        (b"<html>", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"RIFF\0\0\0\0WAVEfmt ", "application/octet-stream"),
        (makers.SIGNATURE, "application/octet-stream"),
    ],
)
def test_pictures_are_told_by_their_first_bytes(content: bytes, kind: str) -> None:
    assert media_type_of(content) == kind


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_card(b"\xef\xbb\xbf" + as_json(silly_v2())).form == "v2"


@pytest.mark.parametrize(
    "raw", [PICTURE, JPEG, GIF, WEBP, b"", b"nothing", b"[]", b"{}", b'{"name": "Luna"}'],
    ids=repr,
)  # fmt: skip
def test_what_is_no_card_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_card(raw)


def test_a_lorebook_is_no_card_but_a_card_may_bring_one() -> None:
    book = {"spec": "lorebook_v3", "data": {"entries": [], "extensions": {}}}
    with pytest.raises(InvalidRequest, match="lorebook"):
        read_card(as_json(book))
    with pytest.raises(InvalidRequest, match="lorebook"):
        read_card(as_json(makers.world_info()))
    assert read_lorebook(as_json(book)) == book["data"]
    for raw in (silly_png(), charx(silly_v2()), as_json(silly_v2())):
        assert len(read_lorebook(raw)["entries"]) == 2
