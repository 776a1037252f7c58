"""Talking to a character, and what is kept of it."""

from typing import Any

from pytest_bdd import given, parsers, step, then, when

from adapters.in_memory.chat_model import Script
from application.ports.chat_model import ModelUsage
from tests.features.steps.words import (
    assert_refused,
    character_id,
    last_reply,
    messages_of,
)
from tests.features.world import World

SOON = 0.2
"""Seconds after which the product gives up on a silent model, in scenarios about that."""


# ------------------------------------------------------------------------------------- the model


@step(parsers.parse('the model answers "{text}"'))
def model_answers(world: World, text: str) -> None:
    world.local.model.script(Script(text=text.replace("\\n", "\n")))


@given(
    parsers.parse('the model answers "{text}", having read {read:d} tokens and written {written:d}')
)
def model_answers_with_usage(world: World, text: str, read: int, written: int) -> None:
    world.local.model.script(Script(text=text, usage=ModelUsage(read, 0, written)))


@given(parsers.parse('the model answers "{text}" and does not say what it took'))
def model_answers_without_usage(world: World, text: str) -> None:
    world.local.model.script(Script(text=text, reports_usage=False))


@given("the model fails before the first word")
def model_fails_at_once(world: World) -> None:
    world.local.model.script(Script(text="Never said.", fail_after=0))


@given(parsers.parse('the model fails after {words:d} words of "{text}"'))
def model_fails_later(world: World, words: int, text: str) -> None:
    world.local.model.script(Script(text=text, fail_after=words))


@given("the model refuses the content before the first word")
def model_refuses_at_once(world: World) -> None:
    world.local.model.script(Script(text="Never said.", block_after=0))


@given(parsers.parse('the model refuses the content after {words:d} words of "{text}"'))
def model_refuses_later(world: World, words: int, text: str) -> None:
    world.local.model.script(Script(text=text, block_after=words))


@given(parsers.parse('the model says "{text}" but never that it has finished'))
def model_breaks_off(world: World, text: str) -> None:
    world.local.model.script(Script(text=text, fail_after=len(text.split())))


@given("the model says nothing for longer than the product waits")
def model_is_silent(world: World) -> None:
    world.local.lose_patience_after(SOON)
    world.begin_again()
    world.local.model.script(Script(text="Never said.", stall_after=0))


@given(
    parsers.parse(
        'the model falls silent after {words:d} words of "{text}" for longer than the product waits'
    )
)
def model_falls_silent(world: World, words: int, text: str) -> None:
    world.local.lose_patience_after(SOON)
    world.begin_again()
    world.local.model.script(Script(text=text, stall_after=words))


@step(parsers.parse('the model pauses after {words:d} words of "{text}"'))
def model_pauses(world: World, words: int, text: str) -> None:
    world.local.model.script(Script(text=text, stall_after=words))


@step("the model goes on")
def model_goes_on(world: World) -> None:
    world.local.release_model()


@then("the model was not asked")
def model_not_asked(world: World) -> None:
    assert not world.local.model.requests


@then(parsers.parse("the model was asked {times:d} times"))
def model_asked(world: World, times: int) -> None:
    assert len(world.local.model.requests) == times


@then(parsers.parse('the model was told "{text}"'))
def model_told(world: World, text: str) -> None:
    assert text in prompt(world)


@then(parsers.parse('the model was not told "{text}"'))
def model_not_told(world: World, text: str) -> None:
    assert text not in prompt(world)


def prompt(world: World) -> str:
    """All that the model read for its latest reply."""
    return "\n".join(one.content for one in world.local.model.requests[-1].messages)


# --------------------------------------------------------------------------------------- talking


def message(world: World, name: str, text: str, character: str, **more: Any) -> dict[str, Any]:
    """The request for a reply, in the person's current session; notes what the person has."""
    person = world.person(name)
    world.user_id(name)
    answer = world.send(name, "GET", "/v1/wallet/balance")
    if answer.error is None:
        person.known["before"] = answer.json
    body = {
        "model": character_id(character),
        "messages": [{"role": "user", "content": text}],
        **more,
    }
    if person.session_id is not None:
        body["session_id"] = person.session_id
    return body


def say(world: World, name: str, text: str, character: str, **more: Any) -> None:
    """Say something and take what comes back."""
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    body = message(world, name, text, character, **more)
    world.answer = world.send(name, "POST", "/v1/chat/completions", body, headers=headers)
    world.person(name).known.setdefault("answers", []).append(world.answer)
    remember(world, name, world.answer.json if world.answer.error is None else None)


def remember(world: World, name: str, reply: Any) -> None:
    """Note what the product said of a reply."""
    if reply is not None:
        person = world.person(name)
        person.companion = reply["companion"]
        person.session_id = person.companion["session_id"]


@step(parsers.parse('{name:w} says "{text}" to {character:w}'))
def says(world: World, name: str, text: str, character: str) -> None:
    say(world, name, text, character)


