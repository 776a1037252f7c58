"""What companions remember, in the hands of the person it is about."""

import json
from typing import Any

from pytest_bdd import given, parsers, step, then, when

from adapters.in_memory.chat_model import Script
from tests.features.product import LocalProduct
from tests.features.steps.chat import prompt, say
from tests.features.steps.words import character_id, messages_of, sessions_of
from tests.features.world import World

_SMALL_TALK = (
    "What is the highest mountain of Africa?",
    "And how deep is the deepest lake?",
    "Haha, really?",
    "Tell me a riddle, please.",
    "Why is the sea salty?",
)
_SUMMARY = "Earlier in this conversation"


def memories(world: World, name: str) -> list[Any]:
    """All that is remembered of this person."""
    return world.pages(name, "/v1/chat/memories")


def with_history(world: World, name: str) -> list[Any]:
    """The same, with what was true once."""
    return world.pages(name, "/v1/chat/memories?history=true")


def about(words: str, found: list[Any]) -> list[str]:
    """The texts of the memories with these words, whatever their case."""
    return [one["text"] for one in found if words.lower() in one["text"].lower()]


def path_of(world: World, name: str, text: str) -> str:
    """Where the memory with this text is."""
    found = next(one for one in memories(world, name) if one["text"] == text)
    return f"/v1/chat/memories/{found['id']}"


def note_deletion(world: World, name: str, what: str) -> None:
    """Note when it was, by the number of times that the model had been asked."""
    if not isinstance(world.product, LocalProduct):
        return
    deletions = world.person(name).known.setdefault("deletions", {})
    deletions[what] = len(world.local.model.requests)


@then(parsers.parse('{name:w} is told that "{text}" was remembered'))
def told_of_memory(world: World, name: str, text: str) -> None:
    assert text in [one["text"] for one in world.person(name).companion["memories"]]


@given(parsers.parse('{name:w} lets {character:w} forget "{text}"'))
def forgets(world: World, name: str, text: str) -> None:
    world.ask(name, "DELETE", path_of(world, name, text))


@given(parsers.parse("{name:w} lets {character:w} forget everything"))
def forgets_all(world: World, name: str, character: str) -> None:
    world.ask(name, "DELETE", f"/v1/chat/memories?character_id={character_id(character)}")


@given(parsers.parse('{name:w} corrects "{text}" to "{better}"'))
def corrects(world: World, name: str, text: str, better: str) -> None:
    world.ask(name, "PATCH", path_of(world, name, text), {"text": better})


@given(parsers.parse('{name:w} asks {character:w} to remember "{text}"'))
def asks_to_remember(world: World, name: str, character: str, text: str) -> None:
    body = {"character_id": character_id(character), "text": text}
    world.ask(name, "POST", "/v1/chat/memories", body)


@given(parsers.parse("{name:w} deletes her only conversation"))
def deletes_only_session(world: World, name: str) -> None:
    (only,) = sessions_of(world, name)
    world.ask(name, "DELETE", f"/v1/chat/sessions/{only['id']}")
    world.person(name).session_id = None


@when(parsers.parse("{name:w} deletes her first conversation"))
def deletes_first_session(world: World, name: str) -> None:
    first = min(sessions_of(world, name), key=lambda one: str(one["created_at"]))
    world.ask(name, "DELETE", f"/v1/chat/sessions/{first['id']}")


@then(parsers.parse('nothing is remembered of {name:w} except "{text}"'))
def only_remembered(world: World, name: str, text: str) -> None:
    assert [one["text"] for one in memories(world, name)] == [text]


@then(parsers.parse("nothing is remembered of {name:w}"))
def nothing_remembered(world: World, name: str) -> None:
    assert memories(world, name) == []


@when(parsers.parse("{other:w} tries to {do:w} what {_:w} remembers of {name:w}"))
def tries_with_other(world: World, other: str, do: str, name: str) -> None:
    path = f"/v1/chat/memories/{memories(world, name)[0]['id']}"
    if do == "correct":
        world.answer = world.send(other, "PATCH", path, {"text": "Something else entirely."})
    else:
        world.answer = world.send(other, "DELETE", path)


@given("the model never says more than that it listens")
def model_listens(world: World) -> None:
    """By itself it quotes what it remembers, and its replies are kept like any other."""
    world.local.model.script(*[Script(text="I see, and I listen.")] * 100)


# ------------------------------------------------------------------------------- what was learnt


@then(parsers.parse('something about "{words}" is remembered of {name:w}'))
def something_remembered(world: World, words: str, name: str) -> None:
    found = memories(world, name)
    assert about(words, found), [one["text"] for one in found]


@then(parsers.parse('nothing about "{words}" is remembered of {name:w}'))
def nothing_remembered_about(world: World, words: str, name: str) -> None:
    assert about(words, memories(world, name)) == []


