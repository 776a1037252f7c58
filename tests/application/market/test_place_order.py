"""Buying: at a store that takes orders, and at one that sells in the app."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from attrs import evolve

from application.market.cancel_subscription import CancelSubscription
from application.market.get_subscription import GetSubscription
from application.market.open_portal import OpenPortal
from application.market.place_order import PlacedOrder, PlaceOrderCommand
from application.ports.payment_gateway import OpenedPayment, Order
from domain.accounts import Tier, User
from domain.errors import (
    Conflict,
    Forbidden,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    NotGenuine,
    Unavailable,
)
from domain.market.facts import FactKind
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind, Parked, Report
from domain.market.standing import Status
from tests.application.market.shop import GOOGLE, STRIPE, Shop, report
from tests.domain.market.stories import CATALOGUE, PLUS, paid, renewed, said


async def order(
    shop: Shop, product_id: str = "pack", key: str = "key", user: User | None = None
) -> PlacedOrder:
    return await shop.place_order(PlaceOrderCommand(user or shop.sam, product_id, STRIPE, key))


async def in_app(shop: Shop, proof: str | None, product_id: str = "pack") -> PlacedOrder:
    command = PlaceOrderCommand(shop.sam, product_id, GOOGLE, "key", proof=proof)
    return await shop.place_order(command)


async def pay(shop: Shop, purchase: Purchase) -> Purchase:
    return await shop.changes.apply(shop.gateway.pay(purchase.id))


async def subscribe(shop: Shop, product_id: str = "plus", key: str = "first") -> Purchase:
    return await pay(shop, (await order(shop, product_id, key)).purchase)


async def test_an_order_waits_for_its_payment(shop: Shop) -> None:
    placed = await order(shop)
    assert placed.purchase.status is Status.PENDING
    assert placed.sheet is not None
    assert placed.sheet.client_secret == f"secret_{placed.purchase.id}"
    assert (await shop.wallet()).balance == 0
    assert (await pay(shop, placed.purchase)).status is Status.COMPLETED
    assert (await shop.wallet()).balance == 1_000


async def test_the_same_key_is_the_same_order_however_often_and_at_once(shop: Shop) -> None:
    placed = await asyncio.gather(*(order(shop) for _ in range(20)))
    assert len({one.purchase.id for one in placed}) == 1
    assert len({one.sheet.client_secret for one in placed if one.sheet}) == 1
    assert {one.purchase_id for one in shop.gateway.orders} == {placed[0].purchase.id}
    paid_one = await pay(shop, placed[0].purchase)
    again = await order(shop)
    assert (again.purchase.id, again.purchase.status) == (paid_one.id, Status.COMPLETED)
    assert again.sheet is None
    assert (await shop.wallet()).balance == 1_000


async def test_another_key_is_another_order_and_anothers_key_is_anothers(shop: Shop) -> None:
    placed = [await order(shop), await order(shop, key="two"), await order(shop, user=shop.kim)]
    assert len({one.purchase.id for one in placed}) == 3
    assert {one.purchase.user_id for one in placed} == {"usr_1", "usr_2"}


async def test_a_key_is_for_one_product(shop: Shop) -> None:
    await order(shop)
    with pytest.raises(IdempotencyKeyReused):
        await order(shop, "offer")
    assert len(shop.gateway.orders) == 1


async def test_an_order_that_failed_can_be_paid_after_all(shop: Shop) -> None:
    placed = await order(shop)
    failed = await shop.changes.apply(shop.gateway.fail(placed.purchase.id))
    assert failed.status is Status.FAILED
    assert (await order(shop)).sheet == placed.sheet


async def test_a_store_that_is_away_or_refuses_leaves_an_order_that_can_be_tried_again(
    shop: Shop,
) -> None:
    shop.gateway.is_away = True
    with pytest.raises(Unavailable):
        await order(shop)
    shop.gateway.is_away = False
    shop.gateway.refusal = "No."
    with pytest.raises(InvalidRequest):
        await order(shop)
    shop.gateway.refusal = None
    assert (await order(shop)).sheet is not None
    assert len(shop.database.purchases) == 1


async def test_the_store_remembers_its_customer(shop: Shop) -> None:
    await order(shop)
    await order(shop, key="two")
    assert [one.customer for one in shop.gateway.orders] == [None, "cus_usr_1"]
    portal = OpenPortal(shop.stores, shop.purchases)
    assert "cus_usr_1" in await portal("usr_1", return_url="https://app.invalid")
    with pytest.raises(NotFound):
        await portal("usr_2", return_url="https://app.invalid")


async def test_what_cannot_be_bought(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await order(shop, "nothing")
    with pytest.raises(InvalidRequest, match="not configured"):
        await shop.place_order(PlaceOrderCommand(shop.sam, "pack", Provider.APPLE, "key"))
    command = PlaceOrderCommand(shop.sam, "pack", STRIPE, "key", proof="a proof")
    with pytest.raises(InvalidRequest, match="no proof"):
        await shop.place_order(command)


# ---------------------------------------------------------------------------------- subscriptions


async def test_an_upgrade_is_at_once(shop: Shop) -> None:
    running = await subscribe(shop)
    shop.wait(days=15.5)
    placed = await order(shop, "premium", "up")
    assert (placed.purchase.id, placed.sheet) == (running.id, None)
    assert placed.purchase.product_id == "premium"
    assert await shop.tier() is Tier.PREMIUM
    assert placed.purchase.credits_taken_back == 150


async def test_a_downgrade_waits_for_the_next_period(shop: Shop) -> None:
    await subscribe(shop, "premium")
    shop.wait(days=1)
    placed = await order(shop, "plus", "down")
    stands = placed.purchase.standing
    assert (stands.product_id, stands.next_product_id) == ("premium", "plus")
    with pytest.raises(Conflict, match="already"):
        await order(shop, "plus", "down again")
    # And back: it stays as it is.
    shop.wait(days=1)
    placed = await order(shop, "premium", "stay")
    assert placed.purchase.standing.next_product_id is None


async def test_a_plan_change_asked_again_with_its_key_is_the_same(shop: Shop) -> None:
    await subscribe(shop)
    shop.wait(days=1)
    first = await order(shop, "premium", "up")
    again = await order(shop, "premium", "up")
    assert again.purchase == first.purchase
    with pytest.raises(Conflict, match="already"):
        await order(shop, "premium", "other key")


async def test_a_paid_subscription_asked_for_again_with_its_key_is_the_same(shop: Shop) -> None:
    running = await subscribe(shop, key="key")
    assert (await order(shop, "plus", "key")).purchase == running
    with pytest.raises(Conflict, match="already"):
        await order(shop, "plus", "other")


async def test_a_cancelled_subscription_can_be_resumed(shop: Shop) -> None:
    running = await subscribe(shop)
    cancel = CancelSubscription(shop.stores, shop.purchases, shop.changes)
    shop.wait(days=1)
    cancelled = await cancel("usr_1")
    assert (cancelled.status, cancelled.standing.renews) == (Status.ACTIVE, False)
    assert await cancel("usr_1") == cancelled
    shop.wait(days=1)
    resumed = await order(shop, "plus", "resume")
    assert (resumed.purchase.id, resumed.purchase.standing.renews) == (running.id, True)
    shop.wait(days=1)
    assert not (await cancel("usr_1")).standing.renews


async def test_one_of_another_store_must_end_first(shop: Shop) -> None:
    token = await shop.token(shop.sam)
    theirs = Report(GOOGLE, "t1", (renewed(0, 31),), product_id="plus", store_token=token)
    running = await shop.changes.apply(theirs)
    with pytest.raises(Conflict, match="google"):
        await order(shop, "premium")
    with pytest.raises(Conflict, match="google"):
        await CancelSubscription(shop.stores, shop.purchases, shop.changes)("usr_1")
    assert (await order(shop, "pack")).sheet is not None
    shop.wait(days=1)
    await shop.changes.apply(evolve(theirs, facts=(said(FactKind.LAPSED, 1),)))
    assert (await shop.get(running)).status is Status.EXPIRED
    assert (await order(shop, "premium", "now")).sheet is not None


async def test_whoever_has_a_plan_that_is_no_longer_sold_can_change_it(shop: Shop) -> None:
    await subscribe(shop)
    rest = [product for product in CATALOGUE.products if product != PLUS]
    await shop.products.publish(Catalogue(2, tuple(rest)))
    shop.wait(days=1)
    placed = await order(shop, "premium", "over")
    assert placed.purchase.standing.next_product_id == "premium"


async def test_there_is_nothing_to_cancel(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await CancelSubscription(shop.stores, shop.purchases, shop.changes)("usr_1")
    await order(shop, "plus")
    assert await GetSubscription(shop.purchases)("usr_1") is None


async def test_the_open_one_of_several_counts(shop: Shop) -> None:
    open_one = await subscribe(shop)
    held = report(
        renewed(0, 9, "h"), said(FactKind.ON_HOLD, 9), reference="sub_9", product_id="plus"
    )
    await shop.changes.apply(held)
    assert await GetSubscription(shop.purchases)("usr_1") == await shop.get(open_one)


# ------------------------------------------------------------------------------- sold in the app


async def test_what_the_app_sold_is_taken_once(shop: Shop) -> None:
    errand = Errand(ErrandKind.CONSUME, GOOGLE, "token_1")
    sold = Report(
        GOOGLE, "token_1", (paid(quantity=3),), product_id="pack",
        store_token=await shop.token(shop.sam), errands=(errand,),
    )  # fmt: skip
    shop.verifier.sell("proof", sold)
    placed = await asyncio.gather(*(in_app(shop, "proof") for _ in range(20)))
    assert len({one.purchase.id for one in placed}) == 1
    assert (await shop.wallet()).balance == 3_000
    await shop.calm()
    assert errand in [done for done, _ in shop.performer.done]


async def test_what_the_app_cannot_prove_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidRequest, match="purchase_token") as refusal:
        await in_app(shop, None)
    assert refusal.value.param == "purchase_token"
    with pytest.raises(NotGenuine):
        await in_app(shop, "forged")
    sold = Report(GOOGLE, "t1", (paid(),), product_id="pack")
    for token in (None, await shop.token(shop.kim)):
        shop.verifier.sell("proof", evolve(sold, store_token=token))
        with pytest.raises(Forbidden):
            await in_app(shop, "proof")
    shop.verifier.sell("proof", evolve(sold, store_token=await shop.token(shop.sam)))
    with pytest.raises(InvalidRequest):
        await in_app(shop, "proof", "offer")
    shop.verifier.is_away = True
    with pytest.raises(Unavailable):
        await in_app(shop, "proof")
    assert shop.database.purchases == {}


async def test_what_the_app_sold_but_nobody_knows_is_not_taken(shop: Shop) -> None:
    token = await shop.token(shop.sam)
    strange = paid(product=evolve(PLUS, id="gone"))
    shop.verifier.sell("proof", Report(GOOGLE, "t1", (strange,), (), "pack", store_token=token))
    with pytest.raises(InvalidRequest, match="not in the catalogue"):
        await in_app(shop, "proof")
    assert (await shop.wallet()).balance == 0


async def test_a_subscription_from_the_app_is_taken_beside_a_running_one(shop: Shop) -> None:
    """It is paid already: refusing it would take money for nothing."""
    await subscribe(shop)
    token = await shop.token(shop.sam)
    sold = Report(
        GOOGLE, "t1", (renewed(0, 31, product_id="premium"),), (), "premium", store_token=token
    )
    shop.verifier.sell("proof", sold)
    assert (await in_app(shop, "proof", "premium")).purchase.status is Status.ACTIVE
    assert await shop.tier() is Tier.PREMIUM


# ----------------------------------------------------------------- several orders of a subscription


async def test_the_next_order_of_a_subscription_withdraws_the_one_before(shop: Shop) -> None:
    first = await order(shop, "plus", "first")
    second = await order(shop, "premium", "second")
    assert (await shop.get(first.purchase)).status is Status.EXPIRED
    with pytest.raises(InvalidRequest, match="withdrawn"):
        await pay(shop, first.purchase)
    assert (await pay(shop, second.purchase)).status is Status.ACTIVE
    again = await order(shop, "plus", "first")
    assert (again.purchase.id, again.purchase.status) == (first.purchase.id, Status.EXPIRED)
    assert again.sheet is None


async def test_a_failed_order_is_withdrawn_too_and_packs_are_not(shop: Shop) -> None:
    pack = await order(shop, "pack", "pack")
    failed = await order(shop, "plus", "first")
    await shop.changes.apply(shop.gateway.fail(failed.purchase.id))
    await order(shop, "plus", "second")
    assert (await shop.get(failed.purchase)).status is Status.EXPIRED
    assert (await pay(shop, pack.purchase)).status is Status.COMPLETED


async def test_no_order_overtakes_one_that_is_being_paid(shop: Shop) -> None:
    first = await order(shop, "plus", "first")
    told_later = shop.gateway.pay(first.purchase.id)
    with pytest.raises(Conflict, match="being paid"):
        await order(shop, "premium", "second")
    [second] = [one for one in await shop.purchases.list_subscriptions("usr_1") if one.facts][:1]
    assert (second.product_id, second.status) == ("premium", Status.EXPIRED)
    assert (await shop.changes.apply(told_later)).status is Status.ACTIVE


async def test_an_order_gives_way_to_what_began_to_run_while_it_was_placed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await order(shop, "plus", "first")
    open_payment = shop.gateway.open_payment

    async def paid_meanwhile(asked: Order) -> OpenedPayment:
        await pay(shop, first.purchase)
        return await open_payment(asked)

    monkeypatch.setattr(shop.gateway, "open_payment", paid_meanwhile)
    with pytest.raises(Conflict, match="runs already"):
        await order(shop, "premium", "second")
    with pytest.raises(InvalidRequest, match="withdrawn"):
        shop.gateway.pay(shop.gateway.orders[-1].purchase_id)


async def test_while_the_store_is_away_the_earlier_order_stays(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await order(shop, "plus", "first")

    async def away(_: Purchase) -> Report:
        raise Unavailable("The store does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.gateway, "withdraw", away)
        with pytest.raises(Unavailable):
            await order(shop, "plus", "second")
    second = await order(shop, "plus", "second")
    assert second.sheet is not None
    assert (await shop.get(first.purchase)).status is Status.EXPIRED


async def test_of_orders_that_are_placed_at_once_one_can_be_paid(shop: Shop) -> None:
    placed = await asyncio.gather(
        *(order(shop, "plus", f"key {number}") for number in range(12)), return_exceptions=True
    )
    assert all(isinstance(one, PlacedOrder | Conflict) for one in placed)
    payable = []
    for one in placed:
        if isinstance(one, PlacedOrder):
            with suppress(InvalidRequest):
                payable.append(await pay(shop, one.purchase))
    assert len(payable) == 1
    unpaid = [
        one for one in await shop.purchases.list_subscriptions("usr_1")
        if one.status in {Status.PENDING, Status.FAILED}
    ]  # fmt: skip
    assert unpaid == []


async def test_what_nobody_was_handed_is_left_alone(shop: Shop) -> None:
    shop.gateway.is_away = True
    with pytest.raises(Unavailable):
        await order(shop, "plus", "first")
    shop.gateway.is_away = False
    second = await order(shop, "plus", "second")
    assert (await pay(shop, second.purchase)).status is Status.ACTIVE
    # Asked again, the first gives way to what runs.
    with pytest.raises(Conflict, match="runs already"):
        await order(shop, "plus", "first")


async def test_an_order_gives_way_to_a_later_one_that_was_opened_before_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_payment, may_open = shop.gateway.open_payment, asyncio.Event()

    async def slowly(asked: Order) -> OpenedPayment:
        if asked.product.id == "plus":
            await may_open.wait()
        return await open_payment(asked)

    monkeypatch.setattr(shop.gateway, "open_payment", slowly)
    earlier = asyncio.create_task(order(shop, "plus", "earlier"))
    await shop.calm()
    later = await order(shop, "premium", "later")
    may_open.set()
    with pytest.raises(Conflict, match="ordered after"):
        await earlier
    assert (await pay(shop, later.purchase)).status is Status.ACTIVE
    [_, withdrawn] = await shop.purchases.list_subscriptions("usr_1")
    assert (withdrawn.product_id, withdrawn.status) == ("plus", Status.EXPIRED)


async def test_what_was_paid_at_once_stays_although_an_earlier_order_is_being_paid(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await order(shop, "plus", "first")
    shop.gateway.pay(first.purchase.id)
    open_payment = shop.gateway.open_payment

    async def at_once(asked: Order) -> OpenedPayment:
        opened = await open_payment(asked)
        return evolve(opened, report=shop.gateway.pay(asked.purchase_id), sheet=None)

    monkeypatch.setattr(shop.gateway, "open_payment", at_once)
    second = await order(shop, "premium", "second")
    assert second.purchase.status is Status.ACTIVE
    assert (await shop.get(first.purchase)).status is Status.PENDING


async def test_an_order_that_cannot_be_closed_here_is_not_overtaken(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await order(shop, "plus", "first")
    apply = shop.changes.apply

    async def apply_but_no_end(report: Report, **more: Any) -> Purchase:
        if any(fact.kind is FactKind.LAPSED for fact in report.facts):
            raise Parked("odd")
        return await apply(report, **more)

    monkeypatch.setattr(shop.changes, "apply", apply_but_no_end)
    with pytest.raises(Conflict, match="odd"):
        await order(shop, "plus", "second")
