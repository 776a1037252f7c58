"""The list of conversations, and the same message sent again."""

from concurrent.futures import ThreadPoolExecutor

from pytest_bdd import parsers, step, then, when

from tests.features.steps.chat import message, say
from tests.features.steps.words import (
    assert_refused,
    character_id,
    last_reply,
    messages_of,
    sessions_of,
)
from tests.features.world import World

# ---------------------------------------------------------------------------------- conversations


@step(parsers.parse("{name:w} opens a conversation with {character:w}"))
def opens(world: World, name: str, character: str) -> None:
    body = {"character_id": character_id(character)}
    world.answer = world.send(name, "POST", "/v1/chat/sessions", body)
    if world.last.error is None:
        world.person(name).session_id = world.last.json["id"]


@then(parsers.parse("the first thing that {name:w} reads is the greeting of {character:w}"))
def reads_greeting(world: World, name: str, character: str) -> None:
    shown = world.ask(name, "GET", f"/v1/config/characters/{character_id(character)}")
    first = messages_of(world, name)[0]
    assert first["role"] == "assistant"
    # The greeting may call the person by name.
    assert first["content"].split()[0] == shown["greeting"].split()[0]
    assert "{{" not in first["content"]


@then(parsers.parse("{name:w} has {count:d} conversations"))
def has_conversations(world: World, name: str, count: int) -> None:
    assert len(sessions_of(world, name)) == count


@then(parsers.parse("the conversations of {name:w} are with {characters}"))
def conversations_with(world: World, name: str, characters: str) -> None:
    shown = [one["character_id"] for one in sessions_of(world, name)]
    assert shown == [character_id(one) for one in characters.split(", ")]


@then(
    parsers.parse(
        "the conversations of {name:w} are the same when they are read {limit:d} at a time"
    )
)
def same_in_pages(world: World, name: str, limit: int) -> None:
    assert world.pages(name, "/v1/chat/sessions", limit) == sessions_of(world, name)


@then(parsers.parse('the conversation of {name:w} has the title "{title}"'))
def has_title(world: World, name: str, title: str) -> None:
    assert sessions_of(world, name)[0]["title"] == title


@when(parsers.parse('{name:w} calls the conversation "{title}"'))
def renames(world: World, name: str, title: str) -> None:
    path = f"/v1/chat/sessions/{world.person(name).session_id}"
    world.ask(name, "PATCH", path, {"title": title})


@when(parsers.parse("{name:w} deletes the conversation"))
def deletes(world: World, name: str) -> None:
    person = world.person(name)
    world.ask(name, "DELETE", f"/v1/chat/sessions/{person.session_id}")
    person.known["deleted"], person.session_id = person.session_id, None


@then(parsers.parse("the messages of the deleted conversation of {name:w} cannot be read"))
def deleted_is_gone(world: World, name: str) -> None:
    path = f"/v1/chat/sessions/{world.person(name).known['deleted']}/messages"
    assert_refused(world.send(name, "GET", path), "there is no such thing")


@when(parsers.parse("{other:w} tries to {do:w} the conversation of {name:w}"))
def tries(world: World, other: str, do: str, name: str) -> None:
    path = f"/v1/chat/sessions/{world.person(name).session_id}"
    method, path, body = {
        "show": ("GET", path, None),
        "read": ("GET", f"{path}/messages", None),
        "rename": ("PATCH", path, {"title": "Mine"}),
        "delete": ("DELETE", path, None),
    }[do]
    world.answer = world.send(other, method, path, body)


@step(parsers.parse('{name:w} reports the reply because "{reason}"'))
def reports(world: World, name: str, reason: str) -> None:
    path = f"/v1/chat/messages/{last_reply(world, name)['id']}/report"
    world.answer = world.send(name, "POST", path, {"reason": reason})
    world.person(name).known.setdefault("reports", []).append(world.last.json["id"])


@then(parsers.parse("both reports of {name:w} are one"))
def reports_are_one(world: World, name: str) -> None:
    first, second = world.person(name).known["reports"]
    assert first == second


# -------------------------------------------------------------------------------------- repeating


@step(parsers.parse('{name:w} says "{text}" to {character:w} with the key "{key}"'))
def says_with_key(world: World, name: str, text: str, character: str, key: str) -> None:
    # A phone that sends again does not know of the conversation that the first try began.
    world.person(name).session_id = None
    say(world, name, text, character, key=key)


@when(
    parsers.parse(
        '{name:w} says "{text}" to {character:w} {times:d} times at once with the key "{key}"'
    )
)
def says_at_once(world: World, name: str, text: str, character: str, times: int, key: str) -> None:
    body = message(world, name, text, character)
    headers = {"Idempotency-Key": key}

    def send(_: int) -> object:
        return world.send(name, "POST", "/v1/chat/completions", body, headers=headers)

    with ThreadPoolExecutor(times) as pool:
        world.person(name).known["answers"] = list(pool.map(send, range(times)))


@then(parsers.parse("both replies to {name:w} are the same"))
@then(parsers.parse("all replies to {name:w} are the same"))
def replies_are_same(world: World, name: str) -> None:
    answers = world.person(name).known["answers"]
    assert len(answers) > 1
    assert all(one.error is None for one in answers), answers
    assert all(one.json == answers[0].json for one in answers)
