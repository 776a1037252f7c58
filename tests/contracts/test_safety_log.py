"""What every log of what was flagged, reported and counted promises."""

import asyncio
from datetime import UTC, date, timedelta, timezone
from typing import Any

import pytest
from attrs import evolve

from domain.accounts import User
from domain.chat import Role
from domain.errors import NotFound
from domain.safety.counters import DayCount
from domain.safety.reviews import Decision, FlagRecord, ReportRecord, Review, ReviewStatus
from domain.safety.verdicts import Action, Category, Flag, Stage
from tests.contracts.builders import (
    NOW,
    at,
    erased,
    make_character,
    make_message,
    make_session,
    new_id,
)
from tests.contracts.stores import Stores

FLAG = Flag(Category.SELF_HARM, Action.REFER, "en/wants-to-die", "2026.1", "i want to die", "en")
REVIEW = Review(Decision.DISMISSED, "about a game", "usr_admin", at(90))
DAY = NOW.date()


def make_flag(user: User, **changes: Any) -> FlagRecord:
    record = FlagRecord(new_id("flg"), user.id, Stage.INPUT, FLAG, NOW)
    return evolve(record, **changes)


async def listed(stores: Stores, status: ReviewStatus | None = None) -> list[FlagRecord]:
    return list(await stores.safety_log.list_flags(status=status, limit=100, before=None))


async def counted(stores: Stores) -> dict[str, int]:
    found = await stores.safety_log.counts(date.min, date.max)
    return {one.kind: one.count for one in found}


async def test_a_flag_is_kept_with_all_its_fields(stores: Stores) -> None:
    user = await stores.sign_up()
    full = make_flag(
        user,
        stage=Stage.OUTPUT,
        flag=evolve(FLAG, excerpt="я\N{REPLACEMENT CHARACTER}🙂 'quoted'", language=None),
        character_id="luna",
        session_id="ses_1",
        message_id="msg_1",
        turn_id="turn_1",
    )
    bare = make_flag(user)
    await stores.safety_log.record(user.id, [full, bare], [], NOW)
    assert await listed(stores) == [bare, full]


