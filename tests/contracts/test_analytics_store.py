"""What every store that counts days promises."""

import asyncio
from collections import Counter
from datetime import date, timedelta

import pytest
from attrs import evolve

from adapters.in_memory.analytics_store import InMemoryAnalyticsStore
from adapters.in_memory.database import InMemoryDatabase
from adapters.postgres.analytics_store import PostgresAnalyticsStore
from adapters.postgres.connection import PostgresPool
from application.operations.aggregate_analytics import AggregateAnalytics
from application.ports.analytics_store import AnalyticsStore, Counted, Uncounted
from application.ports.purchase_store import Change
from domain.accounts import User
from domain.analytics_counts import Count, CountKey, Measure, Tally, count_person, count_turns
from domain.chat import Session, TurnStatus
from domain.holds import expire_holds
from domain.lots import Bucket
from domain.market.facts import FactKind, Share
from domain.market.products import Provider
from tests.contracts.builders import NOW, at, erased, granted, make_closing
from tests.contracts.market import Market, make_catalogue, told
from tests.contracts.stores import Stores
from tests.contracts.test_turn_store_answers import answering

TODAY = NOW.date()
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def analytics(tables: InMemoryDatabase | PostgresPool) -> AnalyticsStore:
    if isinstance(tables, PostgresPool):
        return PostgresAnalyticsStore(tables)
    return InMemoryAnalyticsStore(tables)


@pytest.fixture
async def market(market: Market) -> Market:
    await market.products.publish(make_catalogue())
    return market


async def sums(analytics: AnalyticsStore, *measures: Measure) -> dict[CountKey, int]:
    found = await analytics.list(*ALWAYS)
    return {one.key: one.value for one in found if one.value and one.key.measure in measures}


async def aggregate(analytics: AnalyticsStore, market: Market) -> None:
    await AggregateAnalytics(analytics, market.products)()


def key(measure: Measure, *labels: str, day: date = TODAY) -> CountKey:
    return CountKey(day, measure, *labels)


async def ledger_sums(stores: Stores, *users: User) -> dict[CountKey, int]:
    """What the ledger says, as the analytics should."""
    found: Counter[CountKey] = Counter()
    for user in users:
        for entry in await stores.wallets.list_entries(user.id, limit=10_000, before=None):
            day = entry.created_at.date()
            found[CountKey(day, Measure.CREDITS, entry.kind, entry.bucket)] += entry.amount
            found[CountKey(day, Measure.DEBT, entry.kind, entry.bucket)] += entry.debt
    return {name: value for name, value in found.items() if value}


LEDGER = (Measure.CREDITS, Measure.DEBT)
EVERY = tuple(Measure)


async def test_nothing_is_uncounted_where_nothing_happened(analytics: AnalyticsStore) -> None:
    assert (await analytics.find_people(limit=10)).is_empty
    assert (await analytics.find_purchasers(limit=10)).is_empty
    assert (await analytics.find_turns(limit=10)).is_empty
    assert not await analytics.is_counting_again()


