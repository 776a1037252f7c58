import asyncio
import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from appstoreserverlibrary.signed_data_verifier import VerificationException, VerificationStatus

from adapters.apple.revocation_checks import RevocationChecks, RevocationPolicy
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_events import AppleEvents
from adapters.apple.store_verifier import AppleStoreVerifier
from domain.errors import InvalidRequest, Unavailable
from tests.adapters.apple.shop import catalogue
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_ocsp import OcspResponder
from tests.loopback.apple_server import Answer
from tests.loopback.apple_store import AppleStore

LONG = 30.0
CHAIN = ("leaf", "intermediate", "root")


@pytest.fixture
def ocsp() -> Iterator[OcspResponder]:
    with OcspResponder() as ocsp:
        yield ocsp


def _verifier(
    store: AppleStore,
    policy: RevocationPolicy = RevocationPolicy.IF_NAMED,
    *,
    check_seconds: float = LONG,
    checks: RevocationChecks | None = None,
) -> AppleStoreVerifier:
    return AppleStoreVerifier(
        _signed_data(store, policy, checks), catalogue=catalogue, check_seconds=check_seconds
    )


def _signed_data(
    store: AppleStore, policy: RevocationPolicy, checks: RevocationChecks | None = None
) -> AppleSignedData:
    return AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        environments=["Sandbox"],
        revocation=policy,
        checks=checks,
    )


