"""What happened on each day, counted as it happens."""

from collections.abc import Awaitable, Callable

from application.ports.analytics_store import AnalyticsStore, Counted, Uncounted
from application.ports.product_book import ProductBook
from domain.analytics_counts import Tally, count_person, count_turns
from domain.analytics_purchases import count_purchases, lot_prices
from domain.errors import Conflict, NotPublished
from domain.market.products import Catalogue

_PEOPLE = 200
_TURNS = 2_000
_MARKED = 500


class AggregateAnalytics:
    """Counts what is new since the last time, piece by piece.

    Each piece is added to the sums and marked as counted in one step: a killed run leaves nothing
    half counted, and the next one goes on behind it. What it costs grows with what is new, not
    with what there is.
    """

    def __init__(self, store: AnalyticsStore, products: ProductBook) -> None:
        self._store = store
        self._products = products

    async def __call__(self) -> str:
        """What was counted, in words. Raises ``Conflict`` when another process counts too."""
        try:
            catalogue = await self._products.current()
        except NotPublished:
            return "nothing to count before products are published"
        marked = 0
        while some := await self._store.mark(limit=_MARKED):
            marked += some
        people = await self._count(lambda: self._store.find_people(limit=_PEOPLE), catalogue)
        buyers = await self._count(lambda: self._store.find_purchasers(limit=_PEOPLE), catalogue)
        turns = await self._count(lambda: self._store.find_turns(limit=_TURNS), catalogue)
        await self._store.end()
        told = f"counted {people} people, {buyers} purchasers and {turns} turns"
        return f"{told}, all anew" if marked else told

    async def _count(self, find: Callable[[], Awaitable[Uncounted]], catalogue: Catalogue) -> int:
        done = 0
        revision = await self._store.revision()
        while not (found := await find()).is_empty:
            if not await self._store.add(_counted(found, catalogue), revision=revision):
                message = "Another process counts at this moment."
                raise Conflict(message)
            revision += 1
            done += len(found.people) + len(found.purchasers) + len(found.turns)
        return done


def _counted(found: Uncounted, catalogue: Catalogue) -> Counted:
    tally = Tally()
    people = [
        count_person(news, lot_prices(purchases, catalogue), tally)
        for news, purchases in found.people
    ]
    purchases = [
        one for news in found.purchasers for one in count_purchases(news, catalogue, tally)
    ]
    count_turns(found.turns, tally)
    return Counted(tally.counts, people, purchases, found.turns)
