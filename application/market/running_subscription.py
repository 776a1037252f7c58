"""Which of a person's subscriptions counts."""

from collections.abc import Iterable

from domain.market.purchases import Purchase


def running_subscription(subscriptions: Iterable[Purchase]) -> Purchase | None:
    """The one that is not over, of several one that opens something; None when all are over.

    ``subscriptions`` come newest first.
    """
    live = [one for one in subscriptions if one.status.is_running and one.replaced_by is None]
    return next((one for one in live if one.status.is_open), next(iter(live), None))
