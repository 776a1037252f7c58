"""What every store of purchases promises of purchases, their names and their holders."""

import asyncio
from uuid import UUID

import pytest
from attrs import evolve

from application.ports.purchase_store import Change, Owner
from domain.errors import AlreadyRecorded, Conflict, NotFound
from domain.lots import Bucket
from domain.market.facts import FactKind, Share
from domain.market.products import Money, Provider
from domain.market.purchases import GrantedLot, Purchase
from tests.contracts.builders import NOW, at, erased, make_user
from tests.contracts.market import (
    MONTH,
    Market,
    make_errand,
    make_purchase,
    make_subscription,
    paid,
    told,
)


def with_every_field(purchase: Purchase) -> Purchase:
    """The purchase with each field set to something else than it is by default."""
    bonus = GrantedLot(
        "pay_2", "bonus", Bucket.PROMO, 7, at(3), at(99), clawed_back=2, is_frozen=True, changes=4
    )
    known = evolve(purchase, quantity=3, reference="sub_Änn", replaced_by="pur_other")
    known = paid(paid(known, second=1), "pay_2", second=2)
    known = told(known, FactKind.REFUNDED, second=3, payment="pay_1", share=Share(1, 3))
    known = told(known, FactKind.DISPUTE_OPENED, second=4, payment="pay_2", dispute="dp_1")
    known = told(known, FactKind.DOWNGRADED, second=5, product_id="pack")
    return evolve(known, lots=(*known.lots, bonus))


async def test_a_purchase_is_kept_as_it_was_given(market: Market) -> None:
    user = await market.stores.sign_up()
    for purchase in (
        make_purchase(user),
        with_every_field(make_purchase(user)),
        with_every_field(make_subscription(user)),
    ):
        added = await market.purchases.add(purchase)
        assert added == evolve(purchase, version=1)
        assert await market.purchases.get(user.id, purchase.id) == added


async def test_a_saved_purchase_has_every_field(market: Market) -> None:
    purchase = await market.subscribe(await market.stores.sign_up())
    changed = with_every_field(purchase)
    assert await market.purchases.save(Change(changed, NOW))
    kept = await market.purchases.get(purchase.user_id, purchase.id)
    assert kept == evolve(changed, version=2)
    assert kept.standing.payments[0].paid == Money("EUR", 199)


