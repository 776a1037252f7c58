"""The stores for which there are settings; each SDK is imported only by a process that uses it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from attrs import Factory, evolve, frozen

from application.market.stores import Stores
from application.ports.clock import Clock
from application.ports.product_book import ProductBook
from application.ports.purchase_store import PurchaseStore
from domain.market.products import Catalogue, Provider
from entrypoints.container.adapters import Step
from entrypoints.container.setting_files import file_of
from entrypoints.store_settings import StoreSettings

Catalogues = Callable[[], Awaitable[Catalogue]]

_GRACE = timedelta(days=7)
"""How long a subscription at Stripe stays open while its renewal is tried again."""


@frozen
class BuiltStores:
    """The stores, and what is to be closed at the end."""

    stores: Stores = Factory(Stores)
    closing: tuple[Step, ...] = ()


def build_stores(
    settings: StoreSettings,
    products: ProductBook,
    purchases: PurchaseStore,
    clock: Clock,
    *,
    sandbox_page: str | None,
) -> BuiltStores:
    """Every store that is configured; the sandbox beside them if there is an address for it."""
    built = BuiltStores()
    if sandbox_page is not None:
        built = _with_sandbox(built, products.current, purchases, clock, sandbox_page)
    if settings.stripe_secret_key is not None:
        built = _with_stripe(built, settings, settings.stripe_secret_key, products.current, clock)
    if settings.apple_bundle_id is not None:
        built = _with_apple(built, settings, settings.apple_bundle_id, products.current)
    if settings.google_package_name is not None:
        built = _with_google(built, settings, settings.google_package_name, products.current, clock)
    return built


def _with_sandbox(
    built: BuiltStores,
    catalogue: Catalogues,
    purchases: PurchaseStore,
    clock: Clock,
    page: str,
) -> BuiltStores:
    from adapters.sandbox.payment_gateway import SandboxPaymentGateway
    from adapters.sandbox.store_errands import SandboxErrands
    from adapters.sandbox.store_records import SandboxRecords

    gateway = SandboxPaymentGateway(clock, catalogue, page_url=page)
    stores = evolve(
        built.stores,
        gateways={**built.stores.gateways, Provider.SANDBOX: gateway},
        records={**built.stores.records, Provider.SANDBOX: SandboxRecords(catalogue, purchases)},
        errands={**built.stores.errands, Provider.SANDBOX: SandboxErrands()},
    )
    return evolve(built, stores=stores)


def _with_stripe(
    built: BuiltStores,
    settings: StoreSettings,
    secret_key: str,
    catalogue: Catalogues,
    clock: Clock,
) -> BuiltStores:
    from adapters.stripe.api import StripeApi
    from adapters.stripe.payment_gateway import StripePaymentGateway
    from adapters.stripe.store_errands import StripeErrands
    from adapters.stripe.store_events import StripeEvents
    from adapters.stripe.store_records import StripeRecords

    api = StripeApi(secret_key, clock, base_url=settings.stripe_base_url)
    stores = built.stores
    publishable_key = settings.stripe_publishable_key or ""
    secrets = settings.stripe_webhook_secrets
    return BuiltStores(
        evolve(
            stores,
            gateways={
                **stores.gateways,
                Provider.STRIPE: StripePaymentGateway(api, publishable_key, catalogue),
            },
            events={
                **stores.events,
                Provider.STRIPE: StripeEvents(api, clock, secrets, catalogue, grace=_GRACE),
            },
            records={
                **stores.records,
                Provider.STRIPE: StripeRecords(api, catalogue, grace=_GRACE),
            },
            errands={**stores.errands, Provider.STRIPE: StripeErrands(api)},
        ),
        (*built.closing, api.aclose),
    )


def _with_apple(
    built: BuiltStores, settings: StoreSettings, bundle_id: str, catalogue: Catalogues
) -> BuiltStores:
    from adapters.apple.app_store_api import AppStoreApi
    from adapters.apple.revocation_checks import RevocationPolicy
    from adapters.apple.root_certificates import read_root_certificates
    from adapters.apple.signed_data import AppleSignedData
    from adapters.apple.store_errands import AppleErrands
    from adapters.apple.store_events import AppleEvents
    from adapters.apple.store_records import AppleRecords
    from adapters.apple.store_verifier import AppleStoreVerifier

    environments = settings.apple_environments
    with file_of("APPLE_ROOT_CERTIFICATES", "certificates, or a folder of them"):
        roots = read_root_certificates(settings.apple_root_certificates)
    signed = AppleSignedData(
        root_certificates=roots,
        bundle_id=bundle_id,
        app_apple_id=settings.apple_app_id,
        environments=environments,
        revocation=RevocationPolicy[settings.apple_online_checks.upper()],
    )
    api = None
    key_path = settings.apple_private_key_path
    if key_path is not None and settings.apple_key_id and settings.apple_issuer_id:
        with file_of("APPLE_PRIVATE_KEY_PATH", "a private key of App Store Connect"):
            api = AppStoreApi(
                private_key=key_path.read_bytes(),
                key_id=settings.apple_key_id,
                issuer_id=settings.apple_issuer_id,
                bundle_id=bundle_id,
                environments=environments,
                base_url=settings.apple_base_url,
            )
    events = AppleEvents(signed, catalogue=catalogue)
    errands = AppleErrands(
        api, catalogue=catalogue, customers_consented=settings.apple_customers_consented
    )
    stores = built.stores
    return BuiltStores(
        evolve(
            stores,
            verifiers={
                **stores.verifiers,
                Provider.APPLE: AppleStoreVerifier(signed, catalogue=catalogue),
            },
            events={**stores.events, Provider.APPLE: events},
            records={
                **stores.records,
                Provider.APPLE: AppleRecords(api, signed, events, catalogue=catalogue),
            },
            errands={**stores.errands, Provider.APPLE: errands},
        ),
        (*built.closing, *((api.aclose,) if api else ())),
    )


def _with_google(
    built: BuiltStores,
    settings: StoreSettings,
    package_name: str,
    catalogue: Catalogues,
    clock: Clock,
) -> BuiltStores:
    from adapters.google.play_api import PlayApi
    from adapters.google.store_errands import GoogleErrands
    from adapters.google.store_events import GoogleEvents
    from adapters.google.store_records import GoogleRecords
    from adapters.google.store_verifier import GoogleStoreVerifier

    if settings.google_credentials_path is None:
        message = "GOOGLE_CREDENTIALS_PATH goes with GOOGLE_PACKAGE_NAME"
        raise ValueError(message)
    with file_of("GOOGLE_CREDENTIALS_PATH", "a service account's JSON file"):
        api = PlayApi(
            package_name=package_name,
            credentials_path=settings.google_credentials_path,
            base_url=settings.google_base_url,
        )
    takes_tests = settings.google_test_purchases
    verifier = GoogleStoreVerifier(api, catalogue, clock, allow_test_purchases=takes_tests)
    records = GoogleRecords(api, catalogue, clock, allow_test_purchases=takes_tests)
    stores = built.stores
    events = dict(stores.events)
    if settings.google_push_audience is not None and settings.google_push_email is not None:
        events[Provider.GOOGLE] = GoogleEvents(
            api,
            catalogue,
            clock,
            audience=settings.google_push_audience,
            email=settings.google_push_email,
            certificates_url=settings.google_certificates_url,
            allow_test_purchases=takes_tests,
        )
    return BuiltStores(
        evolve(
            stores,
            verifiers={**stores.verifiers, Provider.GOOGLE: verifier},
            events=events,
            records={**stores.records, Provider.GOOGLE: records},
            errands={**stores.errands, Provider.GOOGLE: GoogleErrands(api)},
        ),
        (*built.closing, api.aclose),
    )
