"""Notices, help in a crisis, what is blocked and cut, and who looks at it afterwards."""

import json
from typing import Any

import httpx
from pytest_bdd import given, parsers, then, when

from tests.features.steps.streams import stream_of
from tests.features.steps.words import last_reply, messages_of
from tests.features.world import ADMIN, World

AI, BREAK = "ai_disclosure", "break_reminder"
TOLD = {
    "nothing": [],
    "that this is an AI": [AI],
    "that this is an AI, and then to take a break": [AI, BREAK],
}
HELP = "findahelpline.com"
_BULLET = "\n• "


@given(parsers.parse('{name:w} lives in "{country}"'))
def lives_in(world: World, name: str, country: str) -> None:
    world.ask(name, "PATCH", "/v1/auth/me", {"country": country})


@given(parsers.parse("{name:w} is known as {age_band:w}"))
def is_known_as(world: World, name: str, age_band: str) -> None:
    path = f"/v1/admin/users/{world.user_id(name)}"
    if age_band != "unknown":
        world.ask(ADMIN, "PATCH", path, {"age_band": age_band})
    assert world.ask(ADMIN, "GET", path)["age_band"] == age_band


# --------------------------------------------------------------------------------------- notices


@then(
    parsers.re(
        r"(?P<name>\w+) is told (?P<what>nothing|that this is an AI(, and then to take a break)?)"
    )
)
def is_told(world: World, name: str, what: str) -> None:
    assert world.last.error is None, world.last.error
    notices = world.person(name).companion["notices"]
    assert [notice["kind"] for notice in notices] == TOLD[what]


@then(parsers.parse('{name:w} is told in words that name "{first}" and "{second}"'))
def is_told_in_words(world: World, name: str, first: str, second: str) -> None:
    [notice] = world.person(name).companion["notices"]
    assert first in notice["text"]
    assert second in notice["text"]
    world.person(name).known["notice"] = notice


@then("the notice has a version")
def notice_has_version(world: World) -> None:
    (notice,) = (one.known["notice"] for one in world.people.values() if "notice" in one.known)
    assert any(sign.isdigit() for sign in notice["version"])


@then("the sign-in says that this is an AI")
def sign_in_tells(world: World) -> None:
    assert [notice["kind"] for notice in world.last.json["notices"]] == [AI]


@then("the sign-in tells nothing")
def sign_in_tells_nothing(world: World) -> None:
    assert world.last.json["notices"] == []


@then(parsers.parse("the first event that {name:w} sees tells her that this is an AI"))
def first_event_tells(world: World, name: str) -> None:
    first = stream_of(world, name).events[0]
    assert first.text == ""
    assert [notice["kind"] for notice in first.data["companion"]["notices"]] == [AI]


# -------------------------------------------------------------------------------------- a crisis


def reply_text(world: World) -> str:
    """The reply that was taken at once."""
    assert world.last.error is None, world.last.error
    return str(world.last.json["choices"][0]["message"]["content"])


def is_help(text: str) -> bool:
    """Whether this is how the product shows to help, and names somebody."""
    return HELP in text and _BULLET in text


@then(parsers.re(r"(?P<name>\w+) is shown to help"))
def is_shown(world: World, name: str) -> None:
    text = reply_text(world)
    assert is_help(text), text
    notices = world.person(name).companion["notices"]
    assert [(one["kind"], one["text"]) for one in notices] == [("crisis_referral", text)]
    assert world.person(name).companion["receipt"]["charged"] == 0


@then(parsers.re(r'(?P<name>\w+) is shown to help at "(?P<line>[^"]*)"'))
def is_shown_line(world: World, name: str, line: str) -> None:
    is_shown(world, name)
    bullets = [one for one in reply_text(world).split("\n") if one.startswith("• ")]
    assert line in "\n".join(bullets)


@then(
    parsers.re(
        r'(?P<name>\w+) is shown to help at "(?P<line>[^"]*)", '
        r'and to "(?P<emergency>[^"]*)" in danger'
    )
)
def is_shown_lines(world: World, name: str, line: str, emergency: str) -> None:
    is_shown_line(world, name, line)
    assert emergency in reply_text(world).split("\n")[-2]


