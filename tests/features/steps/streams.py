"""Replies that are watched as they come."""

from pytest_bdd import parsers, step, then, when

from tests.features.steps.chat import message
from tests.features.steps.words import last_reply
from tests.features.stream import DONE, Stream
from tests.features.world import Answer, World


def watch(world: World, name: str, text: str, character: str, **headers: str) -> None:
    """Say something and open the stream of the reply, or note why there is none."""
    body = message(world, name, text, character, stream=True)
    follow(world, name, "POST", "/v1/chat/completions", body, **headers)


def follow(
    world: World, name: str, method: str, path: str, body: object = None, **headers: str
) -> None:
    """Open a stream and read its first event."""
    person = world.person(name)
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    opened = world.open_stream(name, method, path, body, headers=told)
    if isinstance(opened, Answer):
        world.answer = opened
        return
    world.answer = Answer(opened.response.status_code, None, opened.response.headers)
    person.stream = opened
    if method == "POST":
        opened.read_start()
        note(world, name)


def stream_of(world: World, name: str) -> Stream:
    """The stream that this person watches."""
    stream = world.person(name).stream
    assert stream is not None, world.answer
    return stream


def note(world: World, name: str) -> None:
    """Note what the stream has told of the reply so far."""
    person = world.person(name)
    told = stream_of(world, name).companion
    if told is not None:
        person.companion = told
        person.session_id = told["session_id"]


@when(parsers.parse('{name:w} says "{text}" to {character:w} and watches the reply come'))
def watches(world: World, name: str, text: str, character: str) -> None:
    watch(world, name, text, character)
    if world.last.error is None:
        stream_of(world, name).read_all()
        note(world, name)


@step(parsers.parse('{name:w} says "{text}" to {character:w} and begins to watch'))
def begins_to_watch(world: World, name: str, text: str, character: str) -> None:
    watch(world, name, text, character)


@step(parsers.parse("{name:w} has seen {words:d} words"))
def has_seen(world: World, name: str, words: int) -> None:
    stream_of(world, name).read_words(words)


@step(parsers.parse("{name:w} loses the connection"))
def loses_connection(world: World, name: str) -> None:
    stream_of(world, name).close()


@step(
    parsers.parse(
        '{name:w} says "{text}" to {character:w} and begins to watch with the key "{key}"'
    )
)
def begins_to_watch_with_key(world: World, name: str, text: str, character: str, key: str) -> None:
    watch(world, name, text, character, Idempotency_Key=key)


@when(parsers.parse("{name:w} comes back"))
def comes_back(world: World, name: str) -> None:
    last = stream_of(world, name).events[-1].id
    come_back(world, name, Last_Event_ID=last)


@when(parsers.parse("{name:w} comes back without saying what she has seen"))
def comes_back_to_start(world: World, name: str) -> None:
    come_back(world, name)


def come_back(world: World, name: str, **headers: str) -> None:
    """Follow the reply again."""
    person = world.person(name)
    person.stream = None
    path = f"/v1/chat/turns/{person.companion['turn_id']}/stream"
    follow(world, name, "GET", path, **headers)


@when(parsers.parse("{other:w} tries to watch the reply to {name:w}"))
def watches_other(world: World, other: str, name: str) -> None:
    turn_id = world.person(name).companion["turn_id"]
    world.answer = world.send(other, "GET", f"/v1/chat/turns/{turn_id}/stream")


@when(parsers.parse("{other:w} tries to stop the reply to {name:w}"))
def stops_other(world: World, other: str, name: str) -> None:
    turn_id = world.person(name).companion["turn_id"]
    world.answer = world.send(other, "POST", f"/v1/chat/turns/{turn_id}/stop")


@then(parsers.parse("there is nothing more for {name:w}"))
def nothing_more(world: World, name: str) -> None:
    stream = stream_of(world, name)
    stream.read_all()
    assert stream.events == []


@when(parsers.parse("{name:w} watches to the end"))
def watches_to_end(world: World, name: str) -> None:
    stream_of(world, name).read_all()
    note(world, name)


@when(parsers.parse("{name:w} stops the reply"))
def stops(world: World, name: str) -> None:
    turn_id = world.person(name).companion["turn_id"]
    world.answer = world.send(name, "POST", f"/v1/chat/turns/{turn_id}/stop")


@step(parsers.parse("the reply to {name:w} has ended"))
@step(parsers.parse("the reply to {name:w} ends by itself"))
def reply_has_ended(world: World, name: str) -> None:
    turn_id = world.person(name).companion["turn_id"]
    for _ in world.attempts():
        if world.ask(name, "GET", f"/v1/chat/turns/{turn_id}")["status"] != "running":
            return


@then(parsers.parse("the turn of {name:w} is {status:w}"))
def turn_is(world: World, name: str, status: str) -> None:
    turn_id = world.person(name).companion["turn_id"]
    assert world.ask(name, "GET", f"/v1/chat/turns/{turn_id}")["status"] == status


@then(parsers.parse('{name:w} has read "{text}"'))
def has_read(world: World, name: str, text: str) -> None:
    assert stream_of(world, name).text == text


@then(parsers.parse("the stream of {name:w} is complete"))
def stream_complete(world: World, name: str) -> None:
    stream = stream_of(world, name)
    assert stream.is_complete, stream.events[-1]
    assert [event.data for event in stream.events].count(DONE) == 1


@then(parsers.parse("the stream of {name:w} breaks off with {code:w}"))
def stream_broken(world: World, name: str, code: str) -> None:
    stream = stream_of(world, name)
    assert not stream.is_complete
    assert stream.error["code"] == code


@then(parsers.parse("every piece has its own place in the stream of {name:w}"))
def events_have_ids(world: World, name: str) -> None:
    ids = [event.id for event in stream_of(world, name).events]
    assert all(ids)
    assert len(set(ids)) == len(ids)


@then(parsers.parse("what {name:w} has read is what is kept"))
def read_is_kept(world: World, name: str) -> None:
    kept = last_reply(world, name)
    assert kept["content"] == stream_of(world, name).text
    assert kept["id"] == world.person(name).companion["message_id"]


@then(parsers.parse("{name:w} is told what the reply cost"))
def told_cost(world: World, name: str) -> None:
    receipt = world.person(name).companion["receipt"]
    assert receipt is not None
    assert receipt["charged"] + receipt["released"] == receipt["held"]
