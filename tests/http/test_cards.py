"""Cards in and out over HTTP."""

import asyncio
import json
from collections.abc import Mapping
from random import randbytes
from typing import Any

import pytest

from domain.characters import Character as DomainCharacter
from entrypoints.card_files.limits import MAX_CARD, MAX_FILE
from entrypoints.card_files.reading import read_card
from tests.entrypoints.card_files.makers import (
    GIF,
    JPEG,
    PICTURE,
    RISU_FILES,
    charx,
    encoded,
    png,
    risu_v3,
    silly_entry,
    silly_png,
    silly_v2,
    text,
    world_info,
)
from tests.http.api import FREE_CHARACTER, Api, Reply, serving

IMPORT = "/v1/admin/characters/import"


async def bring(
    api: Api, raw: bytes, *, query: str = "", kind: str = "application/octet-stream", **more: Any
) -> Reply:
    headers = {"Content-Type": kind, **more.pop("headers", {})}
    return await api("POST", IMPORT + query, data=raw, headers=headers, **{"by": "root", **more})


async def brought(api: Api, raw: bytes, **more: Any) -> Any:
    reply = await bring(api, raw, **more)
    assert reply.status == 201, reply.body
    return reply.json


def as_json(card: Mapping[str, Any]) -> bytes:
    return json.dumps(card).encode()


async def test_a_card_becomes_a_character(api: Api) -> None:
    made = await brought(api, silly_png(), kind="image/png")
    assert (made["id"], made["name"], made["version"]) == ("luna", "Luna", 1)
    assert (made["form"], made["container"]) == ("v3", "png")
    assert made["persona_tokens"] > 0
    shown = (await api("GET", "/v1/config/characters/luna", by=None)).json
    assert shown["greeting"] == "Good evening, you."
    assert shown["description"] == "A quiet one. Made for evenings."
    assert shown["avatar_url"] == made["avatar_url"] == "/v1/config/characters/luna/avatar"
    api.model.script()
    assert (await api.say(model="luna")).status == 200


@pytest.mark.parametrize(
    "kind", ["application/octet-stream", "image/png", "application/json", "application/zip",
             "text/plain", "application/json; charset=utf-16"]
)  # fmt: skip
async def test_what_the_body_says_it_is_does_not_matter(api: Api, kind: str) -> None:
    for raw in (silly_png(), charx(risu_v3(), RISU_FILES), as_json(silly_v2())):
        await brought(api, raw, kind=kind)


async def test_a_form_with_one_file_will_do(api: Api) -> None:
    def form(*names: str) -> bytes:
        parts = b"".join(
            b'--b\r\nContent-Disposition: form-data; name="%s"; filename="x.png"\r\n\r\n%s\r\n'
            % (name.encode(), silly_png())
            for name in names
        )
        return parts + b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--b--\r\n'

    kind = "multipart/form-data; boundary=b"
    assert (await brought(api, form("card"), kind=kind))["id"] == "luna"
    for raw in (form(), form("a", "b"), b"", b"--b", b"--b--\r\n", silly_png()):
        reply = await bring(api, raw, kind=kind)
        assert (reply.status, reply.error["code"]) == (400, "invalid_request"), raw[:20]
    no_boundary = await bring(api, form("card"), kind="multipart/form-data")
    assert no_boundary.status == 400


async def test_the_same_card_again_is_the_same_version(api: Api) -> None:
    first = await brought(api, silly_png())
    assert await brought(api, silly_png()) == first
    assert (await brought(api, silly_png(), query="?id=other"))["id"] == "other"


@pytest.mark.parametrize("format_", ["json", "png", "charx"])
async def test_what_goes_out_comes_in_as_the_same_version(api: Api, format_: str) -> None:
    card = {**risu_v3(unknown={"ü": [1, 2.5, None, {"🌙": ""}]}), "beside": True}
    first = await brought(api, charx(card, RISU_FILES))
    out = await api("GET", f"/v1/config/characters/luna/card?format={format_}", by=None)
    assert read_card(out.body).card == card
    again = await brought(api, out.body)
    assert (again["id"], again["version"]) == (first["id"], 1)
    admin = await api("GET", f"/v1/admin/characters/luna/export?format={format_}", by="root")
    assert admin.body == out.body


