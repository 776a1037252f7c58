"""Whatever happens to a wallet, in whatever order: it equals its plain twin."""

import random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.domain.wallet_pair import WalletPair

IS_DEEP = settings.get_current_profile_name() == "deep"
SEEDS, STEPS = (50, 10_000) if IS_DEEP else (4, 500)

pytestmark = pytest.mark.timeout(1_800 if IS_DEEP else 120)

INDEX = st.integers(0, 9)
AMOUNT = st.integers(1, 30)
DAY = 24 * 60


class WalletMachine(RuleBasedStateMachine):
    """Finds the shortest history that breaks something."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = WalletPair()

    @rule(minutes=st.one_of(st.integers(-3 * DAY, 3 * DAY), st.integers(-5, 5)))
    def pass_time(self, minutes: int) -> None:
        self.pair.pass_time(minutes)

    @rule(
        kind=st.integers(0, 3),
        bucket=st.integers(0, 2),
        amount=AMOUNT,
        lifetime=st.none() | st.integers(1, 2 * DAY),
    )
    def grant(self, kind: int, bucket: int, amount: int, lifetime: int | None) -> None:
        self.pair.grant(kind, bucket, amount, lifetime)

    @precondition(lambda self: self.pair.grants)
    @rule(which=INDEX)
    def replay_grant(self, which: int) -> None:
        self.pair.replay_grant(which)

    @rule(daily=st.integers(0, 20))
    def refresh(self, daily: int) -> None:
        self.pair.refresh(daily)

    @rule(amount=AMOUNT, minutes=st.integers(0, 2 * DAY))
    def hold(self, amount: int, minutes: int) -> None:
        self.pair.hold(amount, minutes)

    @precondition(lambda self: self.pair.wallet.available)
    @rule(minutes=st.integers(0, 2 * DAY))
    def hold_everything(self, minutes: int) -> None:
        self.pair.hold(self.pair.wallet.available, minutes)

    @precondition(lambda self: self.pair.wallet.holds)
    @rule(which=INDEX, per_mille=st.integers(0, 1_000))
    def settle(self, which: int, per_mille: int) -> None:
        self.pair.settle(which, per_mille)

    @precondition(lambda self: self.pair.wallet.holds)
    @rule(which=INDEX)
    def release(self, which: int) -> None:
        self.pair.release(which)

    @precondition(lambda self: self.pair.resolved)
    @rule(which=INDEX)
    def resolve_again(self, which: int) -> None:
        self.pair.resolve_again(which)

    @rule()
    def expire_holds(self) -> None:
        self.pair.expire_holds()

    @precondition(lambda self: self.pair.grants)
    @rule(which=INDEX, amount=AMOUNT)
    def claw_back(self, which: int, amount: int) -> None:
        self.pair.claw_back(which, amount)

    @invariant()
    def equals_its_plain_twin(self) -> None:
        self.pair.check()


TestWalletMachine = WalletMachine.TestCase


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_long_life_of_a_wallet_equals_its_plain_twin(seed: int) -> None:
    """Hypothesis looks for short histories; this one goes far."""
    chance = random.Random(seed)
    pair = WalletPair()
    for _ in range(STEPS):
        _take_a_step(pair, chance)
        pair.check()


def _take_a_step(pair: WalletPair, chance: random.Random) -> None:
    which = chance.randrange(1_000_000)
    match chance.choices(range(9), (10, 12, 12, 14, 14, 4, 3, 5, 2))[0]:
        case 0:
            pair.pass_time(chance.choice([1, 5, 60, 60, 6 * 60, DAY, 31 * DAY, -1, -90, -DAY]))
        case 1 if len(pair.wallet.lots) < 20:
            lifetime = chance.choice([None, 10, 60, DAY, 30 * DAY])
            pair.grant(which, chance.randrange(3), chance.randint(1, 50), lifetime)
        case 2:
            pair.refresh(chance.choice([0, 5, 20]))
        case 3:
            most = max(1, pair.wallet.available)
            pair.hold(chance.randint(1, most), chance.choice([0, 10, 10, DAY]))
        case 4 if pair.wallet.holds:
            pair.settle(which, chance.choice([0, 1, 250, 500, 999, 1_000]))
        case 5 if pair.wallet.holds:
            pair.release(which)
        case 6:
            pair.expire_holds()
        case 7 if pair.grants:
            pair.claw_back(_some_recent_lot(pair, chance), chance.randint(1, 50))
        case 8 if pair.grants and pair.resolved:
            pair.replay_grant(which)
            pair.resolve_again(which)
        case _:
            pair.pass_time(1)


def _some_recent_lot(pair: WalletPair, chance: random.Random) -> int:
    """The number of its grant; one that is held now rather than another."""
    recent = range(max(0, len(pair.grants) - 60), len(pair.grants))
    is_held = {lot.id for lot in pair.wallet.lots if lot.held}
    held = [number for number in recent if pair.grants[number][2] in is_held]
    return chance.choice(held if held and chance.random() < 0.7 else recent)
