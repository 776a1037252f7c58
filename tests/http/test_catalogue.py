"""Characters, as apps and as OpenAI's SDKs list them."""

from tests.http.api import FREE_CHARACTER, PREMIUM_CHARACTER, Api


async def test_the_catalogue_is_open_to_anybody(api: Api) -> None:
    reply = await api("GET", "/v1/config/characters", by=None)
    assert reply.status == 200
    assert len(reply.json["data"]) >= 6
    first = reply.json["data"][0]
    assert first.keys() == {
        "id", "name", "tagline", "description", "greeting", "tags", "min_tier", "locked",
        "version", "avatar_url",
    }  # fmt: skip
    assert isinstance(first["tags"], list)


async def test_it_is_read_page_by_page(api: Api) -> None:
    whole = (await api("GET", "/v1/config/characters?limit=100", by=None)).json["data"]
    pages, cursor = [], ""
    while True:
        page = (await api("GET", f"/v1/config/characters?limit=3{cursor}", by=None)).json
        assert len(page["data"]) <= 3
        pages += page["data"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == whole


async def test_what_is_locked_depends_on_the_tier(api: Api) -> None:
    path = f"/v1/config/characters/{PREMIUM_CHARACTER}"
    assert (await api("GET", path, by=None)).json["locked"] is True
    assert (await api("GET", path)).json["locked"] is True
    await api("PATCH", "/v1/admin/users/ann", by="root", body={"tier": "premium"})
    assert (await api("GET", path)).json["locked"] is False
    listed = (await api("GET", "/v1/config/characters")).json["data"]
    assert not any(character["locked"] for character in listed)


async def test_a_card_is_a_character_card_v3(api: Api) -> None:
    reply = await api("GET", f"/v1/config/characters/{FREE_CHARACTER}/card", by=None)
    assert reply.status == 200
    assert reply.json["spec"] == "chara_card_v3"
    assert reply.json["data"]["name"]


async def test_models_are_openais_list(api: Api) -> None:
    listed = (await api("GET", "/v1/models", by=None)).json
    assert listed["object"] == "list"
    assert {model["object"] for model in listed["data"]} == {"model"}
    assert FREE_CHARACTER in {model["id"] for model in listed["data"]}
    one = (await api("GET", f"/v1/models/{FREE_CHARACTER}", by=None)).json
    assert one in listed["data"]


async def test_an_unknown_character_is_not_found(api: Api) -> None:
    for path in ("/v1/config/characters/x", "/v1/config/characters/x/card", "/v1/models/x"):
        reply = await api("GET", path, by=None)
        assert (reply.status, reply.error["code"]) == (404, "not_found")
