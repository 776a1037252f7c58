import pytest

from adapters.google.store_errands import GoogleErrands
from domain.errors import Unavailable
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, Parked
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_store import PlayStore


def errand(kind: ErrandKind, token: str, product: str = "play.small") -> Errand:
    return Errand(kind, Provider.GOOGLE, token, store_product=product)


def consumption(store: PlayStore, token: str) -> str:
    [line] = store.packs[token]["productLineItem"]
    return str(line["productOfferDetails"]["consumptionState"])


async def test_a_pack_is_consumed_and_that_again_does_no_harm(
    errands: GoogleErrands, store: PlayStore
) -> None:
    token = store.sell("play.small")
    for _ in range(2):
        await errands.perform(errand(ErrandKind.CONSUME, token), None)
        assert consumption(store, token) == "CONSUMPTION_STATE_CONSUMED"


async def test_a_pack_that_was_taken_back_is_not_to_be_consumed(
    errands: GoogleErrands, store: PlayStore
) -> None:
    token = store.sell("play.small")
    store.void_pack(token)
    await errands.perform(errand(ErrandKind.CONSUME, token), None)


async def test_a_subscription_is_acknowledged_once(
    errands: GoogleErrands, store: PlayStore
) -> None:
    token = store.subscribe("play.plus")
    for _ in range(2):
        await errands.perform(errand(ErrandKind.ACKNOWLEDGE, token, "play.plus"), None)
        state = store.subscriptions[token]["acknowledgementState"]
        assert state == "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED"


async def test_a_subscription_is_cancelled_once(errands: GoogleErrands, store: PlayStore) -> None:
    token = store.subscribe("play.plus")
    for _ in range(2):
        await errands.perform(errand(ErrandKind.CANCEL, token, ""), None)
        assert store.subscriptions[token]["subscriptionState"] == "SUBSCRIPTION_STATE_CANCELED"


@pytest.mark.parametrize("kind", [ErrandKind.CONSUME, ErrandKind.ACKNOWLEDGE, ErrandKind.CANCEL])
async def test_what_google_has_forgotten_is_done(errands: GoogleErrands, kind: ErrandKind) -> None:
    await errands.perform(errand(kind, "forgotten"), None)


@pytest.mark.parametrize("kind", [ErrandKind.CONSUME, ErrandKind.ACKNOWLEDGE, ErrandKind.CANCEL])
@pytest.mark.parametrize(
    ("status", "reason"), [(503, "backendError"), (403, "permissionDenied"), (409, "aborted")]
)
async def test_what_may_pass_is_tried_again(
    errands: GoogleErrands, play: PlayApiServer, kind: ErrandKind, status: int, reason: str
) -> None:
    token = play.store.sell("play.small")
    play.failures[":"] = (status, reason)
    with pytest.raises(Unavailable):
        await errands.perform(errand(kind, token), None)


@pytest.mark.parametrize("kind", [ErrandKind.CONSUME, ErrandKind.ACKNOWLEDGE, ErrandKind.CANCEL])
async def test_what_google_refuses_for_good_waits_for_a_person(
    errands: GoogleErrands, play: PlayApiServer, kind: ErrandKind
) -> None:
    pack, subscription = play.store.sell("play.small"), play.store.subscribe("play.plus")
    token = pack if kind is ErrandKind.CONSUME else subscription
    play.failures[":"] = (400, "invalid")
    with pytest.raises(Parked):
        await errands.perform(errand(kind, token), None)


async def test_google_is_told_nothing_else(errands: GoogleErrands) -> None:
    with pytest.raises(Parked):
        await errands.perform(errand(ErrandKind.TELL_CONSUMPTION, "token"), None)
