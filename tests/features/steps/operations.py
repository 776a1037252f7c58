"""Time, processes, jobs, limits and health."""

from datetime import timedelta

from pytest_bdd import given, parsers, when

from tests.features.steps.words import moment
from tests.features.world import ADMIN, World


@given(parsers.parse("it is {when}"))
@when(parsers.parse("it is {when}"))
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


@given(parsers.parse("the job {job} runs"))
@when(parsers.parse("the job {job} runs"))
def job_runs(world: World, job: str) -> None:
    world.answer = world.send(ADMIN, "POST", f"/v1/admin/jobs/{job}/run")


@given(parsers.parse("{name:w} asks for the prices {times:d} times"))
def asks_often(world: World, name: str, times: int) -> None:
    for _ in range(times):
        world.answer = world.send(name, "GET", "/v1/wallet/pricing")