async def test_a_flag_may_hold_what_a_model_wrote(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.safety_log.record(
        user.id, [make_flag(user, flag=evolve(FLAG, excerpt="nul \0 and \ud800"))], [], NOW
    )
    assert len(await listed(stores)) == 1


async def test_a_flag_is_kept_once(stores: Stores) -> None:
    user = await stores.sign_up()
    record = make_flag(user)
    for _ in range(2):
        await stores.safety_log.record(user.id, [record], [], NOW)
    assert await listed(stores) == [record]


async def test_flags_are_counted_along_with_being_kept(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.safety_log.record(user.id, [make_flag(user)], ["crisis_referral_input"], NOW)
    await stores.safety_log.record(user.id, [], ["crisis_referral_input", "report"], at(5))
    assert await counted(stores) == {"crisis_referral_input": 2, "report": 1}


async def test_a_kind_that_comes_twice_counts_twice(stores: Stores) -> None:
    await stores.safety_log.count(["report", "break_reminder", "report"], NOW)
    assert await counted(stores) == {"break_reminder": 1, "report": 2}


async def test_a_day_is_a_day_in_utc(stores: Stores) -> None:
    late = NOW.replace(hour=23, minute=30).astimezone(timezone(timedelta(hours=5)))
    await stores.safety_log.count(["report"], late)
    [count] = await stores.safety_log.counts(DAY, DAY)
    assert count == DayCount(DAY, "report", 1)
    assert late.date() != late.astimezone(UTC).date()


async def test_counts_come_by_day_and_kind_and_only_those_asked_for(stores: Stores) -> None:
    for days, kinds in ((0, ["b", "a"]), (1, ["a"]), (2, ["c"]), (3, ["d"])):
        await stores.safety_log.count(kinds, at(days * 86_400))
    tomorrow = DAY + timedelta(days=1)
    assert await stores.safety_log.counts(DAY, tomorrow) == [
        DayCount(DAY, "a", 1),
        DayCount(DAY, "b", 1),
        DayCount(tomorrow, "a", 1),
    ]
    assert await stores.safety_log.counts(tomorrow, DAY) == []


async def test_nothing_to_count_is_fine(stores: Stores) -> None:
    await stores.safety_log.count([], NOW)
    assert await counted(stores) == {}


async def test_counting_side_by_side_loses_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    await asyncio.gather(
        *(
            stores.safety_log.record(user.id, [make_flag(user)], ["b", "a"], NOW)
            if number % 2
            else stores.safety_log.count(["a", "b"], NOW)
            for number in range(40)
        )
    )
    assert await counted(stores) == {"a": 40, "b": 40}
    assert len(await listed(stores)) == 20


async def test_the_queue_has_pages_without_gap_over_all_people(stores: Stores) -> None:
    people = [await stores.sign_up(name) for name in ("ann", "bob")]
    records = [make_flag(people[number % 2]) for number in range(5)]
    for record in records:
        await stores.safety_log.record(record.user_id, [record], [], NOW)
    log = stores.safety_log
    first = await log.list_flags(status=ReviewStatus.OPEN, limit=2, before=None)
    rest = await log.list_flags(status=ReviewStatus.OPEN, limit=9, before=first[-1].id)
    assert [*first, *rest] == records[::-1]


async def test_a_reviewed_flag_leaves_the_queue(stores: Stores) -> None:
    user = await stores.sign_up()
    seen, other = make_flag(user), make_flag(user)
    await stores.safety_log.record(user.id, [seen, other], [], NOW)
    reviewed = await stores.safety_log.review_flag(user.id, seen.id, REVIEW)
    assert reviewed == evolve(seen, review=REVIEW)
    assert await listed(stores, ReviewStatus.REVIEWED) == [reviewed]
    assert await listed(stores, ReviewStatus.OPEN) == [other]
    assert await listed(stores) == [other, reviewed]


async def test_a_later_decision_takes_the_place_of_an_earlier_one(stores: Stores) -> None:
    user = await stores.sign_up()
    record = make_flag(user)
    await stores.safety_log.record(user.id, [record], [], NOW)
    await stores.safety_log.review_flag(user.id, record.id, REVIEW)
    later = evolve(REVIEW, decision=Decision.ESCALATED, note="", reviewed_at=at(200))
    assert (await stores.safety_log.review_flag(user.id, record.id, later)).review == later


async def test_what_is_not_there_cannot_be_reviewed(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    record = make_flag(ann)
    await stores.safety_log.record(ann.id, [record], [], NOW)
    report_id = await report(stores, ann)
    for attempt in (
        stores.safety_log.review_flag(ann.id, "flg_none", REVIEW),
        stores.safety_log.review_flag(bob.id, record.id, REVIEW),
        stores.safety_log.review_report(ann.id, "rep_none", REVIEW),
        stores.safety_log.review_report(bob.id, report_id, REVIEW),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await listed(stores, ReviewStatus.REVIEWED) == []


async def report(stores: Stores, user: User, *, text: str = "Hi", reason: str = "odd") -> str:
    """Somebody reports what a character greeted them with; returns the report's id."""
    published = await stores.characters.publish(make_character())
    session = make_session(user, character_version=published.version)
    greeting = make_message(session, 1, content=text)
    await stores.sessions.add(session, greeting)
    return await stores.sessions.report(
        user.id, greeting.id, report_id=new_id("rep"), reason=reason, now=NOW
    )


async def test_a_report_comes_with_what_it_is_about(stores: Stores) -> None:
    user = await stores.sign_up()
    report_id = await report(stores, user, text="You should not.", reason="rude")
    [session] = await stores.sessions.list(user.id, limit=10, before=None)
    [greeting] = await stores.sessions.list_messages(user.id, session.id, limit=10, before=None)
    [found] = await stores.safety_log.list_reports(status=ReviewStatus.OPEN, limit=10, before=None)
    assert found == ReportRecord(
        id=report_id,
        user_id=user.id,
        message_id=greeting.id,
        session_id=session.id,
        character_id="luna",
        role=Role.ASSISTANT,
        text="You should not.",
        reason="rude",
        created_at=NOW,
    )


async def test_reports_are_reviewed_like_flags(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    reports = [await report(stores, user) for _ in range(3)]
    log = stores.safety_log
    reviewed = await log.review_report(user.id, reports[1], REVIEW)
    assert (reviewed.id, reviewed.review) == (reports[1], REVIEW)

    async def ids(status: ReviewStatus | None, before: str | None = None) -> list[str]:
        found = await log.list_reports(status=status, limit=10, before=before)
        return [one.id for one in found]

    assert await ids(ReviewStatus.OPEN) == [reports[2], reports[0]]
    assert await ids(ReviewStatus.REVIEWED) == [reports[1]]
    assert await ids(None) == reports[::-1]
    assert await ids(None, before=reports[2]) == [reports[1], reports[0]]


async def test_erasure_takes_flags_along_and_leaves_the_counts(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    for user in (ann, bob):
        await stores.safety_log.record(user.id, [make_flag(user)], ["report"], NOW)
    await report(stores, ann)
    await stores.accounts.erase(erased(ann))
    assert [record.user_id for record in await listed(stores)] == [bob.id]
    assert await stores.safety_log.list_reports(status=None, limit=10, before=None) == []
    assert await counted(stores) == {"report": 2}


async def test_of_somebody_who_is_gone_nothing_is_kept_but_it_counts(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.accounts.erase(erased(user))
    await stores.safety_log.record(user.id, [make_flag(user)], ["crisis_referral_input"], NOW)
    assert await listed(stores) == []
    assert await counted(stores) == {"crisis_referral_input": 1}


async def test_an_erasure_beside_flags_leaves_none(stores: Stores) -> None:
    user = await stores.sign_up()

    async def flag() -> None:
        await stores.safety_log.record(user.id, [make_flag(user)], ["report"], NOW)

    await asyncio.gather(*(flag() for _ in range(6)), stores.accounts.erase(erased(user)), flag())
    assert await listed(stores) == []
    assert await counted(stores) == {"report": 7}


async def test_people_can_have_what_was_flagged_of_theirs(stores: Stores) -> None:
    user, other = await stores.sign_up("ann"), await stores.sign_up("bob")
    record = make_flag(user, session_id="ses_1", message_id="msg_1")
    await stores.safety_log.record(user.id, [record], [], NOW)
    await stores.safety_log.record(other.id, [make_flag(other)], [], NOW)
    await stores.safety_log.review_flag(user.id, record.id, REVIEW)
    [exported] = (await stores.accounts.export(user.id))["moderation_flags"]
    created_at = exported.pop("created_at")
    assert created_at.startswith("2026-03-10T12:30:15")
    assert exported == {
        "id": record.id,
        "stage": "input",
        "category": "self_harm",
        "action": "refer",
        "rule": "en/wants-to-die",
        "rules_version": "2026.1",
        "excerpt": "i want to die",
        "session_id": "ses_1",
        "message_id": "msg_1",
        "decision": "dismissed",
    }
