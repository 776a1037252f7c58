"""What we owe the stores: done, tried again, or left to a person."""

from datetime import timedelta

import pytest
from attrs import evolve

from application.market.perform_errands import PerformErrands
from application.ports.store_errands import Usage
from domain.holds import hold, settle
from domain.market.facts import Share
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind
from tests.application.market.shop import GOOGLE, Shop, report
from tests.domain.market.stories import paid

CONSUME = Errand(ErrandKind.CONSUME, GOOGLE, "token_1")
TELL = Errand(ErrandKind.TELL_CONSUMPTION, GOOGLE, "ref_1", payment="pay")


async def _run(shop: Shop) -> str:
    return await PerformErrands(shop.errands)()


async def test_what_is_done_is_forgotten(shop: Shop) -> None:
    errands = [evolve(CONSUME, reference=f"token_{number}") for number in range(45)]
    await shop.queue.add("usr_1", errands, shop.clock.now())
    assert await _run(shop) == "did 45 errands, 0 to be tried again or parked"
    assert await shop.owed() == []
    assert await _run(shop) == "did 0 errands, 0 to be tried again or parked"


async def test_a_store_that_is_away_is_asked_for_more_than_three_days(shop: Shop) -> None:
    await shop.queue.add("usr_1", [CONSUME], shop.clock.now())
    shop.performer.is_away = True
    begun, waits = shop.clock.now(), []
    while not await shop.queue.list_parked(limit=1):
        assert await _run(shop) == "did 0 errands, 1 to be tried again or parked"
        [row] = shop.database.errands.values()
        if not row.is_parked:
            waits.append(row.due_at - shop.clock.now())
            shop.clock.set(row.due_at)
    assert waits[:2] == [timedelta(seconds=5), timedelta(seconds=10)]
    assert max(waits) == waits[-1] == timedelta(hours=1)
    assert timedelta(days=3) < shop.clock.now() - begun < timedelta(days=4)
    [parked] = await shop.queue.list_parked(limit=1)
    assert parked.reason == f"Tried {parked.attempts} times: The store does not answer."


async def test_one_that_fails_does_not_keep_the_others(shop: Shop) -> None:
    shop.performer.refuse("token_1", "This was refunded.")
    other = evolve(CONSUME, reference="token_2")
    nowhere = evolve(CONSUME, provider=Provider.APPLE)
    await shop.queue.add("usr_1", [CONSUME, nowhere, other], shop.clock.now())
    assert await _run(shop) == "did 1 errands, 2 to be tried again or parked"
    reasons = {row.reason for row in await shop.queue.list_parked(limit=9)}
    assert reasons == {"This was refunded.", "This store is not configured."}


async def test_a_fault_of_ours_is_tried_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.queue.add("usr_1", [CONSUME], shop.clock.now())

    async def broken(errand: Errand, usage: Usage | None) -> None:
        message = "sam@example.org"
        raise RuntimeError(message)

    with monkeypatch.context() as patch:
        patch.setattr(shop.performer, "perform", broken)
        await _run(shop)
    [row] = shop.database.errands.values()
    assert (row.reason, row.is_parked) == ("RuntimeError", False)
    shop.wait(seconds=5)
    assert await _run(shop) == "did 1 errands, 0 to be tried again or parked"


async def test_a_store_hears_how_much_of_a_payment_was_used(shop: Shop) -> None:
    await shop.changes.apply(report(provider=GOOGLE, errands=(TELL,)))
    await _spend(shop, 250)
    shop.wait(days=12.5)
    await _run(shop)
    assert shop.performer.done == [(TELL, Usage(Share(250, 1_000), account_days=12))]


async def test_of_an_unknown_payment_or_an_erased_account_nothing_is_said(shop: Shop) -> None:
    await shop.changes.apply(report(provider=GOOGLE, errands=(TELL,)))
    unknown = evolve(TELL, payment="other")
    await shop.queue.add("usr_1", [unknown], shop.clock.now())
    await shop.erase(shop.sam)
    await _run(shop)
    assert sorted((done.payment, usage) for done, usage in shop.performer.done) == [
        ("other", None),
        ("pay", None),
    ]


async def test_what_an_errand_is_about_may_not_be_granted_yet(shop: Shop) -> None:
    await shop.changes.apply(report(provider=GOOGLE, errands=(TELL,)))
    other = evolve(TELL, payment="pay_2")
    late = report(paid(1, "pay_3"), provider=GOOGLE, aliases=("pay_2",), errands=(other,))
    await shop.changes.apply(late)
    await _run(shop)
    told = {done.payment: usage for done, usage in shop.performer.done}
    assert told["pay_2"] == Usage(Share(0, 1), account_days=0)


async def _spend(shop: Shop, amount: int) -> None:
    now = shop.clock.now()
    wallet = hold(
        await shop.wallet(), turn_id="turn", amount=amount, now=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    wallet, _ = settle(wallet, turn_id="turn", charge=amount, now=now, description="Reply")
    assert await shop.wallets.save(wallet)
