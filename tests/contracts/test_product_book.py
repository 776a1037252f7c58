"""What every book of products promises."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.errors import Conflict, NotPublished
from domain.market.products import Period, Promotion
from tests.contracts.builders import NOW, at
from tests.contracts.market import Market, make_catalogue, make_pack, make_plan


async def test_there_is_nothing_in_force_before_something_is_published(market: Market) -> None:
    with pytest.raises(NotPublished):
        await market.products.current()
    await market.products.publish(make_catalogue())
    assert await market.products.current() == make_catalogue()


async def test_a_catalogue_is_kept_as_it_was_given(market: Market) -> None:
    promotion = Promotion(50, starts_at=NOW, ends_at=NOW + timedelta(days=7), valid_days=30)
    products = (
        make_pack("zwei", name="Zwölf 🙂", promotion=promotion),
        make_plan(Tier.PREMIUM, period=Period.YEAR),
        make_pack("eins", store_ids={}),
    )
    await market.products.publish(make_catalogue(3, *products))
    current = await market.products.current()
    assert current == make_catalogue(3, *products)
    assert [one.id for one in current.products] == ["zwei", "premium", "eins"]
    found = current.products[0].promotion
    assert found
    assert found.is_on(at(1))


async def test_the_greatest_version_is_in_force(market: Market) -> None:
    for version in (1, 2, 10):
        assert await market.products.publish(make_catalogue(version))
    assert await market.products.current() == make_catalogue(10)


async def test_publishing_the_same_again_changes_nothing(market: Market) -> None:
    await market.products.publish(make_catalogue(1))
    await market.products.publish(make_catalogue(2))
    assert not await market.products.publish(make_catalogue(2))
    assert not await market.products.publish(make_catalogue(1))
    assert await market.products.current() == make_catalogue(2)


async def test_a_published_version_cannot_be_changed(market: Market) -> None:
    await market.products.publish(make_catalogue(1))
    with pytest.raises(Conflict):
        await market.products.publish(make_catalogue(1, make_pack(credits=101)))
    assert await market.products.current() == make_catalogue(1)


async def test_a_version_below_the_one_in_force_cannot_be_published(market: Market) -> None:
    await market.products.publish(make_catalogue(5))
    with pytest.raises(Conflict):
        await market.products.publish(make_catalogue(4))
    assert await market.products.current() == make_catalogue(5)


async def test_of_twenty_who_publish_different_products_at_once_one_does(market: Market) -> None:
    catalogues = [make_catalogue(1, make_pack(credits=credits_)) for credits_ in range(1, 21)]
    outcomes = await asyncio.gather(
        *(market.products.publish(one) for one in catalogues), return_exceptions=True
    )
    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert await market.products.current() == catalogues[outcomes.index(True)]


async def test_of_twenty_who_publish_the_same_at_once_one_does(market: Market) -> None:
    copies = [evolve(make_catalogue(1)) for _ in range(20)]
    published = await asyncio.gather(*(market.products.publish(one) for one in copies))
    assert published.count(True) == 1
