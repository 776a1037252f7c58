"""What somebody who builds an app can let happen to a purchase at the sandbox.

Each action makes the facts that a real store would send, and what no store would send now is
refused with the reason.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from attrs import frozen

from domain.errors import Conflict
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Product
from domain.market.purchases import Purchase
from domain.market.sandbox import (
    GRACE,
    caught_up,
    first_payment,
    moment_after,
    next_product,
    renewal,
    state_of,
)
from domain.market.simulated_returns import Return
from domain.market.standing import PERIODS, Status


class Action(StrEnum):
    """What happens."""

    SUCCEED = "succeed"
    """The payment that is waited for arrives."""
    FAIL = "fail"
    REFUND = "refund"
    """A part of the latest payment is given back, or all that is left of it."""
    REVERSE_REFUND = "reverse_refund"
    OPEN_DISPUTE = "open_dispute"
    WIN_DISPUTE = "win_dispute"
    LOSE_DISPUTE = "lose_dispute"
    RENEW = "renew"
    """The next period is paid now, before the running one is over."""
    FAIL_RENEWAL = "fail_renewal"
    """The next period is not paid; for some days everything stays open."""
    HOLD = "hold"
    """It is still not paid, and everything closes."""
    RECOVER = "recover"
    """What was not paid is paid after all."""
    PAUSE = "pause"
    CANCEL = "cancel"
    RESUME = "resume"
    """A cancelled subscription will renew again; a paused one goes on now."""
    LAPSE = "lapse"
    """The subscription is over at once."""


@frozen
class _Scene:
    """Everything that an action is decided by; ``at`` is when it happens."""

    purchase: Purchase
    catalogue: Catalogue
    at: datetime
    percent: int | None

    @property
    def money_back(self) -> Return:
        return Return(self.purchase, self.at, self.percent)

    @property
    def paid_until(self) -> datetime:
        """The end of the running period; now, where there is none."""
        current = self.purchase.standing.current
        return (current.ends_at if current else None) or self.at

    @property
    def renews(self) -> bool:
        return self.purchase.standing.renews

    def check_state(self, *states: FactKind) -> None:
        """Refuse unless the subscription is in one of these states."""
        if not self.purchase.is_subscription:
            raise Conflict("This is not a subscription.")
        state = state_of(self.purchase)
        if state is None:
            raise Conflict("Nothing is paid yet.")
        if state is FactKind.LAPSED or self.purchase.status is Status.EXPIRED:
            raise Conflict("The subscription is over.")
        if state not in states:
            raise Conflict(f"The subscription {_SAYS.get(state, 'runs, and all is well')}.")


_TROUBLES = FactKind.IN_GRACE, FactKind.ON_HOLD
_RUNNING = *PERIODS, *_TROUBLES, FactKind.PAUSED
_SAYS = {
    FactKind.IN_GRACE: "waits for a payment: let it recover",
    FactKind.ON_HOLD: "is on hold: let it recover",
    FactKind.PAUSED: "is paused: resume it",
}


def simulate(
    purchase: Purchase,
    action: Action,
    catalogue: Catalogue,
    now: datetime,
    percent: int | None = None,
) -> tuple[Fact, ...]:
    """The new facts, with those that the clock has brought by now.

    ``percent`` (1 to 100) is how much of a payment goes back, for a refund and for a dispute; None
    is all that is left of it. Raises ``Conflict`` for what cannot happen now.
    """
    scene = _scene(purchase, catalogue, now, percent)
    known = {*purchase.facts}
    facts = (*scene.purchase.facts, _ACTIONS[action](scene))
    return tuple(fact for fact in facts if fact not in known)


def possible_actions(purchase: Purchase, catalogue: Catalogue, now: datetime) -> tuple[Action, ...]:
    """What can happen now."""
    scene = _scene(purchase, catalogue, now, None)
    return tuple(action for action in Action if _is_possible(scene, action))


def _scene(purchase: Purchase, catalogue: Catalogue, now: datetime, percent: int | None) -> _Scene:
    current = caught_up(purchase, catalogue, now)
    return _Scene(current, catalogue, moment_after(current.facts, now), percent)


def _is_possible(scene: _Scene, action: Action) -> bool:
    try:
        _ACTIONS[action](scene)
    except Conflict:
        return False
    return True


def _succeed(scene: _Scene) -> Fact:
    purchase = scene.purchase
    if purchase.standing.payments:
        raise Conflict("It is paid already.")
    if purchase.status is Status.EXPIRED:
        raise Conflict("The order was withdrawn.")
    product = _sold(scene)
    return first_payment(purchase.id, product, purchase.quantity, scene.at)


def _fail(scene: _Scene) -> Fact:
    if scene.purchase.status is not Status.PENDING:
        raise Conflict("No payment is waited for.")
    return Fact(FactKind.FAILED, scene.at)


def _renew(scene: _Scene) -> Fact:
    scene.check_state(*PERIODS)
    current = scene.purchase.standing.current
    if current is not None and current.is_taken_back:
        raise Conflict("The running period was given back.")
    if not scene.renews:
        raise Conflict("The subscription does not renew: resume it first.")
    return _next_period(scene)


def _fail_renewal(scene: _Scene) -> Fact:
    scene.check_state(*PERIODS)
    if not scene.renews:
        raise Conflict("The subscription does not renew: resume it first.")
    until = max(scene.at, scene.paid_until) + GRACE
    return Fact(FactKind.IN_GRACE, scene.at, ends_at=until)


def _hold(scene: _Scene) -> Fact:
    scene.check_state(*PERIODS, FactKind.IN_GRACE)
    return Fact(FactKind.ON_HOLD, scene.at)


def _recover(scene: _Scene) -> Fact:
    scene.check_state(*_TROUBLES)
    return _next_period(scene, is_counted_on=state_of(scene.purchase) is FactKind.IN_GRACE)


def _pause(scene: _Scene) -> Fact:
    scene.check_state(*PERIODS)
    return Fact(FactKind.PAUSED, scene.at)


def _cancel(scene: _Scene) -> Fact:
    scene.check_state(*_RUNNING)
    if not scene.renews:
        raise Conflict("The subscription does not renew anyway.")
    return Fact(FactKind.CANCELLED, scene.at)


def _resume(scene: _Scene) -> Fact:
    scene.check_state(*_RUNNING)
    if state_of(scene.purchase) is FactKind.PAUSED:
        return _next_period(scene)
    if scene.renews:
        raise Conflict("The subscription renews already.")
    return Fact(FactKind.RESUMED, scene.at)


def _lapse(scene: _Scene) -> Fact:
    scene.check_state(*_RUNNING)
    return Fact(FactKind.LAPSED, scene.at)


_ACTIONS: dict[Action, Callable[[_Scene], Fact]] = {
    Action.SUCCEED: _succeed,
    Action.FAIL: _fail,
    Action.REFUND: lambda scene: scene.money_back.refund(),
    Action.REVERSE_REFUND: lambda scene: scene.money_back.reverse_refund(),
    Action.OPEN_DISPUTE: lambda scene: scene.money_back.open_dispute(),
    Action.WIN_DISPUTE: lambda scene: scene.money_back.decide_dispute(is_won=True),
    Action.LOSE_DISPUTE: lambda scene: scene.money_back.decide_dispute(is_won=False),
    Action.RENEW: _renew,
    Action.FAIL_RENEWAL: _fail_renewal,
    Action.HOLD: _hold,
    Action.RECOVER: _recover,
    Action.PAUSE: _pause,
    Action.CANCEL: _cancel,
    Action.RESUME: _resume,
    Action.LAPSE: _lapse,
}


def _next_period(scene: _Scene, *, is_counted_on: bool = False) -> Fact:
    """Behind the paid one; after a gap from now on, unless the gap is counted as paid too."""
    starts_at = scene.paid_until if is_counted_on else max(scene.paid_until, scene.at)
    return renewal(scene.purchase, _sold(scene), starts_at=starts_at, at=scene.at)


def _sold(scene: _Scene) -> Product:
    product = next_product(scene.purchase, scene.catalogue)
    if product is None or product.is_subscription is not scene.purchase.is_subscription:
        raise Conflict("This product is no longer sold.")
    return product
