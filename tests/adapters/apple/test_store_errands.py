import pytest

from adapters.apple.app_store_api import AppStoreApi
from adapters.apple.store_errands import AppleErrands
from application.ports.store_errands import Usage
from domain.errors import Unavailable
from domain.market.facts import Share
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, Parked
from tests.adapters.apple.shop import TOKEN, catalogue
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_server import Answer
from tests.loopback.apple_store import AppleStore, Fields


@pytest.fixture
def errands(api: AppStoreApi) -> AppleErrands:
    return AppleErrands(api, catalogue=catalogue, customers_consented=True)


def _errand(transaction: Fields, kind: ErrandKind = ErrandKind.TELL_CONSUMPTION) -> Errand:
    return Errand(
        kind,
        Provider.APPLE,
        transaction["originalTransactionId"],
        payment=transaction["transactionId"],
        store_product=transaction["productId"],
    )


def _usage(part: int, whole: int) -> Usage:
    return Usage(spent=Share(part, whole), account_days=40)


@pytest.mark.parametrize(
    ("part", "percentage", "preference"),
    [
        (0, 0, "GRANT_FULL"),
        (1, 333, "GRANT_PRORATED"),
        (120, 40_000, "GRANT_PRORATED"),
        (300, 100_000, "DECLINE"),
        (500, 100_000, "DECLINE"),
    ],
)
async def test_apple_is_told_how_much_of_a_pack_was_used(
    store: AppleStore,
    server: AppStoreServer,
    errands: AppleErrands,
    part: int,
    percentage: int,
    preference: str,
) -> None:
    pack = store.pack("apple.small", token=TOKEN)
    server.record(pack)
    for _ in range(2):
        await errands.perform(_errand(pack), _usage(part, 300))
    told = {
        "customerConsented": True,
        "sampleContentProvided": True,
        "deliveryStatus": "DELIVERED",
        "consumptionPercentage": percentage,
        "refundPreference": preference,
    }
    assert server.consumption == [(pack["transactionId"], told)] * 2


async def test_of_a_subscription_apple_is_told_about_the_period_without_a_percentage(
    store: AppleStore, server: AppStoreServer, errands: AppleErrands
) -> None:
    first = store.period("apple.basic", token=TOKEN)
    second = store.next_period(first)
    server.record(first, second)
    await errands.perform(_errand(second), _usage(1, 2))
    ((transaction, told),) = server.consumption
    assert transaction == second["transactionId"]
    assert "consumptionPercentage" not in told


async def test_nothing_is_told_without_consent_or_key(
    store: AppleStore, server: AppStoreServer, api: AppStoreApi
) -> None:
    pack = store.pack("apple.small", token=TOKEN)
    server.record(pack)
    for silent in (
        AppleErrands(api, catalogue=catalogue, customers_consented=False),
        AppleErrands(None, catalogue=catalogue, customers_consented=True),
    ):
        await silent.perform(_errand(pack), _usage(1, 2))
    assert server.requests == []


async def test_what_apple_no_longer_knows_is_done(
    store: AppleStore, server: AppStoreServer, errands: AppleErrands
) -> None:
    await errands.perform(_errand(store.pack("apple.small")), _usage(1, 2))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "failure", [Answer(status=500), Answer(status=401), Answer(status=429), Answer(status=408)]
)
async def test_a_store_in_trouble_is_told_again_later(
    store: AppleStore, server: AppStoreServer, errands: AppleErrands, failure: Answer
) -> None:
    server.failure = failure
    with pytest.raises(Unavailable):
        await errands.perform(_errand(store.pack("apple.small")), _usage(1, 2))


async def test_a_refusal_is_for_a_person(
    store: AppleStore, server: AppStoreServer, errands: AppleErrands
) -> None:
    pack = store.pack("apple.small")
    server.failure = Answer(b'{"errorCode": 4000185, "errorMessage": "family"}', 400)
    with pytest.raises(Parked, match="4000185"):
        await errands.perform(_errand(pack), _usage(1, 2))


async def test_other_errands_and_unknown_use_are_for_a_person(
    store: AppleStore, errands: AppleErrands
) -> None:
    pack = store.pack("apple.small")
    with pytest.raises(Parked):
        await errands.perform(_errand(pack, ErrandKind.ACKNOWLEDGE), None)
    with pytest.raises(Parked):
        await errands.perform(_errand(pack), None)
