"""What every queue of errands promises."""

import asyncio
from collections.abc import Sequence

import pytest
from attrs import evolve

from application.ports.errand_queue import QueuedErrand
from domain.market.products import Provider
from domain.market.reports import ErrandKind
from tests.contracts.builders import NOW, at
from tests.contracts.market import Market, make_errand


def references(claimed: Sequence[QueuedErrand]) -> list[str]:
    return [one.errand.reference for one in claimed]


async def claim(market: Market, *, now: float = 0, until: float = 60) -> Sequence[QueuedErrand]:
    return await market.errands.claim(now=at(now), until=at(until), limit=50)


async def test_an_errand_is_kept_as_it_was_given(market: Market) -> None:
    user = await market.stores.sign_up()
    errand = make_errand(
        "tökën", kind=ErrandKind.TELL_CONSUMPTION, provider=Provider.APPLE, payment="pay_1",
        store_product="plus.monthly",
    )  # fmt: skip
    await market.errands.add(user.id, [errand], NOW)
    assert await claim(market) == [QueuedErrand(user.id, errand, NOW, due_at=at(60))]


async def test_each_is_owed_once(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    different = [
        make_errand(),
        make_errand("ref_2"),
        make_errand(kind=ErrandKind.CONSUME),
        make_errand(provider=Provider.SANDBOX),
        make_errand(payment="pay_1"),
    ]
    for second in (0, 1):
        await market.errands.add(ann.id, [*different, make_errand(store_product="x")], at(second))
    await market.errands.add(bob.id, [make_errand()], NOW)
    await market.errands.add(bob.id, [], NOW)
    found = await claim(market, now=5)
    assert {one.created_at for one in found} == {NOW}
    assert len(found) == 6
    assert {one.errand for one in found if one.user_id == ann.id} == set(different)
    assert [one.errand for one in found if one.user_id == bob.id] == [make_errand()]


async def test_each_is_claimed_and_put_off_by_itself(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    alike = [
        make_errand(),
        make_errand("ref_2"),
        make_errand(kind=ErrandKind.CONSUME),
        make_errand(provider=Provider.SANDBOX),
        make_errand(payment="pay_1"),
    ]
    await market.errands.add(ann.id, alike, NOW)
    await market.errands.add(bob.id, [make_errand()], NOW)
    found = set()
    for _ in range(6):
        [one] = await market.errands.claim(now=NOW, until=at(60), limit=1)
        await market.errands.postpone(evolve(one, reason="once", due_at=at(60)))
        found.add((one.user_id, one.errand))
    assert len(found) == 6
    assert await claim(market) == []


async def test_the_oldest_come_first_and_only_so_many(market: Market) -> None:
    users = [await market.stores.sign_up(f"user-{number}") for number in range(3)]
    for user, second in zip(users, (30, 10, 20), strict=True):
        await market.errands.add(user.id, [make_errand(f"ref_{second}")], at(second))
    found = [await market.errands.claim(now=at(60), until=at(90), limit=2) for _ in range(3)]
    assert [references(one) for one in found] == [["ref_10", "ref_20"], ["ref_30"], []]


async def test_nothing_is_due_before_its_time(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand()], at(10))
    assert await claim(market, now=9) == []
    assert references(await claim(market, now=10)) == ["ref_1"]


async def test_what_was_claimed_comes_again_when_the_claim_is_over(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand()], NOW)
    [first] = await claim(market)
    await market.errands.add(user.id, [make_errand()], at(1))
    assert await claim(market, now=59) == []
    assert await claim(market, now=60, until=120) == [evolve(first, due_at=at(120))]


async def test_what_many_claim_at_once_is_given_to_one(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand(f"ref_{n}") for n in range(20)], NOW)
    claims = (market.errands.claim(now=NOW, until=at(60), limit=5) for _ in range(6))
    found = [name for claimed in await asyncio.gather(*claims) for name in references(claimed)]
    found += references(await claim(market))
    assert sorted(found) == sorted(f"ref_{n}" for n in range(20))


async def test_what_is_done_is_forgotten_and_may_be_owed_again(market: Market) -> None:
    user, other = await market.stores.sign_up(), await market.stores.sign_up("bob")
    for one in (user, other):
        await market.errands.add(one.id, [make_errand(), make_errand("ref_2")], NOW)
    mine = [one for one in await claim(market) if one.user_id == user.id]
    for _ in range(2):
        await market.errands.finish(mine[0])
    left = await claim(market, now=60, until=60)
    assert [(one.user_id, one.errand.reference) for one in left] == [
        (user.id, "ref_2"),
        (other.id, "ref_1"),
        (other.id, "ref_2"),
    ]
    await market.errands.add(user.id, [make_errand()], at(70))
    assert len(await claim(market, now=70)) == 4


async def test_what_is_put_off_rests(market: Market) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand(), make_errand("ref_2")], NOW)
    [queued, _] = await claim(market, until=5)
    later = evolve(queued, attempts=3, due_at=at(100), reason="Ärger")
    await market.errands.postpone(later)
    assert references(await claim(market, now=99, until=1_000)) == ["ref_2"]
    assert await claim(market, now=100, until=200) == [evolve(later, due_at=at(200))]


async def test_what_is_parked_waits_for_a_person(market: Market) -> None:
    user = await market.stores.sign_up()
    for second, reference in ((20, "b"), (10, "a"), (30, "c"), (40, "d")):
        await market.errands.add(user.id, [make_errand(reference)], at(second))
    claimed = await claim(market, now=50, until=50)
    parked = [evolve(one, is_parked=True, reason="refused", attempts=1) for one in claimed[:3]]
    for one in parked:
        await market.errands.postpone(one)
    assert references(await claim(market, now=9_999, until=9_999)) == ["d"]
    assert await market.errands.list_parked(limit=9) == parked
    assert references(await market.errands.list_parked(limit=2)) == ["a", "b"]
    await market.errands.add(user.id, [make_errand("a")], at(60))
    assert references(await market.errands.list_parked(limit=9)) == ["a", "b", "c"]
    await market.errands.postpone(evolve(parked[0], is_parked=False, due_at=at(70)))
    assert references(await claim(market, now=70)) == ["a"]


@pytest.mark.parametrize("end", ["finish", "postpone"])
async def test_what_is_gone_stays_gone(market: Market, end: str) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand()], NOW)
    [queued] = await claim(market)
    await market.errands.finish(queued)
    await getattr(market.errands, end)(queued)
    assert await claim(market, now=9_999) == []
