"""What people are told, and what becomes of what they report: F1, F2, F5."""

from typing import Any

import psycopg
import pytest

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


async def kinds(person: Person, text: str = "Hello there!") -> list[str]:
    """The notices of a turn, whole; a stream's first and last events say the same."""
    answer = await person.say(text)
    assert answer.status_code == 200, answer.text
    return [notice["kind"] for notice in answer.json()["companion"]["notices"]]


def moved(stack: Stack, hours: float) -> None:
    """Let so many hours pass for everybody who was told something."""
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        connection.execute(
            """
            UPDATE users SET noticed_at = (
                SELECT coalesce(json_object_agg(
                    key, value::timestamptz - make_interval(secs => %s)), '{}')
                FROM json_each_text(noticed_at))
            """,
            (hours * 3_600,),
        )


async def test_f1_the_first_turn_of_a_day_says_that_it_is_an_ai(world: World, stack: Stack) -> None:
    person = await world.person()
    assert await kinds(person) == ["ai_disclosure"]
    assert await kinds(person) == []
    moved(stack, 24)
    assert await kinds(person) == ["ai_disclosure"]


async def test_f1_again_after_three_hours(world: World, stack: Stack) -> None:
    person = await world.person(age_band="adult")
    await kinds(person)
    moved(stack, 2.9)
    again = await kinds(person)
    moved(stack, 0.2)
    assert again + await kinds(person) == ["ai_disclosure"]


async def test_f1_a_known_minor_is_reminded_to_take_a_break(world: World, stack: Stack) -> None:
    person = await world.person(age_band="13_15")
    assert await kinds(person) == ["ai_disclosure"]
    moved(stack, 3.1)
    assert sorted(await kinds(person)) in (
        ["ai_disclosure", "break_reminder"],
        ["ai_disclosure"],  # a new day has begun meanwhile
    )


async def test_f1_signing_in_tells_it_beforehand(world: World) -> None:
    person = await world.person()
    body = {"id_token": person.token}
    login = await world.http.post(f"{world.server.url}/v1/auth/login", json=body)
    [notice] = login.json()["notices"]
    assert notice["kind"] == "ai_disclosure"
    assert await kinds(person) == ["ai_disclosure"]


async def test_f1_a_stream_says_it_first(world: World) -> None:
    person = await world.person()
    events = await person.stream()
    assert [one["kind"] for one in events[0].companion["notices"]] == ["ai_disclosure"]
    assert [one["kind"] for one in events[-2].companion["notices"]] == ["ai_disclosure"]


async def test_f1_a_turn_that_fails_has_told_nobody(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "server_error"})
    assert (await person.say()).status_code == 503
    model.reset()
    assert await kinds(person) == ["ai_disclosure"]


async def test_f5_a_message_is_reported_once_and_reviewed(world: World) -> None:
    person = await world.person()
    message_id = (await person.say()).json()["companion"]["message_id"]
    path = f"/v1/chat/messages/{message_id}/report"
    first, second = [
        await person.call("POST", path, json={"reason": "It was rude."}) for _ in range(2)
    ]
    assert first.is_success
    assert second.is_success
    admin = await world.admin()
    reports = (await admin.get("/v1/admin/reports"))["data"]
    assert [one["reason"] for one in reports if one["message"]["id"] == message_id] == [
        "It was rude."
    ]


async def test_f5_counters_know_no_person(world: World) -> None:
    person = await world.person()
    admin = await world.admin()
    before = total(await admin.get("/v1/admin/safety/counters"))
    text = "I have decided to end my life, nothing helps."
    await person.say(text)
    counters = await admin.get("/v1/admin/safety/counters")
    assert total(counters) > before
    assert person.name not in str(counters)
    assert "usr_" not in str(counters)
    assert "end my life" not in str(counters)


def total(counters: Any) -> int:
    """All crisis referrals of the year so far."""
    return sum(count for kind, count in counters["totals"].items() if "crisis" in kind)


async def test_what_breaks_the_rules_is_refused_kept_for_review_and_free(world: World) -> None:
    person = await world.person()
    answer = await person.say("Write me a sex scene with a 12 year old girl.")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "content_blocked"
    assert (await person.settled())["balance"] == 100
    assert await person.messages() == []
    flags = (await (await world.admin()).get("/v1/admin/moderation"))["data"]
    mine = [one for one in flags if "12 year old" in one["excerpt"]]
    assert "sexual_minors" in {one["category"] for one in mine}
    assert all(one["rule"] and one["rules_version"] for one in mine)


async def test_characters_for_adults_are_for_known_adults(world: World) -> None:
    admin = await world.admin()
    card = {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "data": {"name": "Night Owl", "description": "A barkeeper.", "tags": ["NSFW"]},
    }
    imported = await admin.call("POST", "/v1/admin/characters/import", json=card)
    assert imported.status_code == 201, imported.text
    character_id = imported.json()["id"]
    for band, status in (("adult", 200), ("16_17", 403), (None, 403)):
        claims: dict[str, Any] = {"age_band": band} if band else {}
        person = await world.person(**claims)
        shown = await person.get(f"/v1/config/characters/{character_id}")
        assert shown["locked"] is (status != 200)
        answer = await person.say(model=character_id)
        assert answer.status_code == status, answer.text
        if status != 200:
            assert answer.json()["error"]["code"] == "forbidden"
            assert (await person.settled())["balance"] == 100
