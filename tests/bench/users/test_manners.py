"""What the people of ``make load`` put up with, and how a run is told."""

from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from bench.users import facts
from bench.users.facts import Facts, Row
from bench.users.manners import Manner, reading_seconds, refusal


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (402, "insufficient_credits", "out of credits"),
        (429, "rate_limited", "too fast"),
        (403, "insufficient_credits", None),
        (429, "unavailable", None),
        (500, "internal", None),
        (503, "model_unavailable", None),
    ],
)
def test_only_empty_wallets_and_haste_are_refused_as_they_should_be(
    status: int, code: str, expected: str | None
) -> None:
    assert refusal(status, {"error": {"code": code}}) == expected


@pytest.mark.parametrize("body", [{}, {"error": "insufficient_credits"}, {"error": {}}])
def test_a_refusal_in_another_shape_is_a_fault(body: dict[str, object]) -> None:
    assert refusal(402, body) is None


def test_somebody_of_the_same_number_says_the_same() -> None:
    def talk() -> list[str]:
        chance = Random(5)
        return [Manner(5).says(chance, turn) for turn in range(20)]

    assert talk() == talk()
    assert len(set(talk())) > 5


def test_some_buy_and_some_do_not_and_some_want_long_stories() -> None:
    people = [Manner(number) for number in range(1, 13)]
    assert {one.buys for one in people} == {True, False}
    dear = [one for one in people if one.longest_reply]
    assert {one.buys for one in dear} == {True, False}


def test_nobody_reads_for_ever() -> None:
    assert reading_seconds("") == 0
    assert 0 < reading_seconds("one two three") < reading_seconds("word " * 10_000) <= 5


RUN = Facts(
    users=2,
    seconds=10.0,
    rows=[Row("chat", 9, 0, 10, 20, 30.4), Row(facts.FIRST_TOKEN, 9, 0, 1, 2, 3)],
    counts={facts.READ: 7, facts.LEFT: 2, facts.RESUMED: 2, facts.BROKE: 3, facts.BOUGHT: 1},
)


def test_a_run_is_found_again_as_it_was_written(tmp_path: Path) -> None:
    RUN.write(tmp_path / "results" / "users.json")
    assert Facts.read(tmp_path / "results" / "users.json") == RUN


def test_the_summary_says_each_task_and_what_became_of_streams_and_credits() -> None:
    lines = RUN.lines()
    assert lines[1].split() == ["chat", "9", "0", "10", "20", "30"]
    assert lines[2].split() == ["all", "9", "0"]
    assert "time to first token: p50 1 ms, p95 2 ms, p99 3 ms (of 9)" in lines
    assert "0.9 requests a second by 2 people, 10 s" in lines
    assert "2 streams left in the middle, 2 of them resumed without a gap" in lines
    assert "3 times out of credits (402, as it should be), 1 purchases" in lines
    assert not [line for line in lines if "429" in line]
    hasty = evolve(RUN, counts={**RUN.counts, facts.FAST: 4})
    assert [line for line in hasty.lines() if line.startswith("4 times too fast (429)")]


def test_a_run_fails_by_each_thing_that_should_not_be() -> None:
    assert RUN.problems == []
    assert evolve(RUN, faults={"chat: 500 internal": 2}).problems == ["2 × chat: 500 internal"]
    assert evolve(RUN, counts={}).problems == ["nobody read a reply to its end"]
    resumed = evolve(RUN, counts={facts.LEFT: 1, facts.RESUMED: 1})
    assert resumed.problems == []
    gap = evolve(RUN, counts={**RUN.counts, facts.RESUMED: 1})
    assert gap.problems == ["1 streams that were left were not resumed without a gap"]
