"""What only the real store can get wrong about turns."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from attrs import evolve

from adapters.postgres import known_characters
from adapters.postgres.connection import PostgresPool
from application.ports.turn_store import IdempotencyKey, TurnQuery
from domain.chat import TurnStatus
from domain.errors import AlreadyRecorded, Conflict, IdempotencyKeyReused, Unavailable
from domain.holds import hold
from tests.adapters.postgres.conftest import Superuser, until
from tests.contracts.builders import (
    NOW,
    at,
    make_character,
    make_closing,
    make_opening,
)
from tests.contracts.postgres_stores import stores_over
from tests.contracts.stores import Stores

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def test_turns_opened_at_once_hold_what_there_is_and_no_more(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    session = await stores.begin_session(user)
    opened = 0

    async def try_to_open(number: int) -> None:
        nonlocal opened
        while (wallet := await stores.wallets.get(user.id)).available >= 10:
            if await stores.turns.open(make_opening(wallet, session, position=2 * number)):
                opened += 1
                return

    await asyncio.gather(*(try_to_open(number) for number in range(1, 21)))
    wallet = await stores.wallets.get(user.id)
    assert (opened, wallet.available, len(wallet.holds)) == (5, 0, 5)
    assert await stores.wallets.audit() == []


async def test_a_turn_closed_twenty_times_at_once_is_charged_once(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    opening = await stores.open(user, await stores.begin_session(user))

    async def close() -> bool:
        try:
            while True:
                wallet = await stores.wallets.get(user.id)
                if await stores.turns.close(make_closing(opening, wallet)):
                    return True
        except Conflict:
            return False

    closed = await asyncio.gather(*(close() for _ in range(20)))
    assert closed.count(True) == 1
    assert (await stores.wallets.get(user.id)).balance == 47
    assert await stores.wallets.audit() == []


async def test_a_lapsed_turn_closed_twenty_times_at_once_has_one_reply(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    session = await stores.begin_session(user)
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    released = evolve(wallet, holds=(), lots=tuple(evolve(lot, held=0) for lot in wallet.lots))
    assert await stores.wallets.save(released, lapsed_turns=[opening.turn.id])
    closings = [make_closing(opening, None, text=f"reply {number}") for number in range(20)]
    answers = await asyncio.gather(
        *(stores.turns.close(closing) for closing in closings), return_exceptions=True
    )
    assert answers.count(True) == 1
    assert sum(isinstance(answer, AlreadyRecorded) for answer in answers) == 19
    reply = await stores.turns.find_reply(user.id, opening.turn.id)
    assert reply
    assert reply.content == f"reply {answers.index(True)}"


async def test_a_closed_turn_moves_no_more_money(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    opening = await stores.open(user, await stores.begin_session(user))
    await stores.close(opening, charge=0, text=None, status=TurnStatus.FAILED)
    wallet = await stores.wallets.get(user.id)
    again = hold(wallet, turn_id=opening.turn.id, amount=10, now=NOW, expires_at=at(600))
    assert await stores.wallets.save(again)
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(make_closing(opening, again.saved(), text=None))
    assert await stores.wallets.get(user.id) == again.saved()
    assert (await stores.turns.get(user.id, opening.turn.id)).status is TurnStatus.FAILED


async def test_a_turn_without_money_or_text_is_closed_once_too(
    stores: Stores, superuser: Superuser, postgres_url: str
) -> None:
    user = await stores.sign_up(credits=50)
    opening = await stores.open(user, await stores.begin_session(user))
    outcomes = (TurnStatus.COMPLETED, TurnStatus.FAILED, TurnStatus.STOPPED)
    closings = [make_closing(opening, None, text=None, status=status) for status in outcomes]
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT FROM sessions FOR UPDATE")
        closing = [asyncio.ensure_future(stores.turns.close(one)) for one in closings]
        await until(lambda: superuser.execute(WAITING).fetchone() == (len(closings),))
        other.commit()
        answers = await asyncio.gather(*closing, return_exceptions=True)
    assert answers.count(True) == 1
    assert sum(isinstance(answer, AlreadyRecorded) for answer in answers) == len(closings) - 1
    assert await stores.turns.get(user.id, opening.turn.id) == closings[answers.index(True)].turn


async def test_a_wallet_that_somebody_has_locked_makes_it_unavailable(
    stores: Stores, postgres_url: str
) -> None:
    user = await stores.sign_up(credits=50)
    opening = make_opening(await stores.wallets.get(user.id), await stores.begin_session(user))
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT FROM wallets FOR UPDATE")
        with pytest.raises(Unavailable):
            await stores.turns.open(opening)
        # Reading waits for nobody.
        await stores.turns.load(TurnQuery(user.id, history=9, character_id="luna"))
    assert (await stores.wallets.get(user.id)).held == 0
    assert await stores.turns.open(opening)


async def test_a_session_deleted_while_its_turn_is_closed_leaves_only_money(
    stores: Stores,
) -> None:
    user = await stores.sign_up(credits=1_000)
    for _ in range(10):
        session = await stores.begin_session(user)
        opening = await stores.open(user, session)
        closing = make_closing(
            opening,
            await stores.wallets.get(user.id),
            work_until=NOW,
        )
        closed, deleted = await asyncio.gather(
            stores.turns.close(closing), stores.sessions.delete(user.id, session.id)
        )
        assert closed
        assert list(deleted) == [opening.turn.id]
    assert (await stores.wallets.get(user.id)).balance == 970
    assert await stores.work.claim(now=NOW, until=at(99), limit=99) == []
    assert await stores.wallets.audit() == []


BEGIN_A_TURN = """
INSERT INTO turns (user_id, id, session_id, character_id, user_message_id, message_id, status,
    created_at, held, price_version, stream, include_usage, memory_ids)
