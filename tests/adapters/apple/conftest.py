"""A shop with two packs and three subscriptions, and what reads what it signs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from adapters.apple.app_store_api import AppStoreApi
from adapters.apple.revocation_checks import RevocationPolicy
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_events import AppleEvents
from adapters.apple.store_records import AppleRecords
from adapters.apple.store_verifier import AppleStoreVerifier
from tests.adapters.apple.shop import catalogue
from tests.loopback.apple_api import AppStoreServer
from tests.loopback.apple_store import AppleStore

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def store() -> AppleStore:
    return AppleStore()


@pytest.fixture
def signed_data(store: AppleStore) -> AppleSignedData:
    return AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        app_apple_id=store.app_apple_id,
        revocation=RevocationPolicy.IF_NAMED,
    )


@pytest.fixture
def verifier(signed_data: AppleSignedData) -> AppleStoreVerifier:
    return AppleStoreVerifier(signed_data, catalogue=catalogue)


@pytest.fixture
def events(signed_data: AppleSignedData) -> AppleEvents:
    return AppleEvents(signed_data, catalogue=catalogue)


@pytest.fixture
def server(store: AppleStore) -> Iterator[AppStoreServer]:
    with AppStoreServer(store, page=2) as server:
        yield server


@pytest.fixture
def api(server: AppStoreServer) -> AppStoreApi:
    return AppStoreApi(
        private_key=server.private_key,
        key_id=server.key_id,
        issuer_id=server.issuer_id,
        bundle_id=server.store.bundle_id,
        base_url=server.url,
    )


@pytest.fixture
def records(api: AppStoreApi, signed_data: AppleSignedData, events: AppleEvents) -> AppleRecords:
    return AppleRecords(api, signed_data, events, catalogue=catalogue)
