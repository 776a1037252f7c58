"""What happens once in a while between two steps, or when a store says what it never should."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest
from attrs import define, evolve

from application.market.apply_store_events import ApplyStoreEvents
from application.market.event_work import EventWork
from application.market.place_order import PlaceOrderCommand
from application.market.purchase_owners import Claim
from application.market.reconcile_purchases import ReconcilePurchases
from application.operations.job import JobNotes
from application.ports.inbox import Inbox, InboxMessage, InboxState
from application.ports.job_runs import JobRun
from application.ports.payment_gateway import OpenedPayment, Order
from application.ports.purchase_store import Change, Owner
from domain.errors import AlreadyRecorded, Conflict, Forbidden, InvalidRequest, Unavailable
from domain.market.facts import FactKind
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Parked, Report
from domain.market.simulation import Action
from tests.application.market.sandbox_market import open_market
from tests.application.market.shop import GOOGLE, STRIPE, Shop, owner_of, report
from tests.domain.market.sandbox_shop import PACK
from tests.domain.market.stories import PLUS, day, renewed, said


def plan(reference: str = "sub_1", **changes: object) -> Report:
    told = report(renewed(0, 31), reference=reference, product_id="plus")
    return evolve(told, **changes)  # type: ignore[arg-type]  # some of its fields


async def order(shop: Shop, product_id: str = "pack") -> Purchase:
    command = PlaceOrderCommand(shop.sam, product_id, STRIPE, "key")
    return (await shop.place_order(command)).purchase


# -------------------------------------------------------------------------------- orders


async def test_a_payment_without_a_customer_of_the_store_keeps_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_payment = shop.gateway.open_payment

    async def anonymous(order: Order) -> OpenedPayment:
        return evolve(await open_payment(order), customer=None)

    monkeypatch.setattr(shop.gateway, "open_payment", anonymous)
    await order(shop)
    assert (await shop.purchases.get_holder(shop.sam.id)).customers == {}


async def test_what_must_wait_for_a_person_is_no_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(*_: object, **__: object) -> Purchase:
        reason = "The store names two purchases alike."
        raise Parked(reason)

    monkeypatch.setattr(shop.changes, "apply", odd)
    with pytest.raises(Conflict, match="two purchases alike"):
        await order(shop)


async def test_what_must_wait_for_a_person_does_not_happen_at_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market = await open_market()
    bought = await market.buy(PACK)

    async def odd(*_: object, **__: object) -> bool:
        message = "another purchase has this name"
        raise Conflict(message)

    monkeypatch.setattr(market.purchases, "save", odd)
    with pytest.raises(Conflict, match="two purchases alike"):
        await market.simulate(bought, Action.REFUND)


# ------------------------------------------------------------------------------- reports


async def test_lines_that_were_written_meanwhile_are_looked_at_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, told = shop.racing.save, list[Change]()

    async def once_late(change: Change) -> bool:
        told.append(change)
        if len(told) == 1:
            raise AlreadyRecorded("These lines are there.")
        return await save(change)

    monkeypatch.setattr(shop.racing, "save", once_late)
    await shop.changes.apply(report())
    assert len(told) == 2
    assert (await shop.wallet()).balance == 1_000


async def test_a_name_that_another_took_meanwhile_is_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = await shop.changes.apply(report(user_id=shop.kim.id))

    async def too_early(*_: object) -> Owner | None:
        return None

    monkeypatch.setattr(shop.racing, "find_owner", too_early, raising=False)
    with pytest.raises(Forbidden, match="another account"):
        await shop.changes.apply(report(), claim=Claim(shop.sam.id))
    assert (await shop.get(theirs)).user_id == shop.kim.id
    assert (await shop.wallet()).balance == 0


async def test_a_subscription_of_an_erased_account_is_cancelled_though_nobody_sells_it(
    shop: Shop,
) -> None:
    await shop.changes.apply(plan())
    await shop.erase(shop.sam)
    shop.database.errands.clear()
    await shop.products.publish(Catalogue(2, (evolve(PLUS, id="other"),)))
    shop.wait(days=31)
    await shop.changes.apply(plan(facts=(said(FactKind.IN_GRACE, 31, ends_at=day(38)),)))
    assert await shop.owed() == [Errand(ErrandKind.CANCEL, STRIPE, "sub_1")]


async def test_what_has_no_name_at_the_store_cannot_be_cancelled_there(shop: Shop) -> None:
    ordered = await order(shop, "plus")
    nameless = evolve(ordered, reference=None)
    shop.database.purchases[nameless.user_id, nameless.id] = nameless
    await shop.erase(shop.sam)
    shop.database.errands.clear()
    await shop.changes.apply(plan("", purchase_id=ordered.id))
    assert await shop.owed() == []


# ------------------------------------------------------------------------- jobs of stores


async def test_a_message_that_somebody_else_is_at_is_left_to_them(shop: Shop) -> None:
    body, headers = shop.events.send("evt_1", shop.clock.now(), report())
    await shop.inbox.add(await shop.events.receive(body, headers), shop.clock.now())
    now = shop.clock.now()
    assert await shop.inbox.take(STRIPE, "evt_1", until=now + timedelta(minutes=1))
    await shop.work.take(STRIPE, "evt_1")
    assert (await shop.wallet()).balance == 0


@define
class Flood:
    """An inbox that is never empty, and work that never ends."""

    done: int = 0

    async def claim(self, *, limit: int, **_: object) -> Sequence[InboxMessage]:
        return [cast("InboxMessage", self)] * limit

    async def run(self, _: InboxMessage) -> "Flood":
        self.done += 1
        return self

    @property
    def state(self) -> InboxState:
        return InboxState.WAITING


async def test_one_run_applies_only_so_many_messages(shop: Shop) -> None:
    flood = Flood()
    apply = ApplyStoreEvents(cast("Inbox", flood), cast("EventWork", flood), shop.clock)
    assert await apply() == "applied 0 messages, 2000 to be tried again, 0 parked"
    assert flood.done == 2_000


async def test_an_errand_that_the_store_refuses_waits_for_a_person(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        message = "This token is not of this app."
        raise InvalidRequest(message)

    monkeypatch.setattr(shop.performer, "perform", refused)
    await shop.queue.add("usr_1", [Errand(ErrandKind.CONSUME, GOOGLE, "t")], shop.clock.now())
    assert await shop.errands.run_due() == (0, 1)
    [row] = await shop.queue.list_parked(limit=9)
    assert row.reason == "This token is not of this app."


async def test_where_nothing_can_be_asked_the_clock_decides(shop: Shop) -> None:
    bought = await shop.changes.apply(plan(provider=GOOGLE))
    shop.wait(days=33)
    assert await shop.renew() == "0 go on, 1 ended, 0 could not be looked up"
    assert not (await shop.get(bought)).status.is_open


# ---------------------------------------------------------------------------- comparing


@define
class Notes:
    """What a killed run left, and what this one keeps."""

    kept: str | None
    told: list[str | None]

    async def find_note(self, _: str) -> str | None:
        return self.kept

    async def keep_note(self, _: JobRun, note: str | None) -> bool:
        self.told.append(note)
        return True


def notes_of(shop: Shop, kept: str | None) -> tuple[JobNotes, list[str | None]]:
    runs = Notes(kept, [])
    run = JobRun("run_1", "reconcile", shop.clock.now(), shop.clock.now())
    return JobNotes(runs, run), runs.told  # type: ignore[arg-type]  # all that notes need


async def test_a_store_that_a_killed_run_was_done_with_is_not_asked_again(shop: Shop) -> None:
    notes, told = notes_of(shop, '[["stripe"], null, null]')
    shop.records.write(report(), shop.clock.now())
    shop.wait(minutes=1)
    assert await shop.reconcile(notes) == "stripe: compared by an earlier run"
    assert told == [None]
    assert (await shop.wallet()).balance == 0


async def test_comparing_goes_on_behind_the_last_purchase_that_was_looked_up(shop: Shop) -> None:
    first, second = [
        await shop.changes.apply(report(said(FactKind.AWAITING, 0), reference=name))
        for name in ("ref_1", "ref_2")
    ]
    for name in ("ref_1", "ref_2"):
        shop.records.write(report(reference=name), shop.clock.now())
    shop.wait(minutes=1)
    last = min(owner_of(first), owner_of(second), key=lambda one: one.purchase_id)
    notes, told = notes_of(shop, f'[[], "stripe", ["{last.user_id}", "{last.purchase_id}"]]')
    assert await shop.reconcile(notes) == "stripe: 1 compared, 1 repaired, 0 unclear"
    assert told == ['[["stripe"], null, null]', None]


async def test_when_we_cannot_write_the_store_is_not_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.records.write(report(), shop.clock.now())
    shop.wait(minutes=1)

    async def away(*_: object, **__: object) -> Purchase:
        message = "the database is away"
        raise Unavailable(message)

    monkeypatch.setattr(shop.changes, "apply", away)
    notes, told = notes_of(shop, None)
    compare = ReconcilePurchases(shop.stores, shop.purchases, shop.changes, shop.clock)
    with pytest.raises(Unavailable, match="database is away"):
        await compare(notes)
    assert told == [None]