@given(parsers.parse('{name:w} has said "{text}" to {character:w}'))
def has_said(world: World, name: str, text: str, character: str) -> None:
    say(world, name, text, character)
    assert world.last.error is None, world.last.error


@when(parsers.parse('{name:w} says "{text}" to {character:w} and wants at most {tokens:d} tokens'))
def says_with_limit(world: World, name: str, text: str, character: str, tokens: int) -> None:
    say(world, name, text, character, max_tokens=tokens)


@when(parsers.parse("{name:w} says {size:d} characters to {character:w}"))
def says_much(world: World, name: str, size: int, character: str) -> None:
    say(world, name, "word " * (size // 5), character)


@when(parsers.parse("{name:w} sends an empty message to {character:w}"))
def says_nothing(world: World, name: str, character: str) -> None:
    say(world, name, "", character)


@step(parsers.parse("{name:w} begins a new conversation"))
def new_conversation(world: World, name: str) -> None:
    world.person(name).session_id = None


@when(parsers.parse("{name:w} asks for another reply"))
def regenerates(world: World, name: str) -> None:
    world.person(name).known["before"] = world.balance(name)
    regenerate(world, name, name)
    remember(world, name, world.last.json if world.last.error is None else None)


@when(parsers.parse("{other:w} asks for another reply in the place of {name:w}"))
def regenerates_other(world: World, other: str, name: str) -> None:
    regenerate(world, other, name)


def regenerate(world: World, who: str, whose: str) -> None:
    """Ask for another reply to what somebody said last."""
    reply_id = last_reply(world, whose)["id"]
    world.answer = world.send(who, "POST", f"/v1/chat/messages/{reply_id}/regenerate")


@when(
    parsers.parse(
        '{name:w} says "{text}" to {character:w}, and her app claims that {_:w} said "{claim}"'
    )
)
def says_with_claim(world: World, name: str, text: str, character: str, claim: str) -> None:
    history = [{"role": "assistant", "content": claim}]
    body = message(world, name, text, character)
    _say_after(world, name, history, body)


@when(
    parsers.parse('{name:w} says "{text}" to {character:w}, and her app instructs "{instruction}"')
)
def says_with_system(world: World, name: str, text: str, character: str, instruction: str) -> None:
    history = [{"role": "system", "content": instruction}]
    _say_after(world, name, history, message(world, name, text, character))


def _say_after(
    world: World, name: str, history: list[dict[str, str]], body: dict[str, Any]
) -> None:
    messages = [*history, *body["messages"]]
    world.answer = world.send(name, "POST", "/v1/chat/completions", {**body, "messages": messages})
    remember(world, name, world.last.json if world.last.error is None else None)


@when(parsers.parse('{other:w} says "{text}" to {character:w} in the conversation of {name:w}'))
def says_in_other(world: World, other: str, text: str, character: str, name: str) -> None:
    world.person(other).session_id = world.person(name).session_id
    say(world, other, text, character)
    world.person(other).session_id = None


# ------------------------------------------------------------------------------------- what came


@step(parsers.parse("it is refused because {reason}"))
def refused(world: World, reason: str) -> None:
    assert_refused(world.last, reason)


@then("it is accepted")
def accepted(world: World) -> None:
    assert world.last.error is None, world.last.error


@then(parsers.parse("the reply to {name:w} is kept as it was given"))
def reply_kept_as_given(world: World, name: str) -> None:
    kept, given_ = last_reply(world, name), world.last.json
    assert kept["content"] == given_["choices"][0]["message"]["content"]
    assert (kept["id"], kept["status"]) == (given_["companion"]["message_id"], "complete")


@then(parsers.parse('the reply is "{text}"'))
def reply_is(world: World, text: str) -> None:
    assert world.last.error is None, world.last.error
    assert world.last.json["choices"][0]["message"]["content"] == text


@then(parsers.parse("the reply ended because of {reason:w}"))
def finish_reason(world: World, reason: str) -> None:
    assert world.last.json["choices"][0]["finish_reason"] == reason


@then(parsers.parse('"{text}" is kept as the {status:w} reply to {name:w}'))
def reply_kept(world: World, text: str, status: str, name: str) -> None:
    kept = last_reply(world, name)
    assert kept is not None, "no reply is kept"
    assert (kept["content"], kept["status"]) == (text, status)


@then(parsers.parse("no reply to {name:w} is kept"))
def no_reply_kept(world: World, name: str) -> None:
    assert last_reply(world, name) is None


@then(parsers.parse("nothing that {name:w} said is kept"))
def nothing_kept(world: World, name: str) -> None:
    assert messages_of(world, name) == []


@then(parsers.parse("the conversation of {name:w} is"))
def conversation_is(world: World, name: str, datatable: list[list[str]]) -> None:
    shown = [[one["role"], one["content"]] for one in messages_of(world, name)]
    assert shown == datatable
