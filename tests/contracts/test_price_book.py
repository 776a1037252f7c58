"""What every price book promises."""

import asyncio

import pytest

from domain.errors import Conflict, NotFound, NotPublished
from domain.pricing import Rate
from tests.contracts.builders import make_prices
from tests.contracts.stores import Stores


async def test_there_is_nothing_in_force_before_something_is_published(stores: Stores) -> None:
    with pytest.raises(NotPublished):
        await stores.prices.current()


async def test_the_greatest_version_is_in_force(stores: Stores) -> None:
    for version in (1, 2, 10):
        assert await stores.prices.publish(make_prices(version))
    assert await stores.prices.current() == make_prices(10)


async def test_what_is_published_after_nothing_was_in_force_is_in_force_at_once(
    stores: Stores,
) -> None:
    with pytest.raises(NotPublished):
        await stores.prices.current()
    await stores.prices.publish(make_prices(1))
    assert await stores.prices.current() == make_prices(1)


async def test_earlier_versions_can_still_be_read(stores: Stores) -> None:
    older = make_prices(1, models={"grok": Rate(1, 1, 1)})
    await stores.prices.publish(older)
    await stores.prices.publish(make_prices(2))
    assert await stores.prices.get(1) == older
    assert await stores.prices.get(2) == make_prices(2)


async def test_an_unknown_version_is_not_found(stores: Stores) -> None:
    await stores.prices.publish(make_prices(1))
    with pytest.raises(NotFound):
        await stores.prices.get(2)


async def test_publishing_the_same_again_changes_nothing(stores: Stores) -> None:
    await stores.prices.publish(make_prices(1))
    await stores.prices.publish(make_prices(2))
    assert not await stores.prices.publish(make_prices(2))
    assert not await stores.prices.publish(make_prices(1))
    assert await stores.prices.current() == make_prices(2)


async def test_a_published_version_cannot_be_changed(stores: Stores) -> None:
    await stores.prices.publish(make_prices(1))
    with pytest.raises(Conflict):
        await stores.prices.publish(make_prices(1, minimum=2))
    assert await stores.prices.get(1) == make_prices(1)


async def test_a_version_below_the_one_in_force_cannot_be_published(stores: Stores) -> None:
    await stores.prices.publish(make_prices(5))
    with pytest.raises(Conflict):
        await stores.prices.publish(make_prices(4))
    with pytest.raises(NotFound):
        await stores.prices.get(4)


async def test_of_twenty_who_publish_the_same_at_once_one_does(stores: Stores) -> None:
    published = await asyncio.gather(*(stores.prices.publish(make_prices(1)) for _ in range(20)))
    assert published.count(True) == 1


async def test_of_twenty_who_publish_different_prices_at_once_one_does(stores: Stores) -> None:
    tables = [make_prices(1, minimum=minimum) for minimum in range(1, 21)]
    outcomes = await asyncio.gather(
        *(stores.prices.publish(table) for table in tables), return_exceptions=True
    )
    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert await stores.prices.get(1) == tables[outcomes.index(True)]