async def test_files_have_their_types_and_names(api: Api) -> None:
    await brought(api, silly_png())
    for query, kind, name in (
        ("", "application/json", "luna.json"),
        ("?format=json", "application/json", "luna.json"),
        ("?format=png", "image/png", "luna.png"),
        ("?format=charx", "application/zip", "luna.charx"),
    ):
        out = await api("GET", f"/v1/config/characters/luna/card{query}", by=None)
        assert out.headers["content-type"] == kind
        assert out.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert out.headers["x-content-type-options"] == "nosniff"
    wrong = await api("GET", "/v1/config/characters/luna/card?format=gif", by=None)
    assert (wrong.status, wrong.error["param"]) == (422, "format")


async def test_the_picture_is_public_and_read_once(api: Api) -> None:
    await brought(api, silly_png())
    picture = await api("GET", "/v1/config/characters/luna/avatar", by=None)
    assert (picture.status, picture.body) == (200, PICTURE)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "public" in picture.headers["cache-control"]
    for known in (picture.headers["etag"], f'"x", W/{picture.headers["etag"]}', "*"):
        again = await api(
            "GET", "/v1/config/characters/luna/avatar", by=None, headers={"If-None-Match": known}
        )
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == picture.headers["etag"]
    stale = await api(
        "GET", "/v1/config/characters/luna/avatar", by=None, headers={"If-None-Match": '"x"'}
    )
    assert stale.status == 200


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "image/jpeg"), (GIF, "image/gif")])
async def test_the_picture_is_what_its_bytes_say(api: Api, content: bytes, kind: str) -> None:
    await brought(api, charx(risu_v3(), {"assets/icon/image/1.png": content}))
    picture = await api("GET", "/v1/config/characters/luna/avatar", by=None)
    assert (picture.headers["content-type"], picture.body) == (kind, content)


@pytest.mark.parametrize("content", [b"<html><script>", b"<svg xmlns='x'/>", b"RIFF", b""])
async def test_what_is_no_picture_is_not_served_as_one(api: Api, content: bytes) -> None:
    made = await brought(api, charx(risu_v3(), {"assets/icon/image/1.png": content}))
    assert made["avatar_url"] is None
    for name in ("luna", FREE_CHARACTER, "nobody"):
        picture = await api("GET", f"/v1/config/characters/{name}/avatar", by=None)
        assert picture.status == 404


async def test_administrators_see_characters_and_their_versions(api: Api) -> None:
    await brought(api, silly_png())
    await brought(api, as_json(silly_v2(description="new")), query="?id=luna")
    listed = (await api("GET", "/v1/admin/characters?limit=100", by="root")).json["data"]
    luna = next(one for one in listed if one["id"] == "luna")
    assert (luna["version"], luna["files"][0]["media_type"]) == (2, "image/png")
    assert {FREE_CHARACTER, "luna"} <= {one["id"] for one in listed}
    path = "/v1/admin/characters/luna/versions"
    page = (await api("GET", f"{path}?limit=1", by="root")).json
    assert [one["version"] for one in page["data"]] == [2]
    rest = (await api("GET", f"{path}?cursor={page['next_cursor']}", by="root")).json
    assert ([one["version"] for one in rest["data"]], rest["next_cursor"]) == ([1], None)
    missing = await api("GET", "/v1/admin/characters/nobody/versions", by="root")
    assert missing.status == 404


async def test_an_earlier_version_can_be_taken_out(api: Api) -> None:
    await brought(api, silly_png())
    await brought(api, as_json(silly_v2(name="New")), query="?id=luna")
    path = "/v1/admin/characters/luna/export"
    first = await api("GET", f"{path}?version=1", by="root")
    assert first.json["data"]["name"] == "Luna"
    assert (await api("GET", path, by="root")).json["data"]["name"] == "New"
    assert (await api("GET", f"{path}?version=3", by="root")).status == 404
    for wrong in ("0", "x", "-1", "1.0", "9" * 20):
        assert (await api("GET", f"{path}?version={wrong}", by="root")).status == 422


