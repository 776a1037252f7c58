"""What every store of accounts promises."""

import asyncio
import json

import pytest
from attrs import asdict, evolve

from domain.accounts import Tier, User
from domain.errors import NotFound
from tests.contracts.builders import (
    NOW,
    at,
    erased,
    make_embedding,
    make_user,
    with_every_field,
)
from tests.contracts.stores import Stores


async def test_an_account_is_found_by_its_subject_and_by_its_id(stores: Stores) -> None:
    user = make_user()
    assert await stores.accounts.add(user) == user
    assert await stores.accounts.find_by_subject("subject-of-ann") == user
    assert await stores.accounts.get(user.id) == user


async def test_an_account_is_stored_with_all_its_fields(stores: Stores) -> None:
    user = with_every_field(make_user())
    await stores.accounts.add(user)
    assert await stores.accounts.get(user.id) == user


async def test_a_new_account_has_an_empty_wallet(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.debt, wallet.entry_count) == (0, 0, 0)


async def test_an_unknown_subject_has_no_account(stores: Stores) -> None:
    await stores.sign_up("ann")
    assert await stores.accounts.find_by_subject("subject-of-bob") is None


async def test_a_subject_is_compared_with_its_case(stores: Stores) -> None:
    await stores.sign_up("ann")
    assert await stores.accounts.find_by_subject("Subject-of-ann") is None


async def test_a_subject_that_has_an_account_gets_no_second_one(stores: Stores) -> None:
    first = await stores.sign_up("ann")
    second = make_user("ann", tier=Tier.PREMIUM)
    assert await stores.accounts.add(second) == first
    with pytest.raises(NotFound):
        await stores.accounts.get(second.id)
    with pytest.raises(NotFound):
        await stores.wallets.get(second.id)


async def test_twenty_sign_ups_at_once_make_one_account(stores: Stores) -> None:
    users = [make_user("ann") for _ in range(20)]
    added = await asyncio.gather(*(stores.accounts.add(user) for user in users))
    assert len({user.id for user in added}) == 1
    assert await stores.accounts.list(search=None, limit=100, after=None) == [added[0]]


