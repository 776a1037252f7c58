"""What every store of accounts promises of erasure."""

import asyncio
import contextlib

import pytest

from application.ports.turn_store import IdempotencyKey, TurnQuery
from domain.errors import NotFound
from tests.contracts.builders import (
    NOW,
    at,
    erased,
    make_closing,
    make_embedding,
    make_memory,
    make_opening,
    make_session,
)
from tests.contracts.stores import Stores


async def test_erasure_removes_all_that_was_said_or_told(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    opening = await stores.open(user, session)
    closing = await stores.close(opening, work_until=NOW)
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
    closing = await stores.close(opening, work_until=NOW)
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (97, 0)
    assert closing.reply
    with pytest.raises(NotFound):
        await stores.sessions.get_message(user.id, closing.reply.id)
    assert await stores.work.claim(now=at(9), until=at(99), limit=9) == []


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
                work_until=NOW,
            )
            done = await stores.turns.close(closing)

    await asyncio.gather(
        *(close(number) for number in range(4)),
        stores.accounts.erase(erased(user)),
        *(close(number) for number in range(4, 8)),
    )
    assert await stores.sessions.list(user.id, limit=10, before=None) == []
    assert await stores.memories.list(user.id, character_id=None, limit=10, before=None) == []
    assert await stores.work.claim(now=at(9), until=at(99), limit=9) == []
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (1_000 - 8 * 3, 0)
    assert await stores.wallets.audit() == []