async def test_a_card_can_be_replaced(api: Api) -> None:
    await brought(api, silly_png())
    card = {**risu_v3(assets=None), "beside": 1}
    changed = await api("PUT", "/v1/admin/characters/luna", by="root", body=card)
    assert (changed.status, changed.json["version"]) == (200, 2)
    assert changed.json["avatar_url"] is not None
    assert (await api("GET", "/v1/config/characters/luna/card", by=None)).json == card
    again = await api("PUT", "/v1/admin/characters/luna", by="root", body=card)
    assert again.json == changed.json
    missing = await api("PUT", "/v1/admin/characters/nobody", by="root", body=card)
    assert missing.status == 404
    wrongs: tuple[Any, ...] = ({}, [], {"spec": "x"}, silly_v2(name=""))
    for wrong in wrongs:
        reply = await api("PUT", "/v1/admin/characters/luna", by="root", body=wrong)
        assert (reply.status, reply.error["code"]) == (422, "invalid_request")
    picture = await api("PUT", "/v1/admin/characters/luna", by="root", data=silly_png())
    assert picture.status == 422


async def test_a_lorebook_can_be_given(api: Api) -> None:
    await brought(api, silly_png())
    path = "/v1/admin/characters/luna/lorebook"
    given = await api("POST", path, by="root", body=world_info())
    assert (given.status, given.json["version"]) == (200, 2)
    card = (await api("GET", "/v1/config/characters/luna/card", by=None)).json
    assert [one["id"] for one in card["data"]["character_book"]["entries"]] == [0, 7]
    assert card["data"]["extensions"] == silly_v2()["data"]["extensions"]
    character = await api.use_cases.get_character()("luna")
    assert isinstance(character, DomainCharacter)
    assert character.card["data"]["character_book"]["name"] == "Sea"
    refused = await api("POST", path, by="root", body={"entries": [{"keys": 1}]})
    assert refused.status == 422
    missing = await api(
        "POST", "/v1/admin/characters/nobody/lorebook", by="root", body=world_info()
    )
    assert missing.status == 404


async def test_a_key_makes_an_import_happen_once(api: Api) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = await bring(api, silly_png(), headers=headers)
    again = await bring(api, silly_png(), headers=headers)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    for raw, query in ((silly_png(silly_v2(name="Sol")), ""), (silly_png(), "?id=x")):
        other = await bring(api, raw, headers=headers, query=query)
        assert (other.status, other.error["code"]) == (422, "idempotency_key_reused")


async def test_only_administrators_may(api: Api) -> None:
    for method, path in (
        ("POST", IMPORT),
        ("GET", "/v1/admin/characters"),
        ("PUT", "/v1/admin/characters/mira"),
        ("POST", "/v1/admin/characters/mira/lorebook"),
        ("GET", "/v1/admin/characters/mira/versions"),
        ("GET", "/v1/admin/characters/mira/export"),
    ):
        assert (await api(method, path, data=silly_png())).status == 403, path
        assert (await api(method, path, by=None, data=silly_png())).status == 401, path


async def test_this_route_takes_larger_bodies_and_no_other_does(api: Api) -> None:
    big = as_json(silly_v2(unknown="x" * 3_000_000))
    assert (await bring(api, big)).status == 201
    largest = await bring(api, charx(silly_v2(), {"a.bin": randbytes(MAX_FILE - 10_000)}))
    assert (largest.status, largest.json["files"][0]["size"]) == (201, MAX_FILE - 10_000)
    for raw, path in (
        (b"x" * (MAX_FILE + 1), IMPORT),
        (b"x" * (MAX_CARD + 1), "/v1/admin/characters/mira/lorebook"),
        (b"x" * 300_000, "/v1/admin/users/ann/credits"),
    ):
        reply = await api("POST", path, by="root", data=raw, headers={"Idempotency-Key": "k"})
        assert (reply.status, reply.error["code"]) == (413, "payload_too_large"), path
    chat = await api("POST", "/v1/chat/completions", data=b"x" * 300_000)
    assert chat.status == 413


async def test_a_body_that_nobody_may_send_is_not_kept(api: Api) -> None:
    """It waits at the socket until it is known who sends it."""
    async with serving(api.app) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(
            b"POST /v1/admin/characters/import HTTP/1.1\r\nHost: x\r\n"
            b"Content-Length: 16000000\r\n\r\n"
        )
        writer.write(bytes(1_000_000))
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        assert b" 401 " in answer
        writer.close()


