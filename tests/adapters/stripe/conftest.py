from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.stripe import api as stripe_api
from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_errands import StripeErrands
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from adapters.system.clock import SystemClock
from tests.adapters.stripe.shop import PRICES, SECRET, TEST_KEY, catalogue
from tests.loopback.stripe_server import StripeServer


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_api, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def stripe() -> Iterator[StripeServer]:
    with StripeServer(prices=PRICES) as server:
        yield server


@pytest.fixture
async def api(stripe: StripeServer) -> AsyncIterator[StripeApi]:
    api = StripeApi(TEST_KEY, SystemClock(), base_url=stripe.base_url)
    yield api
    await api.aclose()


@pytest.fixture
def gateway(api: StripeApi) -> StripePaymentGateway:
    return StripePaymentGateway(api, "pk_test_x", catalogue)


@pytest.fixture
def events(api: StripeApi) -> StripeEvents:
    return StripeEvents(api, SystemClock(), ["whsec_old", SECRET], catalogue)


@pytest.fixture
def records(api: StripeApi) -> StripeRecords:
    return StripeRecords(api, catalogue)


@pytest.fixture
def errands(api: StripeApi) -> StripeErrands:
    return StripeErrands(api)
