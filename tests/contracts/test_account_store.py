"""What every store of accounts promises."""

import asyncio
import contextlib
import json

import pytest
from attrs import asdict, evolve

from application.ports.turn_store import IdempotencyKey, TurnQuery
from domain.accounts import Tier, User
from domain.errors import NotFound
from tests.contracts.builders import (
    NOW,
    at,
    make_closing,
    make_embedding,
    make_memory,
    make_opening,
    make_session,
    make_user,
    with_every_field,
)
from tests.contracts.stores import Stores


def erased(user: User) -> User:
    return evolve(user, subject=None, display_name=None, country=None, erased_at=at(60))


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
    await stores.accounts.save(changed)
    assert await stores.accounts.get(user.id) == changed


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
    memory = await stores.remember(user, make_embedding(0.765625), text="I like tea")
    report_id = await stores.sessions.report(
        user.id, reply.id, report_id="rep_1", reason="odd", now=NOW
    )
    document = await stores.accounts.export(user.id)
    assert set(document) == {"sessions", "memories", "reports", "wallet", "transactions"}
    assert reply.receipt
    assert document["sessions"] == [
        {
            "id": session.id,
            "character_id": "luna",
            "character_version": 1,
            "title": "A walk",
            "created_at": NOW.isoformat(),
            "updated_at": at(5).isoformat(),
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
            "text": "I like tea",
            "kind": "said",
            "source_message_ids": ["msg_1", "msg_2"],
            "created_at": NOW.isoformat(),
        }
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
    await stores.say(bob, await stores.begin_session(bob))
    await stores.remember(bob)
    document = await stores.accounts.export(ann.id)
    for part in ("sessions", "memories", "reports", "transactions"):
        assert document[part] == []
    assert document["wallet"]["balance"] == 0


async def test_erasure_removes_all_that_was_said_or_told(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    opening = await stores.open(user, session)
    closing = await stores.close(opening, memory=make_memory(session_id=session.id))
    memory = await stores.remember(user, make_embedding(1))
    await stores.idempotency.claim(user.id, "key", "one", NOW)

    assert list(await stores.accounts.erase(erased(user))) == [opening.turn.id]

    assert await stores.accounts.find_by_subject("subject-of-ann") is None
    assert await stores.sessions.list(user.id, limit=10, before=None) == []
    assert await stores.memories.list(user.id, character_id=None, limit=10, before=None) == []
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None
    assert closing.reply
    for lookup in (
        stores.accounts.get(user.id),
        stores.sessions.get(user.id, session.id),
        stores.sessions.get_message(user.id, closing.reply.id),
        stores.turns.get(user.id, opening.turn.id),
        stores.memories.get(user.id, memory.id),
    ):
        with pytest.raises(NotFound):
            await lookup
    assert (await stores.idempotency.claim(user.id, "key", "another", NOW)).is_ours


async def test_erasure_leaves_the_wallet_and_the_ledger(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.say(user, await stores.begin_session(user))
    entries = await stores.wallets.list_entries(user.id, limit=10, before=None)
    await stores.accounts.erase(erased(user))
    assert (await stores.wallets.get(user.id)).balance == 97
    assert await stores.wallets.list_entries(user.id, limit=10, before=None) == entries
    assert await stores.wallets.audit() == []


async def test_erasure_leaves_others_alone(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann", credits=100), await stores.sign_up("bob", credits=100)
    await stores.say(ann, await stores.begin_session(ann))
    session = await stores.begin_session(bob)
    said, reply = await stores.say(bob, session)
    memory = await stores.remember(bob)
    await stores.idempotency.claim(bob.id, "key", "one", NOW)
    await stores.accounts.erase(erased(ann))
    assert await stores.accounts.get(bob.id) == bob
    kept = await stores.sessions.list_messages(bob.id, session.id, limit=10, before=None)
    assert kept == [reply, said]
    assert await stores.memories.get(bob.id, memory.id) == memory
    assert not (await stores.idempotency.claim(bob.id, "key", "one", NOW)).is_ours


async def test_erasing_twice_is_fine(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.say(user, await stores.begin_session(user))
    await stores.accounts.erase(erased(user))
    assert list(await stores.accounts.erase(erased(user))) == []


async def test_somebody_erased_who_signs_up_again_starts_empty(stores: Stores) -> None:
    first = await stores.sign_up("ann", credits=100)
    await stores.remember(first)
    await stores.accounts.erase(erased(first))
    second = await stores.sign_up("ann")
    assert second.id != first.id
    assert (await stores.wallets.get(second.id)).balance == 0
    assert await stores.memories.list(second.id, character_id=None, limit=10, before=None) == []


async def test_a_turn_that_ends_after_the_erasure_leaves_no_words(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    opening = await stores.open(user, session)
    assert list(await stores.accounts.erase(erased(user))) == [opening.turn.id]
    closing = await stores.close(
        opening, memory=make_memory(session_id=session.id), embedding=make_embedding(1)
    )
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (97, 0)
    assert closing.reply
    assert closing.memory
    with pytest.raises(NotFound):
        await stores.sessions.get_message(user.id, closing.reply.id)
    with pytest.raises(NotFound):
        await stores.memories.get(user.id, closing.memory.id)
    assert await stores.memories.find_unembedded("another", limit=10) == []


async def test_a_turn_that_was_prepared_before_the_erasure_cannot_begin(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.begin_session(user)
    wallet = await stores.wallets.get(user.id)
    late = make_opening(
        wallet, make_session(user), is_new=True, key=IdempotencyKey("key", "fingerprint")
    )
    await stores.accounts.erase(erased(user))
    with contextlib.suppress(NotFound):
        assert not await stores.turns.open(late)
    with pytest.raises(NotFound):
        await stores.turns.load(TurnQuery(user.id, history=10, character_id="luna"))
    assert await stores.sessions.list(user.id, limit=10, before=None) == []
    assert (await stores.wallets.get(user.id)).held == 0


async def test_nothing_can_be_told_to_an_erased_account(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.begin_session(user)
    await stores.accounts.erase(erased(user))
    with pytest.raises(NotFound):
        await stores.sessions.add(make_session(user), None)
    with pytest.raises(NotFound):
        await stores.memories.add(user.id, make_memory(), None)


async def test_an_erasure_beside_a_turn_that_ends_leaves_no_words(stores: Stores) -> None:
    user = await stores.sign_up(credits=1_000)
    session = await stores.begin_session(user)
    openings = [await stores.open(user, session, position=2 * n + 2) for n in range(8)]

    async def close(number: int) -> None:
        done = False
        while not done:
            closing = make_closing(
                openings[number],
                await stores.wallets.get(user.id),
                position=2 * number + 3,
                memory=make_memory(session_id=session.id),
            )
            done = await stores.turns.close(closing)

    await asyncio.gather(
        *(close(number) for number in range(4)),
        stores.accounts.erase(erased(user)),
        *(close(number) for number in range(4, 8)),
    )
    assert await stores.sessions.list(user.id, limit=10, before=None) == []
    assert await stores.memories.list(user.id, character_id=None, limit=10, before=None) == []
    assert await stores.memories.find_unembedded("another", limit=10) == []
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (1_000 - 8 * 3, 0)
    assert await stores.wallets.audit() == []