@then(parsers.parse("{name:w} is not shown to help"))
def is_not_shown(world: World, name: str) -> None:
    assert not is_help(reply_text(world))
    kinds = [one["kind"] for one in world.person(name).companion["notices"]]
    assert "crisis_referral" not in kinds


@then(parsers.parse('the help begins with "{words}"'))
def help_begins(world: World, words: str) -> None:
    assert reply_text(world).startswith(words)


@then(parsers.parse("the help is kept as the complete reply to {name:w}"))
def help_kept(world: World, name: str) -> None:
    kept = last_reply(world, name)
    assert (kept["content"], kept["status"]) == (reply_text(world), "complete")


@then(parsers.parse("what {name:w} has read shows her to help"))
def read_shows_help(world: World, name: str) -> None:
    assert is_help(stream_of(world, name).text)


# ---------------------------------------------------------------------------------------- replies


@then(parsers.parse('{name:w} has not read "{text}"'))
def has_not_read(world: World, name: str, text: str) -> None:
    assert text not in stream_of(world, name).text


@then(parsers.re(r'the reply (?P<how>says|does not say) "(?P<text>[^"]*)"'))
def reply_says(world: World, how: str, text: str) -> None:
    assert (text in reply_text(world)) == (how == "says")


@then(parsers.re(r"the reply (?P<how>shows|does not show) (?P<name>\w+) to help"))
def reply_shows(world: World, how: str, name: str) -> None:
    assert world.person(name).companion
    assert is_help(reply_text(world)) == (how == "shows")


@then(parsers.parse('"{text}" is kept nowhere in the conversation of {name:w}'))
def kept_nowhere(world: World, text: str, name: str) -> None:
    messages = messages_of(world, name)
    assert messages
    assert all(text not in message["content"] for message in messages)


# ------------------------------------------------------------------------- those who look at it


def flags_of(world: World, name: str, status: str = "open") -> list[Any]:
    """The person's flags, newest first."""
    found = world.pages(ADMIN, f"/v1/admin/moderation?status={status}")
    return [flag for flag in found if flag["user_id"] == world.person(name).user_id]


def reports_of(world: World, name: str, status: str) -> list[Any]:
    """The person's reports, newest first."""
    found = world.pages(ADMIN, f"/v1/admin/reports?status={status}")
    return [one for one in found if one["user_id"] == world.person(name).user_id]


@then(parsers.parse("the administrator finds an open flag of {name:w}"))
def finds_flag(world: World, name: str, datatable: list[list[str]]) -> None:
    names, values = datatable
    for _ in world.attempts():
        found = [[flag[one] for one in names] for flag in flags_of(world, name)]
        if values in found:
            return


@then("the flag names its rule and the version of the rules")
def flag_names_rule(world: World) -> None:
    (name,) = (one for one in world.people if one != ADMIN)
    flag = flags_of(world, name)[0]
    assert "/" in flag["rule"]
    assert flag["rules_version"]


@when(parsers.parse('the administrator finds the {thing:w} of {name:w} {decision:w}: "{note}"'))
def decides(world: World, thing: str, name: str, decision: str, note: str) -> None:
    found = flags_of(world, name) if thing == "flag" else reports_of(world, name, "open")
    kind = "moderation" if thing == "flag" else "reports"
    for one in found:
        path = f"/v1/admin/{kind}/{one['user_id']}/{one['id']}/review"
        world.ask(ADMIN, "POST", path, {"decision": decision, "note": note})


@then("the administrator finds no open flag")
def finds_no_flag(world: World) -> None:
    assert not [flag for name in list(world.people) for flag in flags_of(world, name)]


@then(parsers.parse("the administrator finds {count:d} open reports"))
def finds_reports(world: World, count: int) -> None:
    found = [one for name in list(world.people) for one in reports_of(world, name, "open")]
    assert len(found) == count


@then(parsers.parse('the open report of {name:w} says "{reason}" about the reply of {character:w}'))
def report_says(world: World, name: str, reason: str, character: str) -> None:
    [report] = reports_of(world, name, "open")
    kept = last_reply(world, name)
    assert report["reason"] == reason
    assert report["message"]["content"] == kept["content"]
    assert report["message"]["character_id"] == character.lower()


