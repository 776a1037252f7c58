"""What every store of accounts promises of those who bought something."""

from attrs import evolve

from application.ports.inbox import InboxState
from application.ports.purchase_store import Change
from domain.accounts import Tier
from domain.lots import Bucket
from domain.market.facts import FactKind, Share
from domain.market.products import Provider
from domain.market.purchases import GrantedLot, Purchase
from domain.market.reports import Errand, ErrandKind
from tests.contracts.builders import NOW, at, erased
from tests.contracts.market import (
    MONTH,
    Market,
    make_catalogue,
    make_errand,
    make_event,
    make_pack,
    make_plan,
    make_subscription,
    paid,
    told,
)


async def owed_after_erasure(market: Market, *subscriptions: Purchase) -> set[Errand]:
    """What the stores are told when somebody with these subscriptions goes."""
    user = await market.stores.sign_up()
    for purchase in subscriptions:
        await market.purchases.add(evolve(purchase, user_id=user.id))
    await market.stores.accounts.erase(erased(user))
    owed = await market.owed()
    assert {one.user_id for one in owed} <= {user.id}
    assert {one.created_at for one in owed} <= {at(60)}
    return {one.errand for one in owed}


async def test_erasure_keeps_the_purchases(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.settle(await market.place(user, "pi_1"))
    await market.stores.accounts.erase(erased(user))
    kept = await market.purchases.get(user.id, purchase.id)
    assert evolve(kept, version=purchase.version) == purchase
    assert await market.broken() == set()


async def test_erasure_cancels_every_subscription_that_is_not_at_its_end(market: Market) -> None:
    user = await market.stores.sign_up("bob")
    plan = make_subscription(user)
    live = [
        plan,
        paid(plan),
        told(paid(plan), FactKind.CANCELLED),
        told(paid(plan), FactKind.IN_GRACE, ends_at=at(9) + MONTH),
        told(paid(plan), FactKind.ON_HOLD),
        told(paid(plan), FactKind.PAUSED),
        told(paid(plan), FactKind.DISPUTE_OPENED, payment="pay_1"),
        evolve(paid(plan), provider=Provider.APPLE),
    ]
    over = [
        told(paid(plan), FactKind.LAPSED),
        told(paid(plan), FactKind.REFUNDED, payment="pay_1"),
        evolve(paid(plan), replaced_by="pur_other"),
        evolve(plan, product_id="pack", is_subscription=False),
    ]
    numbered = [
        evolve(purchase, id=f"pur_{number:02}", reference=f"sub_{number}")
        for number, purchase in enumerate((*live, *over))
    ]
    nameless = evolve(plan, id="pur_99")
    assert await owed_after_erasure(market, *numbered, nameless) == {
        Errand(ErrandKind.CANCEL, one.provider, one.reference or "")
        for one in numbered[: len(live)]
    }


async def test_what_is_cancelled_has_the_stores_name_of_the_product(market: Market) -> None:
    await market.products.publish(make_catalogue(1, make_pack(), make_plan()))
    newer = make_plan(store_ids={Provider.STRIPE: "price_new"})
    await market.products.publish(make_catalogue(2, make_pack(), newer))
    await market.products.publish(make_catalogue(3, make_pack()))
    user = await market.stores.sign_up("bob")
    stripe = make_subscription(user, reference="sub_1")
    apple = make_subscription(user, reference="sub_2", provider=Provider.APPLE)
    assert await owed_after_erasure(market, stripe, apple) == {
        Errand(ErrandKind.CANCEL, Provider.STRIPE, "sub_1", store_product="price_new"),
        Errand(ErrandKind.CANCEL, Provider.APPLE, "sub_2"),
    }


async def test_erasure_lets_every_store_forget_its_customer(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    for user, provider in ((ann, Provider.STRIPE), (ann, Provider.SANDBOX), (bob, Provider.STRIPE)):
        await market.purchases.keep_customer(user.id, provider, f"cus_{user.id}_{provider}")
    await market.stores.accounts.erase(erased(ann))
    assert {(one.user_id, one.errand) for one in await market.owed()} == {
        (ann.id, Errand(ErrandKind.FORGET_CUSTOMER, provider, f"cus_{ann.id}_{provider}"))
        for provider in (Provider.STRIPE, Provider.SANDBOX)
    }
    kept = await market.purchases.get_holder(bob.id)
    assert kept.customers == {Provider.STRIPE: f"cus_{bob.id}_stripe"}


async def test_erasing_twice_owes_nothing_twice(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.subscribe(user, reference="sub_1")
    await market.purchases.keep_customer(user.id, Provider.STRIPE, "cus_1")
    await market.errands.add(user.id, [make_errand()], NOW)
    for _ in range(2):
        await market.stores.accounts.erase(erased(user))
    kinds = [one.errand.kind for one in await market.owed()]
    assert kinds == [ErrandKind.ACKNOWLEDGE, ErrandKind.CANCEL, ErrandKind.FORGET_CUSTOMER]


async def test_erasure_deletes_the_messages_about_the_person_that_have_ended(
    market: Market,
) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    for number, (user_id, state) in enumerate(
        (
            (ann.id, InboxState.DONE),
            (ann.id, InboxState.PARKED),
            (ann.id, InboxState.WAITING),
            (bob.id, InboxState.DONE),
            (None, InboxState.PARKED),
        )
    ):
        await market.inbox.add(make_event(f"evt_{number}"), NOW)
        message = await market.inbox.get(Provider.STRIPE, f"evt_{number}")
        ended = evolve(message, user_id=user_id, state=state, finished_at=NOW)
        await market.inbox.finish(ended)
    await market.stores.accounts.erase(erased(ann))
    left = await market.inbox.list(state=None, limit=9, before=None)
    assert sorted(one.event.id for one in left) == ["evt_2", "evt_3", "evt_4"]


async def test_somebody_erased_who_signs_up_again_has_another_token(market: Market) -> None:
    first = await market.stores.sign_up("ann")
    token = (await market.purchases.get_holder(first.id)).store_token
    await market.purchases.keep_customer(first.id, Provider.STRIPE, "cus_1")
    await market.stores.accounts.erase(erased(first))
    second = await market.stores.sign_up("ann")
    holder = await market.purchases.get_holder(second.id)
    assert holder.store_token != token
    assert holder.customers == {}


async def test_the_export_has_the_purchases(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.settle(await market.place(await market.stores.sign_up("bob")))
    pack = await market.place(user, quantity=2, provider=Provider.APPLE)
    plan = await market.settle(
        await market.subscribe(user, reference="sub_1"), tier=Tier.PLUS, second=5
    )
    bonus = GrantedLot(
        "pay_1", "bonus", Bucket.PROMO, 7, at(3), at(99), clawed_back=2, is_frozen=True
    )
    changed = told(plan, FactKind.REFUNDED, second=6, payment="pay_1", share=Share(1, 3))
    changed = told(changed, FactKind.DISPUTE_OPENED, second=7, payment="pay_1", dispute="dp_1")
    changed = evolve(changed, lots=(*changed.lots, bonus))
    assert await market.purchases.save(Change(changed, NOW))
    document = await market.stores.accounts.export(user.id)
    assert document["purchases"] == [
        {
            "id": pack.id,
            "provider": "apple",
            "product_id": "pack",
            "is_subscription": False,
            "quantity": 2,
            "reference": None,
            "status": "pending",
            "created_at": NOW.isoformat(),
            "ends_at": None,
            "renews": False,
            "payments": [],
            "credits": [],
        },
        {
            "id": plan.id,
            "provider": "stripe",
            "product_id": "plus",
            "is_subscription": True,
            "quantity": 1,
            "reference": "sub_1",
            "status": "disputed",
            "created_at": NOW.isoformat(),
            "ends_at": (at(5) + MONTH).isoformat(),
            "renews": True,
            "payments": [
                {
                    "id": "pay_1",
                    "product_id": "plus",
                    "quantity": 1,
                    "at": at(5).isoformat(),
                    "paid": {"currency": "EUR", "amount": 199},
                    "starts_at": at(5).isoformat(),
                    "ends_at": (at(5) + MONTH).isoformat(),
                    "refunded": {"part": 1, "whole": 3},
                    "is_disputed": True,
                }
            ],
            "credits": [
                {
                    "payment": "pay_1",
                    "bucket": "subscription",
                    "credits": 100,
                    "taken_back": 0,
                    "is_frozen": False,
                    "granted_at": at(5).isoformat(),
                    "expires_at": None,
                },
                {
                    "payment": "pay_1",
                    "bucket": "promo",
                    "credits": 7,
                    "taken_back": 2,
                    "is_frozen": True,
                    "granted_at": at(3).isoformat(),
                    "expires_at": at(99).isoformat(),
                },
            ],
        },
    ]
