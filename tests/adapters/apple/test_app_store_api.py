from datetime import UTC, datetime, timedelta

import pytest

from adapters.apple.app_store_api import AppStoreApi
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_events import AppleEvents
from adapters.apple.store_records import AppleRecords
from domain.errors import Unavailable
from domain.market.facts import FactKind
from domain.market.reports import Report
from tests.adapters.apple.shop import TOKEN, catalogue, purchase
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_server import Answer
from tests.loopback.apple_store import MONTH, AppleStore

BOUGHT = datetime(2026, 3, 10, 12, tzinfo=UTC)
END = BOUGHT + MONTH
BASIC = "apple.basic"


@pytest.mark.parametrize(
    ("has_arrived", "age", "errands"),
    [(True, timedelta(hours=1), 0), (False, timedelta(hours=1), 1), (False, timedelta(days=1), 0)],
)
async def test_only_a_question_that_was_lost_and_is_young_is_answered_from_the_history(
    store: AppleStore,
    server: AppStoreServer,
    records: AppleRecords,
    has_arrived: bool,  # noqa: FBT001 - a parameter of the example
    age: timedelta,
    errands: int,
) -> None:
    asked = store.payload("CONSUMPTION_REQUEST", store.pack("apple.small", token=TOKEN))
    server.remember(asked, END - age, has_arrived=has_arrived)
    (found,) = [one async for one in records.list_changed(BOUGHT, END)]
    assert [fact.kind for fact in found.facts] == [FactKind.PAID]
    assert len(found.errands) == errands


async def test_each_environment_is_asked_until_one_knows(
    store: AppleStore, server: AppStoreServer, signed_data: AppleSignedData, events: AppleEvents
) -> None:
    pack = store.pack("apple.large", token=TOKEN, at=BOUGHT)
    server.record(pack)
    kept = purchase("large", pack["transactionId"], BOUGHT)
    with AppStoreServer(store) as production:
        api = AppStoreApi(
            private_key=server.private_key,
            key_id=server.key_id,
            issuer_id=server.issuer_id,
            bundle_id=store.bundle_id,
            base_url={"Production": production.url, "Sandbox": server.url},
        )
        records = AppleRecords(api, signed_data, events, catalogue=catalogue)
        # Not on sale yet, production does not take the key; later it just does not know.
        assert await records.look_up(kept, END) is not None
        production.failure = Answer(
            b'{"errorCode": 4040010, "errorMessage": "Transaction id not found."}', 404
        )
        assert await records.look_up(kept, END) is not None
        assert len(production.requests) == 2
        assert await records.look_up(purchase("large", "404", BOUGHT), END) is None
        production.failure = None
        with pytest.raises(Unavailable):
            await records.look_up(purchase("large", "404", BOUGHT), END)
    await api.aclose()


async def test_a_history_is_asked_for_no_further_back_than_apple_remembers(
    store: AppleStore, server: AppStoreServer, records: AppleRecords
) -> None:
    server.remember(store.payload("ONE_TIME_CHARGE", store.pack("apple.small")), BOUGHT)
    since = BOUGHT - timedelta(days=400)
    assert len([one async for one in records.list_changed(since, BOUGHT + MONTH)]) == 1
    server.failure = Answer(b'{"errorCode": 4000015, "errorMessage": "Invalid date."}', 400)
    with pytest.raises(Unavailable):
        [one async for one in records.list_changed(since, END)]
    assert await records.look_up(purchase("large", "1", BOUGHT), END) is None


async def test_without_a_key_there_are_no_records(
    signed_data: AppleSignedData, events: AppleEvents
) -> None:
    records = AppleRecords(None, signed_data, events, catalogue=catalogue)
    assert await records.look_up(purchase("large", "1", BOUGHT), END) is None
    assert [one async for one in records.list_changed(BOUGHT, END)] == []


async def test_notifications_of_the_history_say_what_they_said_when_they_came(
    store: AppleStore, server: AppStoreServer, records: AppleRecords, events: AppleEvents
) -> None:
    packs = [store.pack("apple.small", token=TOKEN, at=BOUGHT) for _ in range(5)]
    sent = [store.payload("ONE_TIME_CHARGE", pack, at=BOUGHT) for pack in packs]
    sent.insert(1, store.payload("TEST"))
    sent.insert(3, store.payload("RESCIND_CONSENT"))
    sent.append(AppleStore(chain=AppleChain()).payload("ONE_TIME_CHARGE", packs[0]))
    for payload in sent:
        server.remember(payload, BOUGHT)
    server.remember(store.payload("ONE_TIME_CHARGE", store.pack("apple.small")), END)
    found = [report async for report in records.list_changed(BOUGHT, END)]
    expected: list[Report] = []
    for payload in (sent[0], sent[2], *sent[4:7]):
        expected += await events.explain(payload)
    assert found == expected
    assert [one.facts[0].kind for one in found] == [FactKind.PAID] * 5


@pytest.mark.parametrize(
    "failure",
    [
        Answer(status=500),
        Answer(b"<html>", content_type="text/html"),
        Answer(b"{", 200),
        Answer(b"[]", 200),
        Answer(b"{}", 200),
        Answer(b'{"errorCode": 4290000, "errorMessage": "slow down"}', 429),
        Answer(b"Unauthenticated", 401, "text/plain"),
    ],
)
async def test_a_store_in_trouble_is_asked_again_later(
    server: AppStoreServer, records: AppleRecords, failure: Answer
) -> None:
    server.failure = failure
    for product in ("large", "basic"):
        with pytest.raises(Unavailable):
            await records.look_up(purchase(product, "1", BOUGHT), END)
    with pytest.raises(Unavailable):
        [one async for one in records.list_changed(BOUGHT, END)]


async def test_a_silent_or_absent_store_is_asked_again_later(
    server: AppStoreServer, signed_data: AppleSignedData, events: AppleEvents
) -> None:
    api = AppStoreApi(
        private_key=server.private_key,
        key_id=server.key_id,
        issuer_id=server.issuer_id,
        bundle_id=server.store.bundle_id,
        base_url=server.url,
        call_seconds=0.2,
    )
    records = AppleRecords(api, signed_data, events, catalogue=catalogue)
    server.fall_silent()
    with pytest.raises(Unavailable):
        await records.look_up(purchase("large", "1", BOUGHT), END)
    server.speak()
    server.stop()
    with pytest.raises(Unavailable):
        await records.look_up(purchase("large", "1", BOUGHT), END)
    await api.aclose()
