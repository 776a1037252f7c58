from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.in_memory.clock import InMemoryClock
from tests.loopback.firebase_certificates import FirebaseCertificates


@pytest.fixture
def google() -> Iterator[FirebaseCertificates]:
    with FirebaseCertificates() as google:
        yield google


@pytest.fixture
def clock() -> InMemoryClock:
    return InMemoryClock(datetime.now(UTC))


@pytest.fixture
async def provider(
    google: FirebaseCertificates, clock: InMemoryClock
) -> AsyncIterator[FirebaseIdentityProvider]:
    provider = FirebaseIdentityProvider(
        google.project_id, clock, certificates_url=google.url, fetch_seconds=0.5
    )
    yield provider
    await provider.aclose()
