"""What every store of wallets finds out about broken money."""

from datetime import timedelta

from attrs import evolve

from domain.chat import TurnStatus
from domain.claw_backs import claw_back
from domain.holds import expire_holds, hold, release
from domain.lots import Bucket, Lot
from domain.wallet import Wallet, refresh
from tests.contracts.builders import NOW, at, granted, make_closing, make_opening
from tests.contracts.stores import Stores


def holding(wallet: Wallet, seconds: float, *, turn_id: str = "turn_1") -> Wallet:
    """The wallet with a hold that runs out ``seconds`` after ``NOW``."""
    return hold(wallet, turn_id=turn_id, amount=1, now=NOW, expires_at=at(seconds))


async def test_a_healthy_history_passes_the_audit(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = refresh(await stores.wallets.get(user.id), daily_credits=20, now=NOW)
    wallet = granted(wallet, 30, bucket=Bucket.PROMO, expires_at=at(300), reference="promo")
    wallet = granted(wallet, 50, reference="bought")
    assert await stores.wallets.save(wallet)
    session, doomed = await stores.begin_session(user), await stores.begin_session(user)
    said, _ = await stores.say(user, session)
    await stores.close(await stores.open(user, session, answers=said))
    failed = await stores.open(user, session, position=4)
    await stores.close(failed, charge=0, text=None, status=TurnStatus.FAILED)
    await stores.close(await stores.open(user, session, position=6), charge=10)
    lapsing = await stores.open(user, session, position=8, expires_at=at(10))
    swept, lapsed = expire_holds(await stores.wallets.get(user.id), at(20))
    assert await stores.wallets.save(swept, lapsed_turns=lapsed)
    assert await stores.turns.close(make_closing(lapsing, None))
    await stores.say(user, doomed)
    orphan = await stores.open(user, doomed, position=4)
    await stores.sessions.delete(user.id, doomed.id)
    assert await stores.wallets.audit() == []
    await stores.close(orphan)
    await stores.open(user, session, position=10, amount=60)
    wallet = claw_back(
        await stores.wallets.get(user.id),
        lot_id="bought", bucket=Bucket.PURCHASED, credits=50, reference="refund", now=at(400),
    )  # fmt: skip
    assert await stores.wallets.save(granted(wallet, 10))
    wallet = await stores.wallets.get(user.id)
    assert await stores.wallets.save(refresh(wallet, daily_credits=20, now=NOW + timedelta(days=1)))
    assert await stores.wallets.audit() == []


async def broken(stores: Stores) -> set[tuple[str, str]]:
    """Which invariants are broken, and for whom or what."""
    return {(one.invariant, one.subject) for one in await stores.wallets.audit()}


async def broken_after(stores: Stores, wallet: Wallet) -> set[tuple[str, str]]:
    assert await broken(stores) == set()
    assert await stores.wallets.save(wallet)
    return await broken(stores)


async def test_the_audit_finds_credits_that_the_ledger_does_not_explain(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    richer = evolve(wallet, lots=(*wallet.lots, Lot("gift", Bucket.PROMO, 5)))
    assert await broken_after(stores, richer) == {("balance", user.id), ("bucket", user.id)}


async def test_the_audit_finds_credits_that_moved_between_buckets(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    moved = tuple(evolve(lot, bucket=Bucket.PROMO) for lot in wallet.lots)
    assert await broken_after(stores, evolve(wallet, lots=moved)) == {("bucket", user.id)}


async def test_the_audit_finds_a_debt_that_was_forgotten(stores: Stores) -> None:
    user = await stores.sign_up()
    wallet = claw_back(
        await stores.wallets.get(user.id),
        lot_id="gone", bucket=Bucket.PURCHASED, credits=9, reference="refund", now=NOW,
    )  # fmt: skip
    assert await stores.wallets.save(wallet)
    forgiven = evolve(await stores.wallets.get(user.id), debt=0)
    assert await broken_after(stores, forgiven) == {("debt", user.id)}


async def test_the_audit_finds_a_wrong_count_of_entries(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    miscounted = evolve(wallet, entry_count=2)
    assert await broken_after(stores, miscounted) == {("sequence", user.id)}


async def test_the_audit_finds_a_gap_between_entries(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = granted(await stores.wallets.get(user.id), 5)
    [entry] = wallet.entries
    gap = evolve(wallet, entries=(evolve(entry, seq=3),))
    assert await broken_after(stores, gap) == {("sequence", user.id)}


async def test_the_audit_finds_an_entry_with_a_wrong_balance(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = granted(await stores.wallets.get(user.id), 5)
    [entry] = wallet.entries
    wrong = evolve(wallet, entries=(evolve(entry, balance_after=14),))
    assert await broken_after(stores, wrong) == {("running balance", user.id)}


async def test_the_audit_finds_held_credits_without_a_hold(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = holding(await stores.wallets.get(user.id), 600)
    assert await broken_after(stores, evolve(wallet, holds=())) == {("holds", user.id)}


async def test_the_audit_finds_a_running_turn_without_a_hold(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    released = release(await stores.wallets.get(user.id), turn_id=opening.turn.id, now=NOW)
    assert await broken_after(stores, released) == {("holds", user.id)}


async def test_the_audit_finds_a_hold_of_a_turn_that_has_ended(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    assert await stores.turns.close(make_closing(opening, None))
    assert await broken(stores) == {("holds", user.id)}


async def test_the_audit_finds_a_charge_that_no_receipt_shows(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    closing = make_closing(opening, await stores.wallets.get(user.id), charge=3)
    free = make_closing(opening, None)
    assert await stores.turns.close(evolve(free, wallet=closing.wallet))
    assert await broken(stores) == {("receipt", opening.turn.id)}


async def test_the_audit_finds_a_receipt_without_a_charge(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    closing = make_closing(opening, await stores.wallets.get(user.id), charge=3)
    free = make_closing(opening, await stores.wallets.get(user.id), charge=0)
    assert await stores.turns.close(evolve(closing, wallet=free.wallet))
    assert await broken(stores) == {("receipt", opening.turn.id)}


async def test_the_audit_finds_a_reply_whose_receipt_is_not_its_turns(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    closing = make_closing(opening, await stores.wallets.get(user.id), charge=3)
    assert closing.reply
    assert closing.reply.receipt
    other = evolve(closing.reply, receipt=evolve(closing.reply.receipt, charged=2))
    assert await stores.turns.close(evolve(closing, reply=other))
    assert await broken(stores) == {("receipt", opening.turn.id)}


async def test_the_audit_finds_a_charge_without_a_reply(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    opening = await stores.open(user, await stores.begin_session(user))
    await stores.close(opening, charge=3, text=None)
    assert await broken(stores) == {("reply", opening.turn.id)}


async def test_the_audit_finds_a_charge_above_the_hold(stores: Stores) -> None:
    user = await stores.sign_up(credits=30)
    wallet = await stores.wallets.get(user.id)
    opening = make_opening(wallet, await stores.begin_session(user), amount=20)
    small = evolve(opening, turn=evolve(opening.turn, held=10))
    assert await stores.turns.open(small)
    await stores.close(small, charge=20)
    assert await broken(stores) == {("charge above hold", opening.turn.id)}


async def test_the_audit_tells_the_wallets_that_are_broken_from_the_others(
    stores: Stores,
) -> None:
    users = [await stores.sign_up(f"user-{number}", credits=10) for number in range(3)]
    for user in users[:2]:
        wallet = await stores.wallets.get(user.id)
        assert await stores.wallets.save(evolve(wallet, entry_count=2))
    assert await broken(stores) == {("sequence", user.id) for user in users[:2]}