async def test_an_unknown_account_is_not_found(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.accounts.get("usr_nobody")


async def test_saving_writes_every_field(stores: Stores) -> None:
    user = await stores.sign_up()
    changed = with_every_field(user)
    await stores.accounts.save(changed, tier=changed.tier)
    assert await stores.accounts.get(user.id) == changed


async def test_saving_leaves_the_tier_unless_one_is_given(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.accounts.save(evolve(user, country="DE"), tier=Tier.PREMIUM)
    await stores.accounts.save(evolve(user, display_name="Ann"))
    kept = await stores.accounts.get(user.id)
    assert kept == evolve(user, display_name="Ann", tier=Tier.PREMIUM)


async def test_saving_leaves_other_accounts_alone(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.accounts.save(with_every_field(ann))
    assert await stores.accounts.get(bob.id) == bob


async def test_saving_an_account_that_is_gone_is_refused(stores: Stores) -> None:
    user = await stores.sign_up()
    with pytest.raises(NotFound):
        await stores.accounts.save(make_user("bob"))
    await stores.accounts.erase(erased(user))
    with pytest.raises(NotFound):
        await stores.accounts.save(user)
    assert await stores.accounts.find_by_subject("subject-of-ann") is None


async def test_the_list_is_newest_first_and_has_pages_without_gap(stores: Stores) -> None:
    users = [await stores.sign_up(f"user-{number}") for number in range(5)]
    first = await stores.accounts.list(search=None, limit=2, after=None)
    assert first == [users[4], users[3]]
    rest = await stores.accounts.list(search=None, limit=100, after=first[-1].id)
    assert rest == [users[2], users[1], users[0]]


async def test_the_search_matches_an_id_or_a_subject_exactly(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")

    async def found(search: str) -> list[User]:
        return list(await stores.accounts.list(search=search, limit=10, after=None))

    assert await found(ann.id) == [ann]
    assert await found("subject-of-bob") == [bob]
    for near_miss in ("subject-of", "subject-of-%", "", ann.id[:-1], "SUBJECT-OF-BOB"):
        assert await found(near_miss) == []


async def test_the_list_leaves_out_erased_accounts(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.accounts.erase(erased(ann))
    assert await stores.accounts.list(search=None, limit=10, after=None) == [bob]
    assert await stores.accounts.list(search=ann.id, limit=10, after=None) == []


async def test_the_export_has_everything_and_is_json(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, reply = await stores.say(user, session, text="I remember")
    memory = await stores.remember(
        user,
        make_embedding(0.765625),
        text="I live in Rome",
        session_id=session.id,
        source_message_ids=(said.id,),
        importance=4,
        true_at=at(-9),
        told_at=at(2),
    )
    past = await stores.remember(
        user, topic="home", kind="place", ended_at=at(9), superseded_by=memory.id
    )
    report_id = await stores.sessions.report(
        user.id, reply.id, report_id="rep_1", reason="odd", now=NOW
    )
    document = await stores.accounts.export(user.id)
    assert set(document) == {
        "sessions", "memories", "reports", "moderation_flags", "wallet", "transactions",
        "purchases",
    }  # fmt: skip
    assert reply.receipt
    assert document["sessions"] == [
        {
            "id": session.id,
            "character_id": "luna",
            "character_version": 1,
            "title": "A walk",
            "created_at": NOW.isoformat(),
            "updated_at": at(5).isoformat(),
            "summary": "",
            "messages": [
                {
                    "id": said.id,
                    "role": "user",
                    "content": "hello 2",
                    "status": "complete",
                    "created_at": said.created_at.isoformat(),
                    "receipt": None,
                },
                {
                    "id": reply.id,
                    "role": "assistant",
                    "content": "I remember",
                    "status": "complete",
                    "created_at": reply.created_at.isoformat(),
                    "receipt": {
                        "held": 10,
                        "charged": 3,
                        "released": 7,
                        "price_version": 1,
                        "usage": asdict(reply.receipt.usage),
                        "buckets": {"purchased": 3},
                    },
                },
            ],
        }
    ]
    assert document["memories"] == [
        {
            "id": memory.id,
            "character_id": "luna",
            "text": "I live in Rome",
            "kind": "note",
            "topic": None,
            "importance": 4,
            "source_message_ids": [said.id],
            "session_id": session.id,
            "created_at": NOW.isoformat(),
            "true_at": at(-9).isoformat(),
            "told_at": at(2).isoformat(),
            "ended_at": None,
            "superseded_by": None,
        },
        {
            "id": past.id,
            "character_id": "luna",
            "text": "I have a dog called Rex",
            "kind": "place",
            "topic": "home",
            "importance": 3,
            "source_message_ids": [],
            "session_id": None,
            "created_at": NOW.isoformat(),
            "true_at": None,
            "told_at": None,
            "ended_at": at(9).isoformat(),
            "superseded_by": memory.id,
        },
    ]
    assert document["reports"] == [
        {
            "id": report_id,
            "message_id": reply.id,
            "reason": "odd",
            "created_at": NOW.isoformat(),
        }
    ]
    assert document["wallet"] == {"balance": 97, "held": 0, "available": 97, "debt": 0}
    assert [one["seq"] for one in document["transactions"]] == [1, 2]
    assert document["transactions"][1] == {
        "seq": 2,
        "kind": "charge",
        "bucket": "purchased",
        "amount": -3,
        "debt": 0,
        "balance_after": 97,
        "reference": reply.turn_id,
        "description": "Reply",
        "created_at": at(5).isoformat(),
    }
    text = json.dumps(document)
    assert "0.765" not in text
    assert "embedding" not in text


async def test_the_export_of_somebody_who_did_nothing_is_empty(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob", credits=100)
    _, reply = await stores.say(bob, await stores.begin_session(bob))
    await stores.sessions.report(bob.id, reply.id, report_id="rep", reason="odd", now=NOW)
    await stores.remember(bob)
    document = await stores.accounts.export(ann.id)
    for part in ("sessions", "memories", "reports", "transactions", "purchases"):
        assert document[part] == []
    assert document["wallet"]["balance"] == 0
