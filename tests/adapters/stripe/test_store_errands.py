import pytest

from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_errands import StripeErrands
from domain.errors import Unavailable
from domain.market.reports import Errand, ErrandKind, Parked
from tests.adapters.stripe.shop import LARGE, PLUS, STRIPE, order
from tests.loopback.stripe_server import StripeServer


def errand(kind: ErrandKind, reference: str) -> Errand:
    return Errand(kind, STRIPE, reference)


@pytest.mark.parametrize("is_paid", [False, True])
async def test_a_subscription_is_cancelled_now_and_once(
    gateway: StripePaymentGateway, errands: StripeErrands, stripe: StripeServer, *, is_paid: bool
) -> None:
    reference = (await gateway.open_payment(order(PLUS))).report.reference
    if is_paid:
        stripe.do("pay", id=reference)

    for _ in range(2):
        await errands.perform(errand(ErrandKind.CANCEL, reference), None)

    assert stripe.world.get(reference)["status"] == "canceled"
    told = [one["type"] for one in stripe.world.events]
    assert told.count("customer.subscription.deleted") == 1


@pytest.mark.parametrize("is_paid", [False, True])
async def test_a_page_is_closed_and_what_was_bought_on_it_cancelled(
    gateway: StripePaymentGateway, errands: StripeErrands, stripe: StripeServer, *, is_paid: bool
) -> None:
    asked = order(PLUS, on_web=True, return_url="https://app.example/back")
    page = (await gateway.open_payment(asked)).report.reference
    if is_paid:
        stripe.do("pay", id=page)

    for _ in range(2):
        await errands.perform(errand(ErrandKind.CANCEL, page), None)

    if is_paid:
        assert stripe.world.of("subscription")[0]["status"] == "canceled"
    else:
        assert stripe.world.get(page)["status"] == "expired"


async def test_a_customer_is_forgotten(
    gateway: StripePaymentGateway, errands: StripeErrands, stripe: StripeServer
) -> None:
    customer = (await gateway.open_payment(order(LARGE))).customer or ""
    for _ in range(2):
        await errands.perform(errand(ErrandKind.FORGET_CUSTOMER, customer), None)
    assert customer not in stripe.world.things


@pytest.mark.parametrize("reference", ["sub_gone", "cs_gone", "pi_1", ""])
async def test_what_is_not_there_is_done(errands: StripeErrands, reference: str) -> None:
    await errands.perform(errand(ErrandKind.CANCEL, reference), None)


async def test_stripe_is_not_told_what_others_want_to_know(errands: StripeErrands) -> None:
    with pytest.raises(Parked):
        await errands.perform(errand(ErrandKind.CONSUME, "pi_1"), None)


async def test_a_refusal_waits_for_a_person_and_silence_for_better_times(
    errands: StripeErrands, stripe: StripeServer
) -> None:
    forget = errand(ErrandKind.FORGET_CUSTOMER, "cus_1")
    stripe.set(failures=[400])
    with pytest.raises(Parked):
        await errands.perform(forget, None)
    stripe.set(failures=[500] * 9)
    with pytest.raises(Unavailable):
        await errands.perform(forget, None)
