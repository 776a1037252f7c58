"""The real stores as the outside world on loopback, with all that we have for each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen

from adapters.apple.app_store_api import AppStoreApi
from adapters.apple.revocation_checks import RevocationPolicy
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_errands import AppleErrands
from adapters.apple.store_events import AppleEvents
from adapters.apple.store_records import AppleRecords
from adapters.apple.store_verifier import AppleStoreVerifier
from adapters.google.play_api import PlayApi
from adapters.google.store_errands import GoogleErrands
from adapters.google.store_events import GoogleEvents
from adapters.google.store_records import GoogleRecords
from adapters.google.store_verifier import GoogleStoreVerifier
from adapters.stripe.api import StripeApi
from adapters.stripe.payment_gateway import StripePaymentGateway
from adapters.stripe.store_errands import StripeErrands
from adapters.stripe.store_events import StripeEvents
from adapters.stripe.store_records import StripeRecords
from adapters.system.clock import SystemClock
from tests.adapters.apple import shop as apple_shop
from tests.adapters.google import shop as google_shop
from tests.adapters.stripe import shop as stripe_shop
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_store import AppleStore
from tests.loopback.play_api import PlayApiServer
from tests.loopback.play_push import PlayPush
from tests.loopback.play_store import PlayStore
from tests.loopback.stripe_server import StripeServer

CLOCK = SystemClock()


@frozen
class AppleWorld:
    store: AppleStore
    server: AppStoreServer
    verifier: AppleStoreVerifier
    events: AppleEvents
    records: AppleRecords
    errands: AppleErrands


@asynccontextmanager
async def apple_world() -> AsyncIterator[AppleWorld]:
    store, catalogue = AppleStore(), apple_shop.catalogue
    signed = AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        app_apple_id=store.app_apple_id,
        revocation=RevocationPolicy.IF_NAMED,
    )
    events = AppleEvents(signed, catalogue=catalogue)
    with AppStoreServer(store) as server:
        api = AppStoreApi(
            private_key=server.private_key,
            key_id=server.key_id,
            issuer_id=server.issuer_id,
            bundle_id=store.bundle_id,
            base_url=server.url,
        )
        yield AppleWorld(
            store,
            server,
            AppleStoreVerifier(signed, catalogue=catalogue),
            events,
            AppleRecords(api, signed, events, catalogue=catalogue),
            AppleErrands(api, catalogue=catalogue, customers_consented=True),
        )
        await api.aclose()


@frozen
class GoogleWorld:
    store: PlayStore
    server: PlayApiServer
    push: PlayPush
    verifier: GoogleStoreVerifier
    events: GoogleEvents
    records: GoogleRecords
    errands: GoogleErrands


@asynccontextmanager
async def google_world() -> AsyncIterator[GoogleWorld]:
    catalogue = google_shop.catalogue
    with PlayApiServer(PlayStore()) as play, PlayPush() as push, TemporaryDirectory() as folder:
        api = PlayApi(
            package_name=play.store.package_name,
            credentials_path=play.write_credentials(Path(folder)),
            base_url=play.url,
        )
        yield GoogleWorld(
            play.store,
            play,
            push,
            GoogleStoreVerifier(api, catalogue, CLOCK),
            GoogleEvents(
                api,
                catalogue,
                CLOCK,
                audience=push.audience,
                email=push.email,
                certificates_url=push.certificates_url,
            ),
            GoogleRecords(api, catalogue, CLOCK),
            GoogleErrands(api),
        )
        await api.aclose()


@frozen
class StripeWorld:
    server: StripeServer
    gateway: StripePaymentGateway
    events: StripeEvents
    records: StripeRecords
    errands: StripeErrands


@asynccontextmanager
async def stripe_world() -> AsyncIterator[StripeWorld]:
    catalogue = stripe_shop.catalogue
    with StripeServer(prices=stripe_shop.PRICES) as server:
        api = StripeApi(stripe_shop.TEST_KEY, CLOCK, base_url=server.base_url)
        yield StripeWorld(
            server,
            StripePaymentGateway(api, "pk_test_x", catalogue),
            StripeEvents(api, CLOCK, [stripe_shop.SECRET], catalogue),
            StripeRecords(api, catalogue),
            StripeErrands(api),
        )
        await api.aclose()
