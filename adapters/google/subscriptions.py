"""What Google says of a subscription.

It says how things are, not how they came about; the times of the facts are chosen so that whatever
follows comes later by Google's clock:

- a payment has its own time (``payments``);
- a period of grace begins where the paid one ends, before the renewal that ends it;
- hold, pause and end begin when access ended, which is after grace and before any renewal;
- a cancellation has Google's time for it, or that of the message that told it. That somebody
  changed their mind, only a message tells, or that a cancellation we know of is no longer there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from adapters.google.payments import INSTANT, guessed, months_of, read_orders
from adapters.google.play_api import PlayApi
from adapters.google.wire import Subscription, SubscriptionLine
from adapters.google.words import UNTOLD, owner_of
from domain.market.calendar import add_months
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Product, Provider
from domain.market.reports import Errand, ErrandKind, Parked, Report

NAMES = "SUBSCRIPTION_STATE_"
_PAID = frozenset({"ACTIVE", "CANCELED"})
_UNPAID = frozenset({"IN_GRACE_PERIOD", "ON_HOLD", "PAUSED", "EXPIRED"})
_NOT_BEGUN = {"PENDING": FactKind.AWAITING, "PENDING_PURCHASE_CANCELED": FactKind.FAILED}
_OVER = {
    "ON_HOLD": FactKind.ON_HOLD,
    "PAUSED": FactKind.PAUSED,
    "EXPIRED": FactKind.LAPSED,
}
_WISHES = frozenset({FactKind.CANCELLED, FactKind.RESUMED})
_SILENT = timedelta(hours=25)
"""Google keeps access open for a day before it speaks of grace."""


@frozen
class Told:
    """What else we know when we look: the message that made us, and the facts from before."""

    cancelled_at: datetime | None = None
    restarted_at: datetime | None = None
    known: Sequence[Fact] = ()

    @property
    def last_wish(self) -> Fact | None:
        """Whether the person wanted to go on, when last heard of."""
        wishes = [fact for fact in self.known if fact.kind in _WISHES]
        return max(wishes, key=lambda fact: (fact.at, fact.kind is FactKind.RESUMED), default=None)


@frozen
class _Bought:
    """A subscription with the line of it that counts."""

    token: str
    google: Subscription
    state: str
    line: SubscriptionLine
    product: Product

    @property
    def is_upgrade(self) -> bool:
        """Whether it cut short another that was running; a prepaid one adds to it."""
        is_prepaid = self.line.prepaid_plan is not None
        waited = self.line.item_replacement.replacement_mode == "DEFERRED"
        return bool(self.google.linked_purchase_token) and not is_prepaid and not waited

    @property
    def is_replaced(self) -> bool:
        """Whether it ended because another took its place."""
        return self.google.canceled_state_context.replacement_cancellation is not None

    @property
    def order(self) -> str:
        """The latest payment. ``latestOrderId`` may also be one that failed."""
        latest = self.google.latest_order_id if self.state in _PAID else ""
        return self.line.latest_successful_order_id or latest


async def read_subscription(
    api: PlayApi, token: str, google: Subscription, catalogue: Catalogue, told: Told
) -> tuple[Report, ...]:
    """All that is so, of this purchase first, then of the one whose next period it changes.

    Raises ``Parked`` for what cannot be understood.
    """
    state = google.subscription_state.removeprefix(NAMES)
    if state not in _PAID | _UNPAID | _NOT_BEGUN.keys():
        raise Parked("Google calls the state of a subscription by a name that is not known here.")
    deferred = _deferred(google)
    if deferred is not None:
        running, coming = deferred
        return _next_period(token, google, running, coming, catalogue)
    line, product = _line(google, catalogue)
    bought = _Bought(token, google, state, line, product)
    if state in _NOT_BEGUN:
        facts: Iterable[Fact] = [Fact(_NOT_BEGUN[state], UNTOLD)]
        return (_report(token, google, product, facts),)
    payments = await _payments(api, bought, catalogue)
    periods = [fact for fact in payments if fact.ends_at is not None]
    current = max(periods, key=lambda fact: fact.starts_at or fact.at, default=None)
    facts = [*payments, *_phase(bought, current), *_wishes(bought, current, told, catalogue)]
    return (_report(token, google, product, facts, replaces=google.linked_purchase_token or None),)


async def _payments(api: PlayApi, bought: _Bought, catalogue: Catalogue) -> list[Fact]:
    order = bought.order or (bought.token if bought.state in _PAID else "")
    if not order:
        return []
    if bought.order:
        is_upgrade = bought.is_upgrade
        facts = await read_orders(
            api, bought.token, order, is_upgrade=is_upgrade, catalogue=catalogue
        )
        if facts is not None:
            return facts
    if bought.is_replaced:
        # Access ended when another took its place: that says nothing of what was paid.
        return []
    guess = guessed(
        order,
        bought.product,
        bought.line,
        bought.google,
        is_upgrade=bought.is_upgrade,
    )
    return [guess] if guess is not None else []


def _phase(bought: _Bought, current: Fact | None) -> list[Fact]:
    """Whether access goes on without payment, or has ended."""
    until = bought.line.expiry_time
    if until is None:
        return []
    earliest = current.at + INSTANT if current is not None else until
    paid_until = current.ends_at if current is not None else None
    if bought.state in _OVER:
        if bought.state == "EXPIRED" and bought.is_replaced:
            # What took its place says so, with the period that goes on.
            return []
        return [Fact(_OVER[bought.state], max(until, earliest))]
    is_extended = paid_until is not None and until > paid_until + _SILENT
    if bought.state == "IN_GRACE_PERIOD":
        begins_at = add_months(until, -months_of(bought.product)) + INSTANT
        if paid_until is not None and paid_until < until:
            begins_at = paid_until
        return [Fact(FactKind.IN_GRACE, max(begins_at, earliest), ends_at=until)]
    if is_extended and paid_until is not None:
        # A gift of ours or Google's: open for longer than was paid.
        return [Fact(FactKind.IN_GRACE, max(paid_until, earliest), ends_at=until)]
    return []


def _wishes(bought: _Bought, current: Fact | None, told: Told, catalogue: Catalogue) -> list[Fact]:
    """Whether it will go on, and with what."""
    since = current.at if current is not None else bought.google.start_time or UNTOLD
    last = told.last_wish
    wishes = []
    replacement = bought.line.deferred_item_replacement
    if replacement is not None:
        product = _product(replacement.product_id, catalogue)
        wishes.append(Fact(FactKind.DOWNGRADED, since, product_id=product.id))
    if bought.state == "CANCELED" and not bought.is_replaced:
        by_person = bought.google.canceled_state_context.user_initiated_cancellation
        at = (by_person.cancel_time if by_person is not None else None) or told.cancelled_at
        if at is None:
            is_undone = last is not None and last.kind is FactKind.RESUMED
            at = last.at + INSTANT if last is not None and is_undone else since
        wishes.append(Fact(FactKind.CANCELLED, max(at, since)))
    elif bought.line.prepaid_plan is not None:
        wishes.append(Fact(FactKind.CANCELLED, since))
    elif bought.state != "EXPIRED":
        at = told.restarted_at
        if at is None and last is not None and last.kind is FactKind.CANCELLED:
            at = last.at
        if at is not None:
            wishes.append(Fact(FactKind.RESUMED, at))
    return wishes


def _deferred(google: Subscription) -> tuple[SubscriptionLine, SubscriptionLine] | None:
    """The line that runs and the one that will follow it, under the token of the latter.

    Google gives a change for the next period a token at once, and lists what still runs with it,
    but that was paid under the token it is linked with.
    """
    if not google.linked_purchase_token:
        return None
    for running in google.line_items:
        if running.deferred_item_replacement is not None:
            for coming in google.line_items:
                is_it = coming.product_id == running.deferred_item_replacement.product_id
                if is_it and not coming.latest_successful_order_id:
                    return running, coming
    return None


def _next_period(
    token: str,
    google: Subscription,
    running: SubscriptionLine,
    coming: SubscriptionLine,
    catalogue: Catalogue,
) -> tuple[Report, ...]:
    """Nothing is paid under this token yet; the one that runs learns what will follow it."""
    product = _product(coming.product_id, catalogue)
    changed = Fact(FactKind.DOWNGRADED, google.start_time or UNTOLD, product_id=product.id)
    new = _report(token, google, product, [Fact(FactKind.AWAITING, UNTOLD)])
    old = Report(
        Provider.GOOGLE,
        google.linked_purchase_token,
        (changed,),
        product_id=_product(running.product_id, catalogue).id,
        store_token=new.store_token,
        user_id=new.user_id,
    )
    return new, old


def _line(google: Subscription, catalogue: Catalogue) -> tuple[SubscriptionLine, Product]:
    """What the subscription is of now: of several, what the person owns for the longest time."""
    if not google.line_items:
        raise Parked("Google does not say what was subscribed to.")
    line = max(
        google.line_items,
        key=lambda one: (bool(one.latest_successful_order_id), one.expiry_time or UNTOLD),
    )
    return line, _product(line.product_id, catalogue)


def _product(store_id: str, catalogue: Catalogue) -> Product:
    product = catalogue.find(Provider.GOOGLE, store_id)
    if product is None or not product.is_subscription:
        raise Parked("A subscription that Google sold is not in the catalogue.")
    return product


def _report(
    token: str,
    google: Subscription,
    product: Product,
    facts: Iterable[Fact],
    *,
    replaces: str | None = None,
) -> Report:
    facts = tuple(facts)
    named = google.external_account_identifiers
    before = google.out_of_app_purchase_context.expired_external_account_identifiers
    store_token, user_id = owner_of(
        named.obfuscated_external_account_id or before.obfuscated_external_account_id
    )
    is_owed = google.acknowledgement_state == "ACKNOWLEDGEMENT_STATE_PENDING"
    is_pending = google.subscription_state.removeprefix(NAMES) in _NOT_BEGUN
    errand = Errand(ErrandKind.ACKNOWLEDGE, Provider.GOOGLE, token, store_product=_sold_as(product))
    payments = dict.fromkeys(fact.payment for fact in facts if fact.payment)
    return Report(
        provider=Provider.GOOGLE,
        reference=token,
        facts=facts,
        aliases=tuple(payments),
        product_id=product.id,
        store_token=store_token,
        user_id=user_id,
        replaces=replaces,
        errands=(errand,) if is_owed and not is_pending else (),
    )


def _sold_as(product: Product) -> str:
    return product.store_ids[Provider.GOOGLE]
