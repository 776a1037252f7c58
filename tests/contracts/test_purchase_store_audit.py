"""What every store of purchases finds out about a broken market."""

from attrs import evolve

from application.ports.purchase_store import Change
from domain.accounts import Tier, User
from domain.claw_backs import claw_back, freeze
from domain.holds import hold, release, settle
from domain.lots import Bucket
from domain.market.facts import FactKind
from domain.market.purchases import GrantedLot, Purchase
from tests.contracts.builders import NOW, at, erased
from tests.contracts.market import (
    Market,
    credited,
    frozen_lot,
    make_catalogue,
    make_pack,
    make_plan,
    paid,
    taken_back,
    told,
)


async def bought(market: Market, name: str = "ann") -> tuple[User, Purchase]:
    """Somebody who has paid for a pack."""
    user = await market.stores.sign_up(name)
    return user, await market.settle(await market.place(user))


async def test_a_healthy_market_passes_the_audit(market: Market) -> None:
    await market.products.publish(make_catalogue())
    user, pack = await bought(market)
    plan = await market.settle(await market.subscribe(user), tier=Tier.PLUS)
    await market.settle(plan, "pay_2", second=5)
    wallet = await market.stores.wallets.get(user.id)
    wallet = hold(wallet, turn_id="one", amount=250, now=NOW, expires_at=at(600))
    assert await market.stores.wallets.save(wallet)
    assert await market.purchases.save(taken_back(await market.open(pack), 100))
    wallet = await market.stores.wallets.get(user.id)
    assert await market.stores.wallets.save(release(wallet, turn_id="one", now=NOW))
    assert await market.purchases.save(frozen_lot(await market.open(plan)))
    await market.place(user)
    assert await market.broken() == set()
    assert await market.stores.wallets.audit() == []


