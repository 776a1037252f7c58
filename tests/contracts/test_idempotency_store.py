"""What every store of idempotency keys promises."""

import asyncio
from datetime import timedelta

import pytest

from application.ports.idempotency_store import Claim, StoredAnswer
from domain.errors import IdempotencyKeyReused
from tests.contracts.builders import NOW, at
from tests.contracts.stores import Stores

OURS = Claim(is_ours=True, used_at=NOW)
SOMEBODY_IS_AT_IT = Claim(is_ours=False, used_at=NOW)
ANSWER = StoredAnswer(201, b'{"a": "\xc3\xbc"}')
DAY = 24 * 60 * 60


async def test_a_new_key_is_ours(stores: Stores) -> None:
    user = await stores.sign_up()
    assert await stores.idempotency.claim(user.id, "key", "body", NOW) == OURS


async def test_a_key_that_somebody_works_on_is_not_ours(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    assert await stores.idempotency.claim(user.id, "key", "body", at(7)) == SOMEBODY_IS_AT_IT


async def test_of_twenty_claims_at_once_one_is_ours(stores: Stores) -> None:
    user = await stores.sign_up()
    claims = await asyncio.gather(
        *(stores.idempotency.claim(user.id, "key", "body", NOW) for _ in range(20))
    )
    assert claims.count(OURS) == 1
    assert claims.count(SOMEBODY_IS_AT_IT) == 19


async def test_the_same_key_again_gets_the_first_answer(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    await stores.idempotency.complete(user.id, "key", ANSWER, at(1))
    for seconds in (2, 61, DAY - 1):
        claim = await stores.idempotency.claim(user.id, "key", "body", at(seconds))
        assert claim == Claim(is_ours=False, used_at=NOW, answer=ANSWER)


async def test_an_answer_may_be_empty_or_any_bytes(stores: Stores) -> None:
    user = await stores.sign_up()
    for number, body in enumerate((b"", b"\x00\xff\xfe", b"x" * 100_000)):
        key = f"key-{number}"
        await stores.idempotency.claim(user.id, key, "body", NOW)
        await stores.idempotency.complete(user.id, key, StoredAnswer(204, body), NOW)
        claim = await stores.idempotency.claim(user.id, key, "body", NOW)
        assert claim == Claim(is_ours=False, used_at=NOW, answer=StoredAnswer(204, body))


@pytest.mark.parametrize("state", ["under way", "done"])
async def test_the_same_key_for_another_request_is_refused(stores: Stores, state: str) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    if state == "done":
        await stores.idempotency.complete(user.id, "key", ANSWER, NOW)
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "another body", at(1))
    if state == "done":
        claim = await stores.idempotency.claim(user.id, "key", "body", at(1))
        assert claim.answer == ANSWER


async def test_keys_belong_to_users(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.idempotency.claim(ann.id, "key", "body", NOW)
    await stores.idempotency.complete(ann.id, "key", ANSWER, NOW)
    assert await stores.idempotency.claim(bob.id, "key", "another body", NOW) == OURS
    await stores.idempotency.abandon(bob.id, "key")
    assert (await stores.idempotency.claim(ann.id, "key", "body", NOW)).answer == ANSWER


async def test_an_abandoned_key_is_free_for_any_request(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    await stores.idempotency.abandon(user.id, "key")
    assert await stores.idempotency.claim(user.id, "key", "another body", NOW) == OURS


async def test_a_claim_whose_owner_is_silent_for_8_seconds_is_given_anew(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    assert await stores.idempotency.claim(user.id, "key", "body", at(8)) == OURS
    assert await stores.idempotency.claim(user.id, "key", "body", at(9)) == SOMEBODY_IS_AT_IT
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "another body", at(200))


async def test_a_claim_that_is_renewed_stays_with_its_owner(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    for seconds in (5, 10):
        await stores.idempotency.renew(user.id, "key", at(seconds))
    assert await stores.idempotency.claim(user.id, "key", "body", at(17)) == SOMEBODY_IS_AT_IT
    assert await stores.idempotency.claim(user.id, "key", "body", at(18)) == OURS


async def test_a_released_key_is_free_for_the_same_request_only(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    await stores.idempotency.release(user.id, "key")
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "another body", at(1))
    assert await stores.idempotency.claim(user.id, "key", "body", at(1)) == OURS
    assert await stores.idempotency.claim(user.id, "key", "body", at(1)) == SOMEBODY_IS_AT_IT


async def test_an_answer_that_is_kept_stays(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    await stores.idempotency.complete(user.id, "key", ANSWER, at(1))
    await stores.idempotency.renew(user.id, "key", at(2))
    await stores.idempotency.release(user.id, "key")
    await stores.idempotency.abandon(user.id, "key")
    claim = await stores.idempotency.claim(user.id, "key", "body", at(3))
    assert claim == Claim(is_ours=False, used_at=NOW, answer=ANSWER)


async def test_of_twenty_who_take_over_at_once_one_succeeds(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    claims = await asyncio.gather(
        *(stores.idempotency.claim(user.id, "key", "body", at(61)) for _ in range(20))
    )
    assert claims.count(OURS) == 1


async def test_a_key_is_forgotten_after_24_hours(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.idempotency.claim(user.id, "key", "body", NOW)
    await stores.idempotency.complete(user.id, "key", ANSWER, at(5))
    anew = Claim(is_ours=True, used_at=at(DAY + 1))
    assert await stores.idempotency.claim(user.id, "key", "another body", at(DAY + 1)) == anew
    claim = await stores.idempotency.claim(user.id, "key", "another body", at(DAY + 2))
    assert claim == Claim(is_ours=False, used_at=at(DAY + 1))


async def test_a_purge_deletes_keys_first_used_before_a_time(stores: Stores) -> None:
    user = await stores.sign_up()
    for number in range(4):
        await stores.idempotency.claim(user.id, f"key-{number}", "body", at(number))
        await stores.idempotency.complete(
            user.id, f"key-{number}", ANSWER, NOW + timedelta(hours=1)
        )
    assert await stores.idempotency.purge(at(2)) == 2
    assert await stores.idempotency.purge(at(2)) == 0
    for number, is_ours in ((0, True), (1, True), (2, False), (3, False)):
        claim = await stores.idempotency.claim(user.id, f"key-{number}", "body", at(9))
        assert claim.is_ours is is_ours