async def test_an_account_is_new_once(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    await stores.sign_up("ann")
    await stores.sign_up("ben")
    for _ in range(2):
        await aggregate(analytics, market)
        assert await sums(analytics, *EVERY) == {key(Measure.NEW_USERS): 2}


async def test_what_was_counted_is_not_found_again(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.say(user, session)
    await market.place(user)
    await aggregate(analytics, market)
    assert (await analytics.find_people(limit=10)).is_empty
    assert (await analytics.find_purchasers(limit=10)).is_empty
    assert (await analytics.find_turns(limit=10)).is_empty
    await stores.say(user, session, position=4)
    [(news, _)] = (await analytics.find_people(limit=10)).people
    assert [one.entry.kind for one in news.entries] == ["charge"]
    assert len((await analytics.find_turns(limit=10)).turns) == 1


async def test_a_reply_is_counted_with_its_character_model_and_tokens(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    closing = make_closing(opening, await stores.wallets.get(user.id))
    assert await stores.turns.close(evolve(closing, model="grok"))
    await aggregate(analytics, market)
    counted = await sums(analytics, *EVERY)
    assert counted[key(Measure.TURNS, "completed", "luna", "grok")] == 1
    assert counted[key(Measure.PROMPT, "luna", "grok")] == 100
    assert counted[key(Measure.CACHED, "luna", "grok")] == 20
    assert counted[key(Measure.COMPLETION, "luna", "grok")] == 30
    assert counted[key(Measure.CHARGED, "luna", "grok")] == 3
    assert counted[key(Measure.ACTIVE_USERS)] == 1


async def test_somebody_is_active_once_a_day_also_when_a_day_is_heard_of_late(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    # Days are told forth and back, in runs of their own, as by a clock that is set back.
    for number, days in enumerate((0, 7, 7, 0, 1, 1, 30), start=1):
        opening = await stores.open(user, session, position=2 * number)
        wallet = await stores.wallets.get(user.id)
        closing = make_closing(opening, wallet, position=2 * number + 1)
        assert closing.wallet is not None
        moment = at(5) + timedelta(days=days)
        entries = tuple(evolve(one, created_at=moment) for one in closing.wallet.entries)
        wallet = evolve(closing.wallet, entries=entries)
        assert await stores.turns.close(evolve(closing, wallet=wallet, now=moment))
        await aggregate(analytics, market)
    active = await sums(analytics, Measure.ACTIVE_USERS)
    expected = {TODAY + timedelta(days=days): 1 for days in (0, 1, 7, 30)}
    assert {one.day: value for one, value in active.items()} == expected
    retained = await sums(analytics, Measure.RETAINED)
    assert retained == {key(Measure.RETAINED, days): 1 for days in ("1", "7", "30")}


@pytest.mark.parametrize("status", list(TurnStatus)[1:])
async def test_how_a_turn_ended_is_counted(
    analytics: AnalyticsStore, market: Market, stores: Stores, status: TurnStatus
) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.close(await stores.open(user, session), status=status)
    await aggregate(analytics, market)
    assert await sums(analytics, Measure.TURNS) == {key(Measure.TURNS, status, "luna", ""): 1}


async def test_what_the_product_answers_itself_is_counted_apart(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    assert await stores.turns.open(await answering(stores, user, session))
    await aggregate(analytics, market)
    assert await sums(analytics, Measure.TURNS) == {key(Measure.TURNS, "answered", "luna", ""): 1}


async def test_a_turn_that_lapsed_has_failed_until_it_is_closed_after_all(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, expires_at=at(10))
    swept, lapsed = expire_holds(await stores.wallets.get(user.id), at(20))
    assert await stores.wallets.save(swept, lapsed_turns=lapsed)
    await aggregate(analytics, market)
    assert await sums(analytics, Measure.TURNS) == {key(Measure.TURNS, "failed", "luna", ""): 1}
    assert await stores.turns.close(evolve(make_closing(opening, None), model="grok"))
    await aggregate(analytics, market)
    counted = await sums(analytics, Measure.TURNS, Measure.PROMPT)
    assert counted == {
        key(Measure.TURNS, "completed", "luna", "grok"): 1,
        key(Measure.PROMPT, "luna", "grok"): 100,
    }


async def test_what_was_said_stays_counted_when_it_is_deleted_before_it_was(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.say(user, session)
    running = await stores.open(user, session, position=4)
    await stores.sessions.delete(user.id, session.id)
    await stores.close(running)
    await stores.accounts.erase(erased(user))
    await aggregate(analytics, market)
    counted = await sums(analytics, *EVERY)
    assert counted[key(Measure.NEW_USERS)] == 1
    assert counted[key(Measure.ACTIVE_USERS)] == 1
    assert counted[key(Measure.TURNS, "completed", "luna", "")] == 2
    assert counted[key(Measure.CHARGED, "luna", "")] == 6
    expected = await ledger_sums(stores, user)
    assert await sums(analytics, *LEDGER) == expected


async def test_payments_and_what_goes_back_are_counted_on_their_days(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user = await stores.sign_up()
    purchase = await market.settle(await market.place(user))
    await aggregate(analytics, market)
    labels = ("pack", Provider.STRIPE, "EUR")
    shown = (Measure.PAYMENTS, Measure.REVENUE, Measure.REFUNDS, Measure.NEW_PAYERS)
    bought = {
        key(Measure.PAYMENTS, *labels): 1,
        key(Measure.REVENUE, *labels): 199,
        key(Measure.NEW_PAYERS): 1,
    }
    assert await sums(analytics, *shown) == bought
    day = 86_400.0
    for days, part in ((1, 50), (2, 120)):
        holding = await market.open(purchase)
        refunded = told(
            holding.purchase,
            FactKind.REFUNDED,
            second=days * day,
            payment="pay_1",
            share=Share(part, 199),
        )
        assert await market.purchases.save(Change(refunded, at(days * day)))
        await aggregate(analytics, market)
    refunds = {
        key(Measure.REFUNDS, *labels, day=TODAY + timedelta(days=1)): 50,
        key(Measure.REFUNDS, *labels, day=TODAY + timedelta(days=2)): 70,
    }
    assert await sums(analytics, *shown) == {**bought, **refunds}
    assert await sums(analytics, Measure.COHORT_PAYERS) == {key(Measure.COHORT_PAYERS): 1}


async def test_credits_that_were_bought_are_worth_what_was_paid(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user = await stores.sign_up()
    await market.settle(await market.place(user))
    await stores.close(await stores.open(user, await stores.begin_session(user)), charge=10)
    await aggregate(analytics, market)
    # 10 of 100 credits for 1.99: in thousandths of a cent.
    assert await sums(analytics, Measure.VALUE) == {key(Measure.VALUE, "luna", "", "EUR"): 19_900}


async def test_the_sums_are_those_of_the_ledger_after_many_people_at_once(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    people = [await stores.sign_up_to_talk(f"person-{number}") for number in range(5)]

    async def live(user: User, session: Session) -> None:
        await market.settle(await market.place(user))
        for number in range(4):
            await stores.say(user, session, position=2 * number + 2)
            wallet = await stores.wallets.get(user.id)
            assert await stores.wallets.save(granted(wallet, 7, bucket=Bucket.PROMO))

    async def count() -> None:
        for _ in range(6):
            await aggregate(analytics, market)
            await asyncio.sleep(0)

    await asyncio.gather(count(), *(live(*one) for one in people))
    await aggregate(analytics, market)
    users = [user for user, _ in people]
    assert await sums(analytics, *LEDGER) == await ledger_sums(stores, *users)
    turns = await sums(analytics, Measure.TURNS)
    assert sum(turns.values()) == 20
    once = await sums(analytics, *EVERY)
    await analytics.begin_again()
    assert await sums(analytics, *EVERY) == {}
    assert await analytics.is_counting_again()
    await aggregate(analytics, market)
    assert await sums(analytics, *EVERY) == once
    assert not await analytics.is_counting_again()


async def test_whoever_counts_on_an_old_revision_adds_nothing(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.say(user, session)
    revision = await analytics.revision()
    people = await analytics.find_people(limit=10)
    turns = await analytics.find_turns(limit=10)
    attempts = [_counted(people)] * 5 + [_counted(turns)] * 5
    written = await asyncio.gather(*(analytics.add(one, revision=revision) for one in attempts))
    assert written.count(True) == 1
    assert await analytics.revision() == revision + 1
    await aggregate(analytics, market)
    assert await sums(analytics, *LEDGER) == await ledger_sums(stores, user)
    assert sum((await sums(analytics, Measure.TURNS)).values()) == 1


async def test_what_comes_while_somebody_is_counted_is_counted_next(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    user, session = await stores.sign_up_to_talk()
    purchase = await market.place(user)
    found = await analytics.find_people(limit=10)
    buyers = await analytics.find_purchasers(limit=10)
    await market.settle(purchase)
    await stores.say(user, session)
    revision = await analytics.revision()
    assert await analytics.add(_counted(found), revision=revision)
    assert await analytics.add(
        Counted((), purchases=buyers.purchasers[0].purchases), revision=revision + 1
    )
    await aggregate(analytics, market)
    assert await sums(analytics, *LEDGER) == await ledger_sums(stores, user)
    assert sum((await sums(analytics, Measure.REVENUE)).values()) == 199


async def test_batches_are_as_large_as_they_may_be(
    analytics: AnalyticsStore, market: Market, stores: Stores
) -> None:
    for number in range(5):
        user, session = await stores.sign_up_to_talk(f"person-{number}")
        await stores.say(user, session)
        await market.place(user)
    assert len((await analytics.find_people(limit=3)).people) == 3
    assert len((await analytics.find_purchasers(limit=3)).purchasers) == 3
    assert len((await analytics.find_turns(limit=3)).turns) == 3
    await aggregate(analytics, market)
    await analytics.begin_again()
    assert [await analytics.mark(limit=3) for _ in range(3)] == [3, 2, 0]


async def test_days_are_listed_from_the_first_to_the_last(
    analytics: AnalyticsStore, stores: Stores
) -> None:
    await stores.sign_up()
    found = await analytics.find_people(limit=1)
    counts = tuple(
        Count(CountKey(TODAY + timedelta(days=days), Measure.NEW_USERS), 1) for days in range(5)
    )
    counted = evolve(_counted(found), counts=counts)
    assert await analytics.add(counted, revision=await analytics.revision())
    days = (TODAY + timedelta(days=1), TODAY + timedelta(days=3))
    assert await analytics.list(*days) == list(counts[1:4])


def _counted(found: Uncounted) -> Counted:
    """What aggregating makes of it, without purchases."""
    tally = Tally()
    people = [count_person(news, {}, tally) for news, _ in found.people]
    count_turns(found.turns, tally)
    return Counted(tally.counts, people, turns=found.turns)