SELECT user_id, 'turn_late', id, character_id, 'msg_1', 'msg_2', 'failed', now(), 0, 1, false,
    false, '[]'
FROM sessions"""


@pytest.mark.parametrize("what", ["session", "account"])
async def test_a_turn_that_begins_meanwhile_is_deleted_and_named(
    stores: Stores, superuser: Superuser, postgres_url: str, what: str
) -> None:
    """So that what is kept of it elsewhere can be deleted as well."""
    user = await stores.sign_up(credits=50)
    session = await stores.begin_session(user)
    with psycopg.connect(postgres_url) as other:
        other.execute(BEGIN_A_TURN)
        if what == "session":
            work = stores.sessions.delete(user.id, session.id)
        else:
            work = stores.accounts.erase(evolve(user, subject=None, erased_at=NOW))
        deleting = asyncio.ensure_future(work)
        await until(lambda: superuser.execute(WAITING).fetchone() != (0,))
        other.commit()
        assert list(await deleting) == ["turn_late"]
    assert superuser.execute("SELECT count(*) FROM turns").fetchone() == (0,)


async def test_a_key_of_another_request_begins_no_turn(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    session = await stores.begin_session(user)
    await stores.idempotency.claim(user.id, "key", "another", NOW)
    wallet = await stores.wallets.get(user.id)
    key = IdempotencyKey("key", "fingerprint")
    with pytest.raises(IdempotencyKeyReused):
        await stores.turns.open(make_opening(wallet, session, key=key))
    assert await stores.wallets.get(user.id) == wallet
    stores.clock.advance(timedelta(hours=24))
    assert await stores.turns.open(make_opening(wallet, session, key=key))


async def test_a_key_of_a_turn_serves_no_other_request(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    key = IdempotencyKey("key", "fingerprint")
    await stores.open(user, await stores.begin_session(user), key=key)
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "another", NOW)
    await stores.idempotency.abandon(user.id, "key")
    query = TurnQuery(user.id, history=9, character_id="luna", idempotency_key="key")
    assert (await stores.turns.load(query)).replay
    assert (await stores.idempotency.claim(user.id, "key", "another", at(24 * 3600))).is_ours


async def test_what_a_model_writes_never_keeps_a_turn_from_being_settled(stores: Stores) -> None:
    user = await stores.sign_up(credits=50)
    session = await stores.begin_session(user)
    for position, text in ((2, "a\0b"), (4, "half \ud83d of it"), (6, "\\u0000"), (8, "\u2028🙂")):
        opening = await stores.open(user, session, position=position)
        closing = await stores.close(opening, text=text, position=position + 1)
        reply = await stores.turns.find_reply(user.id, closing.turn.id)
        assert reply
        assert reply.content == text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")


async def test_a_characters_card_is_sent_once(
    stores: Stores, pool: PostgresPool, superuser: Superuser
) -> None:
    user = await stores.sign_up()
    character = await stores.characters.publish(make_character())
    query = TurnQuery(user.id, history=9, character_id="luna")
    assert (await stores.turns.load(query)).character == character
    superuser.execute("UPDATE character_versions SET name = 'changed behind our back'")
    assert (await stores.turns.load(query)).character == character
    fresh = (await stores_over(pool, stores.clock).turns.load(query)).character
    assert fresh
    assert fresh.name == "changed behind our back"


async def test_more_characters_than_are_kept_are_all_served(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_characters, "_MOST", 2)
    user = await stores.sign_up()
    names = [f"character-{number}" for number in range(4)]
    for name in names:
        await stores.characters.publish(make_character(name))

    async def load(name: str) -> str | None:
        query = TurnQuery(user.id, history=9, character_id=name)
        character = (await stores.turns.load(query)).character
        return character.id if character else None

    for _ in range(5):
        assert await asyncio.gather(*(load(name) for name in names)) == names
    assert await load("nobody") is None


async def test_a_turns_updates_stay_in_their_page(stores: Stores, superuser: Superuser) -> None:
    """HOT: no index is touched by what changes twice a turn."""
    user = await stores.sign_up(credits=10_000)
    session = await stores.begin_session(user)
    for number in range(1, 41):
        opening = await stores.open(user, session, position=2 * number)
        await stores.close(opening, position=2 * number + 1, status=TurnStatus.STOPPED)
    await _statistics(superuser)
    shares = superuser.execute("""
        SELECT relname, n_tup_hot_upd::float / n_tup_upd FROM pg_stat_user_tables
        WHERE relname IN ('wallets', 'turns', 'sessions') AND n_tup_upd > 0""").fetchall()
    assert len(shares) == 3
    # The first hold of a wallet sets its time to be swept, which is indexed.
    assert all(share >= 0.9 for _, share in shares), shares


async def _statistics(superuser: Superuser) -> None:
    """Wait until the server has counted: it does so at most once a second."""
    updates = "SELECT n_tup_upd >= 80 FROM pg_stat_user_tables WHERE relname = 'wallets'"
    superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'postgres' AND pid <> pg_backend_pid() AND datname = current_database()"
    )
    await until(lambda: superuser.execute(updates).fetchone() == (True,))