async def test_a_body_without_a_length_is_bounded_too(api: Api) -> None:
    token = await api.token("root", admin=True)
    async with serving(api.app) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(
            b"POST /v1/admin/characters/import HTTP/1.1\r\nHost: x\r\n"
            b"Authorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n" % token.encode()
        )
        piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        for _ in range(17):
            writer.write(piece)
            await writer.drain()
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        assert b" 413 " in answer
        writer.close()


async def test_hostile_files_leave_nothing_behind(api: Api) -> None:
    before = (await api("GET", "/v1/admin/characters?limit=100", by="root")).json
    for raw in (
        b"",
        charx(risu_v3(), {"../x": b"1"}),
        charx(risu_v3(), {"a": bytes(30_000_000)}),
        png(text("ccv3", b"????")),
        as_json(silly_v2(description="<script>alert(1)</script>")),
        as_json(silly_v2(character_book={"entries": [silly_entry(keys=["/(a+)+$/"])]})),
        as_json(silly_v2(extensions={"companion": {"id": "../../etc"}})),
        b"[" * 100_000,
        silly_png()[:-20],
    ):
        reply = await bring(api, raw)
        assert reply.status in {400, 413, 422}, raw[:40]
        assert reply.error["code"] in {"invalid_request", "payload_too_large"}
    assert (await api("GET", "/v1/admin/characters?limit=100", by="root")).json == before


@pytest.mark.parametrize("wrong", ["", "A", "a%20b", "..", "x" * 65, "import", "%00"])
async def test_an_id_must_be_one(api: Api, wrong: str) -> None:
    reply = await bring(api, as_json(silly_v2()), query=f"?id={wrong}")
    assert (reply.status, reply.error["code"]) == (422, "invalid_request")


async def test_characters_for_adults_are_locked_for_everybody_else(api: Api) -> None:
    made = await brought(api, as_json(silly_v2(tags=["NSFW"])))
    assert made["rating"] == "adult"
    path = "/v1/config/characters/luna"
    for by in (None, "ann"):
        shown = (await api("GET", path, by=by)).json
        assert shown["locked"] is True
    await api("PATCH", "/v1/admin/users/ann", by="root", body={"age_band": "16_17"})
    assert (await api("GET", path)).json["locked"] is True
    # Its greeting would be the first thing that it says to them.
    begun = await api("POST", "/v1/chat/sessions", body={"character_id": "luna"})
    assert (begun.status, begun.error["code"]) == (403, "forbidden")
    assert begun.error["param"] == "character_id"
    said = await api.say("Good evening.", model="luna")
    assert (said.status, said.error["code"], said.error["param"]) == (403, "forbidden", "model")
    assert (await api("GET", "/v1/chat/sessions")).json["data"] == []
    await api("PATCH", "/v1/admin/users/ann", by="root", body={"age_band": "adult"})
    assert (await api("GET", path)).json["locked"] is False
    begun = await api("POST", "/v1/chat/sessions", body={"character_id": "luna"})
    assert begun.status == 201


async def test_notes_of_the_creator_never_reach_the_model(api: Api) -> None:
    canary = "canary7f3a"
    card = risu_v3(creator_notes=canary, creator=canary, character_version=canary, tags=[canary],
                   creator_notes_multilingual={"en": canary}, source=[canary],
                   extensions={"x": canary})  # fmt: skip
    await brought(api, as_json(card))
    assert (await api.say("Good evening.", model="luna")).status == 200
    assert api.model.requests
    assert canary not in str(api.model.requests)


async def test_reading_leaves_the_others_alone(api: Api) -> None:
    """Many imports at once: two at a time are worked on, and who cannot wait is told so."""
    replies = await asyncio.gather(
        *(bring(api, png(text("chara", encoded(silly_v2(name=f"L{n}"))))) for n in range(30)),
        api("GET", "/v1/config/characters", by=None),
    )
    statuses = [reply.status for reply in replies]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 201, 503}
    assert statuses.count(201) >= 18
