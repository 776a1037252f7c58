"""Keeping what was found, without standing in the way of helping."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

import pytest

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.safety_log import InMemorySafetyLog
from adapters.system.id_generator import SortableIdGenerator
from application.safety.safety_records import Occasion, SafetyRecords
from domain.accounts import User
from domain.errors import Unavailable
from domain.notices import NoticeKind
from domain.safety.reviews import FlagRecord
from domain.safety.verdicts import Action, Category, Flag, Stage, Verdict
from tests.contracts.builders import NOW, make_user

CRISIS = Flag(Category.SELF_HARM, Action.REFER, "en/wants-to-die", "1", "i want to die", "en")
THREAT = Flag(Category.HARASSMENT, Action.FLAG, "en/threat", "1", "or else", "en")
NOTHING = Flag(Category.SEXUAL, Action.ALLOW, "en/explicit", "1", "sexting", "en")
HERE = Occasion("luna", "ses_1", "msg_1", "turn_1")


class Away(InMemorySafetyLog):
    """A log that does not answer."""

    async def record(
        self, user_id: str, flags: Sequence[FlagRecord], counted: Sequence[str], now: datetime
    ) -> NoReturn:
        raise Unavailable("away")

    async def count(self, kinds: Sequence[str], now: datetime) -> NoReturn:
        raise Unavailable("away")


@pytest.fixture
def database() -> InMemoryDatabase:
    return InMemoryDatabase()


@pytest.fixture
async def user(database: InMemoryDatabase) -> User:
    return await InMemoryAccountStore(database).add(make_user())


@pytest.fixture
def log(database: InMemoryDatabase) -> InMemorySafetyLog:
    return InMemorySafetyLog(database)


@pytest.fixture
def records(log: InMemorySafetyLog) -> SafetyRecords:
    return SafetyRecords(log, InMemoryClock(NOW), SortableIdGenerator())


async def kept(log: InMemorySafetyLog) -> Sequence[FlagRecord]:
    return await log.list_flags(status=None, limit=10, before=None)


async def counted(log: InMemorySafetyLog) -> dict[str, int]:
    return {one.kind: one.count for one in await log.counts(date.min, date.max)}


async def test_each_flag_is_kept_with_its_occasion_and_the_verdict_counts_once(
    records: SafetyRecords, log: InMemorySafetyLog, user: User
) -> None:
    await records.keep_verdict(user.id, Stage.INPUT, Verdict((THREAT, CRISIS)), HERE)
    found = {record.flag: record for record in await kept(log)}
    assert found.keys() == {THREAT, CRISIS}
    for record in found.values():
        assert (record.user_id, record.stage, record.created_at) == (user.id, Stage.INPUT, NOW)
        assert (record.character_id, record.session_id) == ("luna", "ses_1")
        assert (record.message_id, record.turn_id) == ("msg_1", "turn_1")
    assert len({record.id for record in found.values()}) == 2
    assert await counted(log) == {"crisis_referral_input": 1}


async def test_what_leads_to_nothing_is_not_kept(
    records: SafetyRecords, log: InMemorySafetyLog, user: User
) -> None:
    for verdict in (Verdict(), Verdict((NOTHING,))):
        await records.keep_verdict(user.id, Stage.INPUT, verdict, HERE)
    assert await kept(log) == []
    assert await counted(log) == {}


async def test_notices_and_reports_are_counted(
    records: SafetyRecords, log: InMemorySafetyLog
) -> None:
    await records.count_notices([NoticeKind.AI_DISCLOSURE, NoticeKind.BREAK_REMINDER])
    await records.count_notices([NoticeKind.CRISIS_REFERRAL])
    await records.count_report()
    assert await counted(log) == {"ai_disclosure": 1, "break_reminder": 1, "report": 1}


async def test_a_log_that_is_away_stands_in_nobodys_way_and_the_words_stay_out_of_the_logs(
    database: InMemoryDatabase, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    records = SafetyRecords(Away(database), InMemoryClock(NOW), SortableIdGenerator())
    await records.keep_verdict(user.id, Stage.INPUT, Verdict((CRISIS,)), HERE)
    await records.count_notices([NoticeKind.AI_DISCLOSURE])
    await records.count_report()
    told = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(told) == 3
    assert not any(secret in " ".join(told) for secret in (CRISIS.excerpt, user.id))