async def test_a_good_chain_is_asked_about_once(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    verifier = _verifier(store, RevocationPolicy.ALWAYS)
    signed = [store.sign(store.pack("apple.small")) for _ in range(20)]
    first = await asyncio.gather(*(verifier.verify(one, product_id="small") for one in signed))
    assert len(first) == 20
    assert len(ocsp.requests) == 2  # the intermediate and the leaf
    ocsp.stop()
    await verifier.verify(signed[0], product_id="small")


async def test_a_revoked_certificate_is_refused(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    ocsp.revoked = True
    with pytest.raises(InvalidRequest):
        await _verifier(store).verify(store.sign(store.pack("apple.small")), product_id="small")


@pytest.mark.parametrize("failure", [Answer(status=500), Answer(b"<html>"), Answer(b"")])
async def test_a_responder_in_trouble_is_not_an_answer(
    ocsp: OcspResponder, failure: Answer
) -> None:
    store = AppleStore(chain=ocsp.certify())
    verifier = _verifier(store)
    signed = store.sign(store.pack("apple.small"))
    ocsp.failure = failure
    with pytest.raises(Unavailable):
        await verifier.verify(signed, product_id="small")
    ocsp.failure = None
    await verifier.verify(signed, product_id="small")


async def test_a_responder_that_refuses_connections_is_not_an_answer(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    ocsp.stop()
    with pytest.raises(Unavailable):
        await _verifier(store).verify(store.sign(store.pack("apple.small")), product_id="small")


async def test_a_silent_responder_holds_nobody_up_and_no_threads(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    ocsp.fall_silent()
    before = set(threading.enumerate())
    verifier = _verifier(store, check_seconds=0.2)
    signed = [store.sign(store.pack("apple.small")) for _ in range(30)]
    turns = 0

    async def other_routes() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    others = asyncio.create_task(other_routes())
    for batch in (signed[:10], signed[10:]):
        found = await asyncio.gather(
            *(verifier.verify(one, product_id="small") for one in batch), return_exceptions=True
        )
        assert {type(one) for one in found} == {Unavailable}
    others.cancel()
    assert turns > 2
    hanging = [one for one in set(threading.enumerate()) - before if one.name == "apple-ocsp"]
    assert len(hanging) == 1


async def test_forgeries_are_refused_while_the_responder_is_silent(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    ocsp.fall_silent()
    forged = AppleChain(ocsp_url=ocsp.url).sign(store.pack("apple.small"))
    with pytest.raises(InvalidRequest):
        await _verifier(store).verify(forged, product_id="small")
    assert ocsp.requests == []


async def test_a_notification_is_sent_again_when_its_chain_cannot_be_checked(
    ocsp: OcspResponder,
) -> None:
    store = AppleStore(chain=ocsp.certify())
    events = AppleEvents(
        _signed_data(store, RevocationPolicy.ALWAYS), catalogue=catalogue, check_seconds=0.2
    )
    body = store.notify("ONE_TIME_CHARGE", store.pack("apple.small"))
    ocsp.fall_silent()
    with pytest.raises(Unavailable):
        await events.receive(body, {})
    ocsp.speak()


async def test_a_chain_that_names_no_responder_is_believed_only_where_that_is_allowed() -> None:
    store = AppleStore()
    signed = store.sign(store.pack("apple.small"))
    for policy in (RevocationPolicy.IF_NAMED, RevocationPolicy.NEVER):
        await _verifier(store, policy).verify(signed, product_id="small")
    with pytest.raises(InvalidRequest):
        await _verifier(store, RevocationPolicy.ALWAYS).verify(signed, product_id="small")


async def test_nobody_is_asked_where_that_is_switched_off(ocsp: OcspResponder) -> None:
    store = AppleStore(chain=ocsp.certify())
    verifier = _verifier(store, RevocationPolicy.NEVER)
    await verifier.verify(store.sign(store.pack("apple.small")), product_id="small")
    assert ocsp.requests == []


class Hanging:
    """Questions that hang until they are let go."""

    def __init__(self) -> None:
        self.asked = 0
        self._gate = threading.Event()

    def __call__(self) -> None:
        self.asked += 1
        self._gate.wait(timeout=LONG)

    def let_go(self) -> None:
        self._gate.set()


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.let_go()


class Seconds:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_question_that_hangs_is_put_again_after_a_rest(hanging: Hanging) -> None:
    seconds = Seconds()
    checks = RevocationChecks(rest_seconds=10, seconds=seconds)
    for now, asked in ((0.0, 1), (0.5, 1), (9.0, 1), (10.2, 2), (10.3, 2)):
        seconds.now = now
        with pytest.raises(Unavailable):
            await checks.confirm(CHAIN, hanging, within=0.1)
        assert hanging.asked == asked


async def test_no_more_threads_hang_than_allowed(hanging: Hanging) -> None:
    checks = RevocationChecks(most_at_once=3)
    names = map(str, count())
    found = await asyncio.gather(
        *(checks.confirm((next(names),), hanging, within=0.1) for _ in range(10)),
        return_exceptions=True,
    )
    assert {type(one) for one in found} == {Unavailable}
    assert hanging.asked == 3


async def test_what_was_asked_in_vain_is_asked_again_and_a_slot_is_given_back() -> None:
    checks = RevocationChecks(most_at_once=1)
    asked: list[VerificationStatus] = []

    def fail(status: VerificationStatus) -> Callable[[], None]:
        def ask() -> None:
            asked.append(status)
            raise VerificationException(status)

        return ask

    retry = VerificationStatus.RETRYABLE_VERIFICATION_FAILURE
    for _ in range(3):
        with pytest.raises(Unavailable):
            await checks.confirm(CHAIN, fail(retry), within=LONG)
    with pytest.raises(InvalidRequest):
        await checks.confirm(CHAIN, fail(VerificationStatus.VERIFICATION_FAILURE), within=LONG)
    assert len(asked) == 4


async def test_a_good_chain_is_good_for_a_while() -> None:
    seconds = Seconds()
    checks = RevocationChecks(good_seconds=900, seconds=seconds)
    asked = 0

    def ask() -> None:
        nonlocal asked
        asked += 1

    for now, expected in ((0.0, 1), (899.0, 1), (901.0, 2)):
        seconds.now = now
        await checks.confirm(CHAIN, ask, within=LONG)
        assert asked == expected


async def test_one_who_leaves_takes_nothing_from_those_who_wait() -> None:
    checks = RevocationChecks()
    gate = threading.Event()

    def ask() -> None:
        gate.wait(timeout=LONG)

    leaving = asyncio.create_task(checks.confirm(CHAIN, ask, within=LONG))
    staying = asyncio.create_task(checks.confirm(CHAIN, ask, within=LONG))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    gate.set()
    await staying