@then(parsers.parse('the reviewed report of {name:w} was {decision:w}: "{note}"'))
def report_was(world: World, name: str, decision: str, note: str) -> None:
    [report] = reports_of(world, name, "reviewed")
    assert (report["review"]["decision"], report["review"]["note"]) == (decision, note)
    assert report["review"]["reviewer"] == world.user_id(ADMIN)


@when(parsers.parse("{other:w} tries to report the reply to {name:w}"))
def tries_to_report(world: World, other: str, name: str) -> None:
    path = f"/v1/chat/messages/{last_reply(world, name)['id']}/report"
    world.answer = world.send(other, "POST", path, {"reason": "Not mine."})


@when(parsers.re(r"(?P<name>\w+) tries to see (?P<what>all reports|the counters)"))
def tries_to_see(world: World, name: str, what: str) -> None:
    path = {"all reports": "reports", "the counters": "safety/counters"}[what]
    world.answer = world.send(name, "GET", f"/v1/admin/{path}")


# --------------------------------------------------------------------------------------- numbers


@then("the product has counted")
def has_counted(world: World, datatable: list[list[str]]) -> None:
    totals: dict[str, int] = {}
    for _ in world.attempts():
        totals = world.ask(ADMIN, "GET", "/v1/admin/safety/counters")["totals"]
        if all(totals[kind] == int(count) for kind, count in datatable):
            return


@then(parsers.parse("the product has counted nothing for {year:d}"))
def has_counted_nothing(world: World, year: int) -> None:
    shown = world.ask(ADMIN, "GET", f"/v1/admin/safety/counters?year={year}")
    assert shown["days"] == []
    assert set(shown["totals"].values()) == {0}


@then(parsers.parse("the product has counted for {year:d}, and nothing else"))
def has_counted_for(world: World, year: int, datatable: list[list[str]]) -> None:
    wanted = {kind: int(count) for kind, count in datatable}
    shown: dict[str, int] = {}
    for _ in world.attempts():
        totals = world.ask(ADMIN, "GET", f"/v1/admin/safety/counters?year={year}")["totals"]
        shown = {kind: count for kind, count in totals.items() if count}
        if shown == wanted:
            return


@then(parsers.parse("the product has counted on {day}, and nothing else"))
def has_counted_on(world: World, day: str, datatable: list[list[str]]) -> None:
    wanted = {kind: int(count) for kind, count in datatable}
    for _ in world.attempts():
        found = world.ask(ADMIN, "GET", f"/v1/admin/safety/counters?from={day}&to={day}")
        if [one["counts"] for one in found["days"]] == [wanted]:
            return


@then(parsers.parse("the counters hold neither {name:w} nor what she said"))
def counters_hold_nobody(world: World, name: str) -> None:
    person = world.person(name)
    said = messages_of(world, name)[0]
    text = ""
    for _ in world.attempts():
        shown = world.ask(ADMIN, "GET", "/v1/admin/safety/counters")
        text = json.dumps(shown)
        if shown["totals"]["crisis_referral_input"]:
            break
    for secret in (person.user_id, person.subject, said["id"], said["content"], name):
        assert secret
        assert secret not in text


# ------------------------------------------------------------------------------------ the protocol


@when("somebody opens the safety protocol")
def opens_protocol(world: World) -> None:
    world.person("Somebody").known["page"] = httpx.get(f"{world.product.base_url}/safety")


def page_of(world: World) -> httpx.Response:
    """The protocol as it was opened."""
    page = world.person("Somebody").known["page"]
    assert isinstance(page, httpx.Response)
    assert page.status_code == httpx.codes.OK
    return page


@then("the protocol says")
def protocol_says(world: World, datatable: list[list[str]]) -> None:
    assert [words for _, words in datatable if words not in page_of(world).text] == []


@then("the protocol lists")
def protocol_lists(world: World, datatable: list[list[str]]) -> None:
    rows = page_of(world).text.split("<tr ")
    for country, number in datatable:
        assert any(country in row and number in row for row in rows), country


@then("the protocol runs no script")
def protocol_runs_nothing(world: World) -> None:
    page = page_of(world)
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