async def test_what_is_there_is_not_added_again(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.settle(await market.place(user))
    again = await market.purchases.add(evolve(make_purchase(user), id=purchase.id), ("name",))
    assert again == purchase
    assert await market.purchases.find_owner(Provider.STRIPE, ("name",)) is None


async def test_a_known_name_leads_to_the_purchase_that_has_it(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    purchase = await market.place(ann, "pi_1", "ch_1")
    for user in (ann, bob):
        late = make_purchase(user)
        assert await market.purchases.add(late, ("new", "ch_1")) == purchase
        with pytest.raises(NotFound):
            await market.purchases.get(user.id, late.id)
    assert await market.purchases.find_owner(Provider.STRIPE, ("new",)) is None


async def test_of_twenty_who_add_the_same_name_at_once_one_does(market: Market) -> None:
    users = [await market.stores.sign_up(f"user-{number}") for number in range(20)]
    purchases = [make_purchase(user) for user in users]
    added = await asyncio.gather(*(market.purchases.add(one, ("pi_1",)) for one in purchases))
    assert len({one.id for one in added}) == 1
    owner = await market.purchases.find_owner(Provider.STRIPE, ("pi_1",))
    assert owner == Owner(added[0].user_id, added[0].id)
    kept = [await market.purchases.list(user.id, limit=9, before=None) for user in users]
    assert sum(len(page) for page in kept) == 1


async def test_of_twenty_who_add_the_same_purchase_at_once_all_get_it(market: Market) -> None:
    purchase = make_purchase(await market.stores.sign_up())
    added = await asyncio.gather(*(market.purchases.add(purchase, ("pi",)) for _ in range(20)))
    assert set(added) == {evolve(purchase, version=1)}


async def test_nothing_is_added_for_an_account_that_is_gone(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.stores.accounts.erase(erased(user))
    for nobody in (user, make_user("nobody")):
        with pytest.raises(NotFound):
            await market.purchases.add(make_purchase(nobody), ("pi_1",))
    assert await market.purchases.find_owner(Provider.STRIPE, ("pi_1",)) is None


async def test_another_persons_purchase_is_not_found(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    purchase = await market.place(ann)
    for owner in (Owner(bob.id, purchase.id), Owner(ann.id, "pur_none"), Owner("usr_none", "x")):
        with pytest.raises(NotFound):
            await market.purchases.get(owner.user_id, owner.purchase_id)
        with pytest.raises(NotFound):
            await market.purchases.open(owner)
    assert await market.purchases.list(bob.id, limit=9, before=None) == []
    assert not await market.purchases.save(Change(evolve(purchase, user_id=bob.id), NOW))
    assert await market.purchases.get(ann.id, purchase.id) == purchase


async def test_purchases_are_listed_newest_first_by_pages(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    mine = [await market.place(ann) for _ in range(3)]
    await market.place(bob)
    mine.append(await market.subscribe(ann))
    found = await market.purchases.list(ann.id, limit=3, before=None)
    assert found == mine[:0:-1]
    assert await market.purchases.list(ann.id, limit=3, before=found[-1].id) == [mine[0]]
    assert await market.purchases.list(ann.id, limit=3, before=mine[0].id) == []


async def test_subscriptions_are_listed_newest_first_whatever_became_of_them(
    market: Market,
) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    first = await market.subscribe(ann)
    await market.place(ann)
    await market.subscribe(bob)
    second = await market.subscribe(ann)
    over = told(paid(first), FactKind.LAPSED)
    assert await market.purchases.save(Change(over, NOW))
    assert await market.purchases.list_subscriptions(ann.id) == [second, evolve(over, version=2)]


# ----------------------------------------------------------------------------------------- names


async def test_the_first_known_name_counts(market: Market) -> None:
    user = await market.stores.sign_up()
    one, two = await market.place(user, "b"), await market.place(user, "c")
    found = [
        await market.purchases.find_owner(Provider.STRIPE, names)
        for names in (("a", "b", "c"), ("a", "c", "b"), ("a",), ())
    ]
    assert found == [Owner(user.id, one.id), Owner(user.id, two.id), None, None]


async def test_each_store_has_its_own_names(market: Market) -> None:
    user = await market.stores.sign_up()
    bought = [
        await market.place(user, "same", provider=provider)
        for provider in (Provider.APPLE, Provider.GOOGLE)
    ]
    for purchase in bought:
        owner = await market.purchases.find_owner(purchase.provider, ("same",))
        assert owner == Owner(user.id, purchase.id)
    assert await market.purchases.find_owner(Provider.STRIPE, ("same",)) is None


async def test_a_change_adds_names_that_may_be_known_already(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.place(user, "pi_1")
    for names in (("pi_1", "ch_1", "ch_1"), ("ch_1", "in_1")):
        purchase = await market.purchases.get(user.id, purchase.id)
        assert await market.purchases.save(Change(purchase, NOW, names=names))
    for name in ("pi_1", "ch_1", "in_1"):
        owner = await market.purchases.find_owner(Provider.STRIPE, (name,))
        assert owner == Owner(user.id, purchase.id)


async def test_a_name_of_another_purchase_is_a_conflict_and_nothing_is_written(
    market: Market,
) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    taken = await market.place(ann, "ch_1")
    for user in (ann, bob):
        purchase = await market.place(user)
        change = Change(paid(purchase), NOW, names=("ch_2", "ch_1"), errands=(make_errand(),))
        with pytest.raises(Conflict) as raised:
            await market.purchases.save(change)
        assert not isinstance(raised.value, AlreadyRecorded)
        assert await market.purchases.get(user.id, purchase.id) == purchase
    assert await market.purchases.find_owner(Provider.STRIPE, ("ch_2",)) is None
    owner = await market.purchases.find_owner(Provider.STRIPE, ("ch_1",))
    assert owner == Owner(ann.id, taken.id)
    assert await market.owed() == []


async def test_of_twenty_purchases_that_want_a_name_at_once_one_gets_it(market: Market) -> None:
    user = await market.stores.sign_up()
    purchases = [await market.place(user) for _ in range(20)]
    outcomes = await asyncio.gather(
        *(market.purchases.save(Change(one, NOW, names=("ch_1",))) for one in purchases),
        return_exceptions=True,
    )
    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    winner = purchases[outcomes.index(True)]
    owner = await market.purchases.find_owner(Provider.STRIPE, ("ch_1",))
    assert owner == Owner(user.id, winner.id)
    kept = await market.purchases.list(user.id, limit=50, before=None)
    assert {one.id for one in kept if one.version == 2} == {winner.id}


# --------------------------------------------------------------------------------------- holders


async def test_everybody_has_a_token_of_their_own(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    holders = [await market.purchases.get_holder(user.id) for user in (ann, bob)]
    assert [one.user_id for one in holders] == [ann.id, bob.id]
    assert [one.created_at for one in holders] == [NOW, NOW]
    assert holders[0] == await market.purchases.get_holder(ann.id)
    assert len({UUID(one.store_token) for one in holders}) == 2
    for holder in holders:
        for written in (holder.store_token, holder.store_token.upper()):
            assert await market.purchases.find_holder(written) == holder.user_id


@pytest.mark.parametrize("token", ["", "x", "6a1f4d5e-5a62-4a3c-9d0f-6f2b4c1c0d11", "\0", "ü" * 36])
async def test_an_unknown_token_is_nobodys(market: Market, token: str) -> None:
    await market.purchases.get_holder((await market.stores.sign_up()).id)
    assert await market.purchases.find_holder(token) is None


async def test_the_first_customer_stays(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    assert await market.purchases.keep_customer(ann.id, Provider.STRIPE, "cus_1") == "cus_1"
    assert await market.purchases.keep_customer(ann.id, Provider.STRIPE, "cus_2") == "cus_1"
    assert await market.purchases.keep_customer(ann.id, Provider.SANDBOX, "cus_3") == "cus_3"
    assert await market.purchases.keep_customer(bob.id, Provider.STRIPE, "cus_4") == "cus_4"
    holder = await market.purchases.get_holder(ann.id)
    assert holder.customers == {Provider.STRIPE: "cus_1", Provider.SANDBOX: "cus_3"}


async def test_of_twenty_customers_at_once_one_counts(market: Market) -> None:
    user = await market.stores.sign_up()
    kept = await asyncio.gather(
        *(
            market.purchases.keep_customer(user.id, Provider.STRIPE, f"cus_{number}")
            for number in range(20)
        )
    )
    holder = await market.purchases.get_holder(user.id)
    assert set(kept) == {holder.customers[Provider.STRIPE]}


async def test_an_account_that_is_gone_holds_nothing(market: Market) -> None:
    user = await market.stores.sign_up()
    token = (await market.purchases.get_holder(user.id)).store_token
    await market.stores.accounts.erase(erased(user))
    assert await market.purchases.find_holder(token) is None
    for user_id in (user.id, "usr_none"):
        with pytest.raises(NotFound):
            await market.purchases.get_holder(user_id)
        with pytest.raises(NotFound):
            await market.purchases.keep_customer(user_id, Provider.STRIPE, "cus_1")


# ------------------------------------------------------------------------------------ over all


async def test_due_are_subscriptions_whose_time_has_come_the_most_overdue_first(
    market: Market,
) -> None:
    users = [await market.stores.sign_up(f"user-{number}") for number in range(3)]
    subscriptions = [await market.subscribe(user) for user in users]
    for subscription, second in zip(subscriptions, (30, 10, 20), strict=True):
        over = told(paid(subscription, second=second), FactKind.CANCELLED, second=second)
        assert await market.purchases.save(Change(over, NOW))
    await market.settle(await market.place(users[0]))
    ordered = [Owner(subscriptions[n].user_id, subscriptions[n].id) for n in (1, 2, 0)]
    for seconds, count in ((9, 0), (10, 1), (29, 2), (30, 3)):
        due = await market.purchases.list_due(at(seconds) + MONTH, limit=5)
        assert due == ordered[:count]
    assert await market.purchases.list_due(at(99) + MONTH, limit=2) == ordered[:2]


async def test_what_the_clock_has_changed_is_no_longer_due(market: Market) -> None:
    purchase = await market.settle(await market.subscribe(await market.stores.sign_up()))
    later = NOW + 2 * MONTH
    [owner] = await market.purchases.list_due(later, limit=5)
    lapsed = purchase.learn((), later)
    assert await market.purchases.save(Change(lapsed, later))
    assert owner == Owner(purchase.user_id, purchase.id)
    assert await market.purchases.list_due(later, limit=5) == []


async def test_live_are_those_that_are_not_at_their_end(market: Market) -> None:
    user = await market.stores.sign_up()
    pack, plan = make_purchase(user), make_subscription(user)
    live = [
        pack,
        plan,
        told(paid(pack), FactKind.DISPUTE_OPENED, payment="pay_1"),
        paid(plan),
        told(paid(plan), FactKind.CANCELLED),
        told(paid(plan), FactKind.IN_GRACE, ends_at=at(9) + MONTH),
        told(paid(plan), FactKind.ON_HOLD),
        told(paid(plan), FactKind.PAUSED),
        told(paid(plan), FactKind.DISPUTE_OPENED, payment="pay_1"),
    ]
    over = [
        paid(pack),
        told(pack, FactKind.FAILED),
        told(paid(pack), FactKind.REFUNDED, payment="pay_1"),
        told(paid(pack), FactKind.REFUNDED, payment="pay_1", share=Share(1, 2)),
        told(plan, FactKind.FAILED),
        told(paid(plan), FactKind.LAPSED),
        told(paid(plan), FactKind.REFUNDED, payment="pay_1"),
    ]
    for number, purchase in enumerate((*live, *over)):
        await market.purchases.add(evolve(purchase, id=f"pur_{number:02}"))
    await market.place(user, provider=Provider.APPLE)
    found = await market.purchases.list_live(Provider.STRIPE, limit=50, after=None)
    assert found == [Owner(user.id, f"pur_{number:02}") for number in range(len(live))]


async def test_live_purchases_are_listed_by_owner_in_pages(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    placed = [await market.place(user) for user in (bob, ann, ann, bob)]
    owners = sorted((one.user_id, one.id) for one in placed)
    found: list[Owner] = []
    while page := await market.purchases.list_live(
        Provider.STRIPE, limit=3, after=found[-1] if found else None
    ):
        found += page
    assert found == [Owner(*owner) for owner in owners]
