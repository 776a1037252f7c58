"""Time, processes, jobs, limits and health."""

import re
from datetime import timedelta

import httpx
from pytest_bdd import parsers, step, then, when

from tests.features.steps.words import moment
from tests.features.world import ADMIN, Answer, World


@step(parsers.re(r"it is (?P<when>\d.*)"))
def it_is(world: World, when: str) -> None:
    world.local.clock.set(moment(when))
    world.sign_in_again()


@when(parsers.parse("{minutes:d} minutes pass"))
def minutes_pass(world: World, minutes: int) -> None:
    clock = world.local.clock
    clock.set(clock.now() + timedelta(minutes=minutes))
    world.sign_in_again()


@when("the product's process is killed and started again")
def killed(world: World) -> None:
    world.local.die_and_start_again()
    world.begin_again()


@step(parsers.parse("the job {job} runs"))
def job_runs(world: World, job: str) -> None:
    world.answer = world.send(ADMIN, "POST", f"/v1/admin/jobs/{job}/run")


@step(parsers.parse("{name:w} asks for the prices {times:d} times"))
def asks_often(world: World, name: str, times: int) -> None:
    for _ in range(times):
        asks(world, name)


@when(parsers.parse("{name:w} asks for the prices once more"))
def asks(world: World, name: str) -> None:
    known = world.person(name).known
    known["earlier"], world.answer = world.answer, world.send(name, "GET", "/v1/wallet/pricing")


@when(parsers.parse('{name:w} asks for the prices with the request number "{number}"'))
def asks_with_number(world: World, name: str, number: str) -> None:
    headers = {"X-Request-ID": number}
    world.answer = world.send(name, "GET", "/v1/wallet/pricing", headers=headers)


@then(parsers.parse('the answer carries the request number "{number}"'))
def carries_number(world: World, number: str) -> None:
    assert world.last.headers["x-request-id"] == number


# ---------------------------------------------------------------------------------------- limits


@then(parsers.parse("{name:w} is told when to try again"))
def told_when(world: World, name: str) -> None:
    assert int(world.last.headers["retry-after"]) >= 1


@then(parsers.parse("{name:w} is told how many requests are left"))
def told_how_many(world: World, name: str) -> None:
    assert _left(world.last) > 0


@then("it is one less than before")
def one_less(world: World) -> None:
    earlier = next(one.known["earlier"] for one in world.people.values() if "earlier" in one.known)
    assert _left(world.last) == _left(earlier) - 1


def _left(answer: Answer) -> int:
    told = re.search(r";r=(\d+)", answer.headers["ratelimit"])
    assert told is not None
    return int(told[1])


# ------------------------------------------------------------------------------------------ jobs


@when("the administrator lists the jobs")
def lists_jobs(world: World) -> None:
    world.answer = world.send(ADMIN, "GET", "/v1/admin/jobs")


@then("these jobs are listed")
def jobs_listed(world: World, datatable: list[list[str]]) -> None:
    assert [[one["name"]] for one in world.last.json["data"]] == datatable


@then("the job says what it did")
def job_says(world: World) -> None:
    assert world.last.error is None, world.last.error
    assert world.last.json["outcome"]
    assert world.last.json["error"] is None
    assert world.last.json["finished_at"]


@then(parsers.parse("the list of jobs shows this run of {job}"))
def run_listed(world: World, job: str) -> None:
    jobs = world.ask(ADMIN, "GET", "/v1/admin/jobs")["data"]
    shown = next(one for one in jobs if one["name"] == job)
    assert shown["last_run"]["id"] == world.last.json["id"]


@when(parsers.parse("{name:w} tries to run the job {job}"))
def tries_to_run(world: World, name: str, job: str) -> None:
    world.answer = world.send(name, "POST", f"/v1/admin/jobs/{job}/run")


# ---------------------------------------------------------------------------------------- health


@then("the product is alive")
def is_alive(world: World) -> None:
    answer = world.send(None, "GET", "/healthz")
    assert (answer.status, answer.json["status"]) == (200, "ok")


@then("the product is ready")
def is_ready(world: World) -> None:
    answer = world.send(None, "GET", "/readyz")
    assert (answer.status, answer.json["status"]) == (200, "ready")
    assert all(answer.json["checks"].values())


@when(parsers.parse("{part:w} does not answer"))
def falls_silent(world: World, part: str) -> None:
    world.local.silence(part)


@then(parsers.parse("the product is not ready because of {part:w}"))
def is_not_ready(world: World, part: str) -> None:
    answer = world.send(None, "GET", "/readyz")
    assert answer.status == 503
    assert [name for name, is_well in answer.json["checks"].items() if not is_well] == [part]


@then("the metrics are there, and name nobody")
def has_metrics(world: World) -> None:
    text = httpx.get(f"{world.product.base_url}/metrics").text
    assert "# HELP" in text
    assert "/v1/chat/completions" in text
    assert not any(one.user_id in text for one in world.people.values() if one.user_id)


@when(parsers.parse("{name:w} asks whether the books are in order"))
def asks_for_books(world: World, name: str) -> None:
    world.answer = world.send(name, "GET", "/v1/admin/invariants")


@then("the administrator sees that the books are in order")
def books_in_order(world: World) -> None:
    shown = world.ask(ADMIN, "GET", "/v1/admin/invariants")
    assert shown == {"ok": True, "violations": []}
