from collections.abc import Callable

import pytest

from adapters.grok.circuit_breaker import CircuitBreaker, Permit


class Time:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> CircuitBreaker:
    return CircuitBreaker(
        failures=3, window_seconds=60.0, open_seconds=5.0, probe_seconds=30.0, now=time
    )


def state_of(breaker: CircuitBreaker) -> str:
    return breaker.state.value


def admitted(breaker: CircuitBreaker) -> Permit:
    permit = breaker.admit()
    assert permit is not None
    return permit


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        admitted(breaker).fail()


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    assert state_of(breaker) == "closed"

    fail(breaker, 1)

    assert state_of(breaker) == "open"
    assert breaker.admit() is None


def test_a_success_between_starts_the_count_again(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    admitted(breaker).succeed()
    fail(breaker, 2)

    assert state_of(breaker) == "closed"


def test_an_answer_that_breaks_off_is_still_a_failure(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        permit = admitted(breaker)
        permit.answered()
        permit.fail()

    assert state_of(breaker) == "open"


def test_what_proves_nothing_counts_for_nothing(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    admitted(breaker).release()
    assert state_of(breaker) == "closed"

    fail(breaker, 1)

    assert state_of(breaker) == "open"


def test_failures_far_apart_do_not_add_up(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 2)
    time.seconds += 61
    fail(breaker, 2)

    assert state_of(breaker) == "closed"


def test_after_its_time_exactly_one_probe_may_try(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.seconds += 4.9
    assert breaker.admit() is None
    time.seconds += 0.1

    assert breaker.admit() is not None
    assert state_of(breaker) == "half_open"
    assert [breaker.admit() for _ in range(20)] == [None] * 20


def test_a_probe_that_gets_an_answer_closes_it_before_its_end(
    breaker: CircuitBreaker, time: Time
) -> None:
    fail(breaker, 3)
    time.seconds += 5
    probe = admitted(breaker)

    probe.answered()

    assert state_of(breaker) == "closed"
    assert breaker.admit() is not None


def test_a_probe_that_fails_opens_it_again(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.seconds += 5
    admitted(breaker).fail()

    assert state_of(breaker) == "open"
    assert breaker.admit() is None
    time.seconds += 5
    admitted(breaker).succeed()
    assert state_of(breaker) == "closed"


def test_after_it_closed_the_count_begins_anew(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.seconds += 5
    admitted(breaker).succeed()

    fail(breaker, 2)

    assert state_of(breaker) == "closed"


def test_a_probe_that_ends_without_a_verdict_makes_room_for_the_next(
    breaker: CircuitBreaker, time: Time
) -> None:
    fail(breaker, 3)
    time.seconds += 5
    admitted(breaker).release()

    assert state_of(breaker) == "half_open"
    admitted(breaker).succeed()
    assert state_of(breaker) == "closed"


def test_a_probe_that_never_reports_is_given_up(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.seconds += 5
    lost = admitted(breaker)
    time.seconds += 30
    second = admitted(breaker)

    lost.fail()
    lost.release()
    assert state_of(breaker) == "half_open"
    second.answered()

    assert state_of(breaker) == "closed"


@pytest.mark.parametrize("report", [Permit.succeed, Permit.fail, Permit.answered, Permit.release])
def test_calls_from_before_it_opened_no_longer_matter(
    breaker: CircuitBreaker, time: Time, report: Callable[[Permit], None]
) -> None:
    early = [admitted(breaker) for _ in range(10)]
    fail(breaker, 3)
    for permit in early[:5]:
        report(permit)
    assert state_of(breaker) == "open"
    time.seconds += 5
    probe = admitted(breaker)
    for permit in early[5:]:
        report(permit)

    assert state_of(breaker) == "half_open"
    assert breaker.admit() is None
    probe.succeed()
    assert state_of(breaker) == "closed"


def test_only_the_first_verdict_counts(breaker: CircuitBreaker) -> None:
    permit = admitted(breaker)
    for _ in range(5):
        permit.fail()

    assert state_of(breaker) == "closed"
