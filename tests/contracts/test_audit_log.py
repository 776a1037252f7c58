"""What every record of what administrators did promises."""

import asyncio
from typing import Any

import pytest
from attrs import evolve

from application.ports.audit_log import AuditEntry
from tests.contracts.builders import at, new_id
from tests.contracts.stores import Stores


def make_entry(**changes: Any) -> AuditEntry:
    entry = AuditEntry(
        id=new_id("aud"),
        actor_id="usr_root",
        action="user.suspend",
        subject="usr_ann",
        channel="api",
        request_id="req_1",
        at=at(0),
        before={"suspended": False, "reason": None},
    )
    return evolve(entry, **changes)


def ended(entry: AuditEntry) -> AuditEntry:
    return evolve(entry, after={"suspended": True, "days": [1, 2]}, finished_at=at(1))


async def listed(stores: Stores, **asked: Any) -> list[AuditEntry]:
    return list(await stores.audit_log.list(**{"limit": 100, "before": None, **asked}))


async def test_an_action_is_there_before_it_is_done(stores: Stores) -> None:
    entry = make_entry()
    await stores.audit_log.begin(entry)
    assert await listed(stores) == [entry]


async def test_what_came_of_it_is_added(stores: Stores) -> None:
    entry = make_entry()
    await stores.audit_log.begin(entry)
    await stores.audit_log.finish(ended(entry))
    assert await listed(stores) == [ended(entry)]
    refused = make_entry()
    await stores.audit_log.begin(refused)
    await stores.audit_log.finish(evolve(refused, error="not_found", finished_at=at(1)))
    assert (await listed(stores))[0] == evolve(refused, error="not_found", finished_at=at(1))


async def test_the_beginning_is_never_rewritten(stores: Stores) -> None:
    entry = make_entry()
    await stores.audit_log.begin(entry)
    await stores.audit_log.begin(evolve(entry, actor_id="usr_other", before={}))
    lie = evolve(ended(entry), actor_id="usr_other", subject="usr_bob", before={"x": 1}, at=at(9))
    await stores.audit_log.finish(lie)
    assert await listed(stores) == [ended(entry)]


async def test_an_entry_ends_once(stores: Stores) -> None:
    entry = make_entry()
    await stores.audit_log.begin(entry)
    await stores.audit_log.finish(ended(entry))
    await stores.audit_log.finish(evolve(entry, error="conflict", finished_at=at(2)))
    assert await listed(stores) == [ended(entry)]


async def test_the_end_of_what_never_began_is_nothing(stores: Stores) -> None:
    await stores.audit_log.finish(ended(make_entry()))
    assert await listed(stores) == []


async def test_the_list_is_newest_first_and_read_in_parts(stores: Stores) -> None:
    entries = [make_entry() for _ in range(5)]
    await asyncio.gather(*(stores.audit_log.begin(entry) for entry in entries))
    newest_first = sorted(entries, key=lambda entry: entry.id, reverse=True)
    assert await listed(stores, limit=2) == newest_first[:2]
    assert await listed(stores, before=newest_first[1].id) == newest_first[2:]


@pytest.mark.parametrize("asked", ["actor_id", "subject", "both"])
async def test_it_can_be_read_for_one_administrator_or_one_thing(
    stores: Stores, asked: str
) -> None:
    mine = make_entry(actor_id="usr_me", subject="mira")
    for entry in (
        make_entry(),
        mine,
        make_entry(actor_id="usr_me" if asked == "subject" else "usr_x"),
        make_entry(subject="mira" if asked == "actor_id" else "luna"),
    ):
        await stores.audit_log.begin(entry)
    wanted: dict[str, str] = {}
    if asked != "subject":
        wanted["actor_id"] = "usr_me"
    if asked != "actor_id":
        wanted["subject"] = "mira"
    assert await listed(stores, **wanted) == [mine]


async def test_facts_may_be_any_json(stores: Stores) -> None:
    facts = {"name": "Zoë \N{SNOWMAN}", "none": None, "deep": {"list": [1, 2.5, "x", True]}}
    entry = make_entry(before=facts, after=facts, finished_at=at(3))
    await stores.audit_log.begin(entry)
    await stores.audit_log.finish(entry)
    assert await listed(stores) == [entry]
