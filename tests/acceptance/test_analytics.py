"""Whatever people do, the days add up to what the ledger and the purchases say."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import define, field

from adapters.in_memory.clock import InMemoryClock
from application.accounts.callers import Caller
from application.chat.send_message import SendMessageCommand
from application.market.place_order import PlaceOrderCommand
from application.market.simulate_store import SimulateStoreCommand
from application.wallet.grant_credits import GrantCreditsCommand
from domain.accounts import Identity, User
from domain.analytics_report import DayReport
from domain.errors import Conflict
from domain.lots import Bucket
from domain.market.products import Provider
from domain.market.simulation import Action
from tests.acceptance.clocked import Clocked, clocked

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
PRODUCTS = ("credits_500", "credits_1000", "plus_monthly")
MONEY_BACK = (
    Action.REFUND,
    Action.REVERSE_REFUND,
    Action.OPEN_DISPUTE,
    Action.WIN_DISPUTE,
    Action.LOSE_DISPUTE,
)
STEPS = 120


@pytest.fixture(params=["memory", "postgres"])
async def product(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Clocked]:
    async with clocked(request, tmp_path, InMemoryClock(NOON)) as opened:
        yield opened


@define
class Town:
    """People who do anything, and what they did."""

    product: Clocked
    chance: random.Random
    living: list[User] = field(factory=list)
    everybody: list[User] = field(factory=list)
    sessions: list[tuple[User, str]] = field(factory=list)
    orders: list[tuple[User, str]] = field(factory=list)
    replies: int = 0

    async def step(self) -> None:
        ways = [
            *[self.come] * 2,
            *[self.say] * 6,
            *[self.buy] * 3,
            *[self.money_back] * 3,
            self.give,
            self.delete,
            self.leave,
            *[self.sleep] * 2,
            *[self.count] * 3,
        ]
        await self.chance.choice(ways if self.living else [self.come])()

    async def come(self) -> None:
        user = await self.product.sign_up(f"usr_{len(self.everybody)}")
        self.living.append(user)
        self.everybody.append(user)

    async def say(self) -> None:
        user = self.chance.choice(self.living)
        character = self.chance.choice(["mira", "tunde"])
        feed = await self.product.use_cases.send_message()(
            SendMessageCommand(user.id, character, "The sea was here before us.")
        )
        async for _ in feed.events:
            pass
        self.sessions.append((user, feed.turn.session_id))
        self.replies += 1

    async def buy(self) -> None:
        user = self.chance.choice(self.living)
        order = PlaceOrderCommand(
            user,
            self.chance.choice(PRODUCTS),
            Provider.SANDBOX,
            f"key-{len(self.orders)}",
        )
        try:
            placed = await self.product.use_cases.place_order()(order)
        except Conflict:
            return  # has a subscription
        self.orders.append((user, placed.purchase.id))

    async def money_back(self) -> None:
        if not self.orders:
            return
        user, purchase_id = self.chance.choice(self.orders)
        action = self.chance.choice(MONEY_BACK)
        percent = self.chance.choice([None, 10, 50])
        takes_percent = action in {Action.REFUND, Action.OPEN_DISPUTE}
        command = SimulateStoreCommand(
            user.id, purchase_id, action, percent if takes_percent else None
        )
        try:
            await self.product.use_cases.simulate_store()(command)
        except Conflict:
            return  # cannot happen now

    async def give(self) -> None:
        user = self.chance.choice(self.living)
        amount, bucket = (
            self.chance.randint(1, 99),
            self.chance.choice([Bucket.PROMO, Bucket.PURCHASED]),
        )
        await self.product.use_cases.grant_credits()(
            GrantCreditsCommand(user.id, amount, bucket, "because")
        )

    async def delete(self) -> None:
        for user, session_id in [one for one in self.sessions if one[0] in self.living][:1]:
            self.sessions.remove((user, session_id))
            await self.product.use_cases.delete_session()(user.id, session_id)

    async def leave(self) -> None:
        user = self.living.pop(self.chance.randrange(len(self.living)))
        now = self.product.clock.now()
        identity = Identity(f"subject of {user.id}", now, now + timedelta(hours=1))
        await self.product.use_cases.erase_account()(Caller(user, identity))

    async def sleep(self) -> None:
        self.product.clock.advance(timedelta(hours=self.chance.randint(-30, 90)))
        await self.product.use_cases.refresh_daily_credits()()
        await self.product.use_cases.renew_subscriptions()()

    async def count(self) -> None:
        await self.product.use_cases.aggregate_analytics()()


@pytest.mark.parametrize("chance", [1, 2], ids=lambda number: f"life {number}")
async def test_days_are_exact_after_whatever_people_did(product: Clocked, chance: int) -> None:
    town = Town(product, random.Random(chance))
    for _ in range(STEPS):
        await town.step()
    await town.count()
    days = await _days(product)
    await _check_credits(product, town, days)
    _check_people(town, days)
    await _check_money(product, town, days)
    assert sum(day.turns["completed"] for day in days.values() if day.turns) == town.replies
    await product.use_cases.recount_analytics()()
    assert all(not day.credits for day in (await _days(product)).values())
    await town.count()
    assert await _days(product) == days


async def _days(product: Clocked) -> dict[date, DayReport]:
    """All days of a year, before and after."""
    found = await product.use_cases.get_analytics()(
        first=NOON.date() - timedelta(days=100), last=NOON.date() + timedelta(days=265)
    )
    return {day.day: day for day in found.days}


async def _check_credits(product: Clocked, town: Town, days: dict[date, DayReport]) -> None:
    expected: Counter[tuple[date, str]] = Counter()
    charged: Counter[date] = Counter()
    for user in town.everybody:
        for entry in await product.adapters.wallets.list_entries(user.id, limit=9_999, before=None):
            expected[entry.created_at.date(), entry.bucket] += entry.amount
            charged[entry.created_at.date()] -= entry.amount if entry.kind == "charge" else 0
    shown = {(day, flow.bucket): flow.change for day in days for flow in days[day].credits}
    assert {key: value for key, value in shown.items() if value} == {
        key: value for key, value in expected.items() if value
    }
    for day, report in days.items():
        spent = sum(flow.spent for flow in report.credits)
        assert spent == sum(use.credits for use in report.models) == charged[day], day


def _check_people(town: Town, days: dict[date, DayReport]) -> None:
    came = Counter(user.created_at.date() for user in town.everybody)
    assert {day: report.new_users for day, report in days.items() if report.new_users} == came
    payers = {user.id for user, _ in town.orders}
    assert sum(report.new_payers for report in days.values()) == len(payers)
    assert sum(report.cohort.payers for report in days.values()) == len(payers)


async def _check_money(product: Clocked, town: Town, days: dict[date, DayReport]) -> None:
    paid = back = 0
    for user, purchase_id in town.orders:
        purchase = await product.adapters.purchases.get(user.id, purchase_id)
        for payment in purchase.standing.payments:
            assert payment.paid is not None
            paid += payment.paid.amount
            back += payment.refunded.of(payment.paid.amount)
    revenue = [one for report in days.values() for one in report.revenue]
    assert sum(one.amount for one in revenue) == paid > 0
    assert sum(one.refunds for one in revenue) == back