async def test_the_audit_finds_a_lot_that_was_never_granted(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = paid(await market.place(user))
    assert await market.purchases.save(Change(purchase, NOW))
    assert await market.broken() == {("grant", purchase.id)}


async def test_the_audit_finds_a_lot_that_was_granted_with_other_credits(market: Market) -> None:
    _, purchase = await bought(market)
    [lot] = purchase.lots
    more = evolve(purchase, lots=(evolve(lot, credits=101),))
    assert await market.purchases.save(Change(more, NOW))
    assert await market.broken() == {("grant", purchase.id)}


async def test_the_audit_finds_a_lot_that_was_granted_into_another_bucket(market: Market) -> None:
    user = await market.stores.sign_up()
    purchase = await market.place(user)
    after = paid(purchase)
    [lot] = after.lots
    wallet = credited((await market.open(purchase)).wallet, evolve(lot, bucket=Bucket.PROMO))
    assert await market.purchases.save(Change(after, NOW, wallet))
    assert await market.broken() == {("grant", purchase.id)}


async def test_the_audit_finds_a_lot_that_was_granted_twice(market: Market) -> None:
    user, purchase = await bought(market)
    wallet = await market.stores.wallets.get(user.id)
    spent = hold(wallet, turn_id="t", amount=100, now=NOW, expires_at=at(9))
    spent, _ = settle(spent, turn_id="t", charge=100, now=NOW, description="Reply")
    assert await market.stores.wallets.save(spent)
    again = credited(await market.stores.wallets.get(user.id), purchase.lots[0])
    [entry] = again.entries
    other = evolve(again, entries=(evolve(entry, reference="again"),))
    assert await market.stores.wallets.save(other)
    assert await market.broken() == {("grant", purchase.id)}


async def test_the_audit_finds_more_taken_back_than_the_purchase_says(market: Market) -> None:
    user, purchase = await bought(market)
    assert await market.purchases.save(taken_back(await market.open(purchase), 40))
    assert await market.broken() == set()
    [lot] = purchase.lots
    wallet = await market.stores.wallets.get(user.id)
    poorer = claw_back(
        wallet, lot_id=lot.lot_id, bucket=lot.bucket, credits=1, reference="more", now=NOW
    )
    assert await market.stores.wallets.save(poorer)
    assert await market.broken() == {("claw-back", purchase.id)}


async def test_less_may_be_taken_back_than_the_purchase_says(market: Market) -> None:
    _, purchase = await bought(market)
    [lot] = purchase.lots
    refunded = evolve(purchase, lots=(evolve(lot, clawed_back=100),))
    assert await market.purchases.save(Change(refunded, NOW))
    assert await market.broken() == set()


async def test_the_audit_finds_a_lot_that_should_be_frozen(market: Market) -> None:
    _, purchase = await bought(market)
    frozen = frozen_lot(await market.open(purchase))
    assert await market.purchases.save(evolve(frozen, wallet=None))
    assert await market.broken() == {("freeze", purchase.id)}


async def test_a_frozen_lot_that_was_spent_before_is_no_violation(market: Market) -> None:
    user, purchase = await bought(market)
    wallet = await market.stores.wallets.get(user.id)
    spent = hold(wallet, turn_id="t", amount=100, now=NOW, expires_at=at(9))
    spent, _ = settle(spent, turn_id="t", charge=100, now=NOW, description="Reply")
    assert await market.stores.wallets.save(spent)
    assert await market.purchases.save(frozen_lot(await market.open(purchase)))
    assert await market.broken() == set()


async def test_the_audit_finds_a_lot_that_should_not_be_frozen(market: Market) -> None:
    user, purchase = await bought(market)
    wallet = await market.stores.wallets.get(user.id)
    stuck = freeze(wallet, purchase.lots[0].lot_id, is_frozen=True)
    assert await market.stores.wallets.save(stuck)
    assert await market.broken() == {("freeze", user.id)}


async def test_the_audit_finds_a_lot_of_two_purchases(market: Market) -> None:
    user, purchase = await bought(market)
    other = await market.place(user)
    [lot] = purchase.lots
    assert await market.purchases.save(Change(evolve(other, lots=(lot,)), NOW))
    assert await market.broken() == {("lot", lot.lot_id)}


async def test_the_audit_finds_credits_that_no_purchase_explains(market: Market) -> None:
    _, purchase = await bought(market)
    user = await market.stores.sign_up("bob", credits=5)
    bonus = GrantedLot("pay", "promo", Bucket.PROMO, 3, NOW)
    wallet = credited(await market.stores.wallets.get(user.id), bonus)
    assert await market.stores.wallets.save(wallet)
    assert await market.broken() == {("origin", user.id)}
    assert purchase.user_id != user.id


async def subscribed(market: Market, name: str = "ann") -> tuple[User, Purchase]:
    """Somebody whose subscription has opened plus."""
    user = await market.stores.sign_up(name)
    return user, await market.settle(await market.subscribe(user), tier=Tier.PLUS)


async def test_the_audit_finds_a_tier_whose_subscription_is_over(market: Market) -> None:
    user, purchase = await subscribed(market)
    assert await market.broken() == set()
    over = Change(told(purchase, FactKind.LAPSED), at(9))
    assert await market.purchases.save(over)
    assert await market.broken() == {("tier", user.id)}
    after = evolve(over.purchase, version=over.purchase.version + 1)
    assert await market.purchases.save(Change(after, at(9), tier=Tier.FREE))
    assert await market.broken() == set()


async def test_the_audit_finds_a_tier_that_only_a_replaced_subscription_opens(
    market: Market,
) -> None:
    user, purchase = await subscribed(market)
    assert await market.purchases.save(Change(evolve(purchase, replaced_by="pur_x"), NOW))
    assert await market.broken() == {("tier", user.id)}


async def test_the_audit_finds_a_tier_above_that_of_the_subscription(market: Market) -> None:
    await market.products.publish(make_catalogue(1, make_plan(), make_plan(Tier.PREMIUM)))
    await market.products.publish(make_catalogue(2, make_pack(), make_plan(Tier.PREMIUM)))
    user, purchase = await subscribed(market)
    assert await market.broken() == set()
    assert await market.purchases.save(Change(purchase, NOW, tier=Tier.PREMIUM))
    assert await market.broken() == {("tier", user.id)}


async def test_a_catalogue_that_is_published_breaks_nothing(market: Market) -> None:
    dearer = make_plan(id="plus", tier=Tier.PREMIUM)
    for version, plan in enumerate((make_plan(), dearer, make_plan(id="other")), start=1):
        await market.products.publish(make_catalogue(version, plan))
    await subscribed(market)
    user, purchase = await subscribed(market, "bob")
    assert await market.purchases.save(Change(purchase, NOW, tier=Tier.PREMIUM))
    assert await market.broken() == set()
    assert user.tier is Tier.FREE


async def test_a_tier_that_an_administrator_chose_is_no_violation(market: Market) -> None:
    for name, tier in (("bob", Tier.PREMIUM), ("cid", Tier.PLUS)):
        user, purchase = await subscribed(market, name)
        await market.stores.accounts.save(user, tier=tier)
        assert await market.purchases.save(Change(told(purchase, FactKind.LAPSED), at(9)))
    await market.stores.sign_up("dan", tier=Tier.PLUS)
    assert await market.broken() == set()


async def test_the_tier_of_somebody_erased_is_no_violation(market: Market) -> None:
    user, purchase = await subscribed(market)
    await market.stores.accounts.erase(evolve(erased(user), tier=Tier.PLUS))
    kept = (await market.open(purchase)).purchase
    assert await market.purchases.save(Change(told(kept, FactKind.LAPSED), at(9)))
    assert await market.broken() == set()


async def test_the_audit_tells_what_is_broken_from_the_rest(market: Market) -> None:
    broken = []
    for number in range(3):
        _, purchase = await bought(market, f"user-{number}")
        if number != 1:
            more = evolve(purchase, lots=(evolve(purchase.lots[0], credits=1),))
            assert await market.purchases.save(Change(more, NOW))
            broken.append(purchase.id)
    assert await market.broken() == {("grant", id_) for id_ in broken}