@then(parsers.re(r"(?P<count>\d+) things? (is|are) remembered of (?P<name>\w+)"))
def things_remembered(world: World, count: str, name: str) -> None:
    found = [one["text"] for one in memories(world, name)]
    assert len(found) == int(count), found


@then(parsers.parse('something about "{words}" is in the history of {name:w}'))
def something_in_history(world: World, words: str, name: str) -> None:
    assert about(words, with_history(world, name))


@then(parsers.parse('nothing about "{words}" is in the history of {name:w}'))
def nothing_in_history(world: World, words: str, name: str) -> None:
    assert about(words, with_history(world, name)) == []


@then(parsers.parse('what is remembered about "{words}" comes from what {name:w} said last'))
def comes_from_last(world: World, words: str, name: str) -> None:
    (memory,) = [one for one in memories(world, name) if about(words, [one])]
    assert memory["source_message_ids"] == [world.person(name).companion["user_message_id"]]


@then(parsers.parse('{name:w} is reminded of "{words}"'))
def reminded(world: World, name: str, words: str) -> None:
    found = world.person(name).companion["memories"]
    assert about(words, found), [one["text"] for one in found]


@then(parsers.parse('{name:w} is not reminded of "{words}"'))
def not_reminded(world: World, name: str, words: str) -> None:
    assert about(words, world.person(name).companion["memories"]) == []


# -------------------------------------------------------------------------------------- deleting


@when(parsers.parse('{name:w} deletes what is remembered about "{words}"'))
def deletes_memories(world: World, name: str, words: str) -> None:
    found = [one for one in memories(world, name) if about(words, [one])]
    assert found, f"nothing is remembered about {words}"
    for one in found:
        world.ask(name, "DELETE", f"/v1/chat/memories/{one['id']}")
    note_deletion(world, name, "memory")


@step(parsers.parse('{name:w} deletes the message "{text}"'))
def deletes_message(world: World, name: str, text: str) -> None:
    (found,) = [one for one in messages_of(world, name) if one["content"] == text]
    world.ask(name, "DELETE", f"/v1/chat/messages/{found['id']}")
    note_deletion(world, name, "message")


@given(parsers.parse("{name:w} deletes what she said first"))
def deletes_first_message(world: World, name: str) -> None:
    first = next(one for one in messages_of(world, name) if one["role"] == "user")
    world.ask(name, "DELETE", f"/v1/chat/messages/{first['id']}")


@when(parsers.parse('{name:w} deletes the conversation in which she said "{text}"'))
def deletes_conversation_with(world: World, name: str, text: str) -> None:
    for one in sessions_of(world, name):
        if text in [message["content"] for message in messages_of(world, name, one["id"])]:
            world.ask(name, "DELETE", f"/v1/chat/sessions/{one['id']}")
            note_deletion(world, name, "conversation")
            return
    message = f"nobody said {text}"
    raise AssertionError(message)


@then(parsers.parse("since then the model has been told nothing of what {name:w} deleted"))
def told_nothing_since(world: World, name: str, datatable: list[list[str]]) -> None:
    deletions = world.person(name).known["deletions"]
    for words, what in datatable:
        later = list(world.local.model.requests)[deletions[what] :]
        assert later
        told = [one.content for request in later for one in request.messages]
        assert [text for text in told if words in text] == []


@then(parsers.parse('the export of {name:w} has nothing about "{words}"'))
def nothing_in_export(world: World, name: str, words: str) -> None:
    export = json.dumps(world.ask(name, "GET", "/v1/auth/me/export"), ensure_ascii=False, indent=1)
    assert [line for line in export.splitlines() if words in line] == []


# ----------------------------------------------------------------------------- long conversations


@given(parsers.parse("{name:w} has chatted with {character:w} {times:d} times"))
def has_chatted(world: World, name: str, character: str, times: int) -> None:
    for number in range(times):
        say(world, name, _SMALL_TALK[number % len(_SMALL_TALK)], character)
        assert world.last.error is None, world.last.error
    # What is read of memories waits for what is learnt, and so for the summary.
    memories(world, name)


@then(parsers.parse("the model read what {name:w} said first"))
def read_first(world: World, name: str) -> None:
    first = next(one for one in messages_of(world, name) if one["role"] == "user")
    assert first["content"] in [one.content for one in world.local.model.requests[-1].messages]


@then("the model read no summary")
def read_no_summary(world: World) -> None:
    assert _SUMMARY not in prompt(world)


@then(parsers.parse('the model read a summary with "{words}"'))
def read_summary(world: World, words: str) -> None:
    found = [
        one.content
        for one in world.local.model.requests[-1].messages
        if one.role == "system" and one.content.startswith(_SUMMARY)
    ]
    assert len(found) == 1
    assert words in found[0]


@then(parsers.parse("the model read fewer than {count:d} messages"))
def read_fewer(world: World, count: int) -> None:
    assert len(world.local.model.requests[-1].messages) < count
