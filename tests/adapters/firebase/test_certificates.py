"""Where the keys come from, how often, and what happens when they do not come."""

import asyncio
from datetime import timedelta

import pytest

from adapters.firebase.certificates import CertificateCache
from adapters.firebase.identity_provider import FirebaseIdentityProvider
from adapters.in_memory.clock import InMemoryClock
from domain.errors import Unauthenticated, Unavailable
from tests.loopback.firebase_certificates import FirebaseCertificates, encode, signing_key

MINUTE = timedelta(minutes=1)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is today, a fetch that succeeds is waited for."""
    monkeypatch.setattr("adapters.firebase.certificates.PATIENCE_SECONDS", 30)


@pytest.mark.usefixtures("patient")
async def test_certificates_are_fetched_once_for_as_long_as_they_are_good(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    google.max_age = 1800
    token = google.token()
    await asyncio.gather(*(provider.verify(token) for _ in range(50)))
    clock.advance(timedelta(seconds=1799))
    await provider.verify(token)
    assert google.fetches == 1
    clock.advance(timedelta(seconds=2))
    await provider.verify(token)
    assert google.fetches == 2


@pytest.mark.usefixtures("patient")
async def test_the_age_of_a_cached_answer_is_taken_off(
    google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    google.max_age, google.age = 1800, 1700
    cache = CertificateCache(google.url, clock)
    await cache.asked_for(google.keys[0].id)
    clock.advance(timedelta(seconds=101))
    await cache.at_hand(google.keys[0].id)
    assert google.fetches == 2
    await cache.aclose()


@pytest.mark.usefixtures("patient")
async def test_without_a_stated_age_five_minutes_are_assumed(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    google.max_age = None
    for _ in range(3):
        await provider.verify(google.token())
        clock.advance(timedelta(seconds=200))
    assert google.fetches == 2


async def test_a_new_key_is_taken_up_at_once(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    await provider.verify(google.token())
    google.keys.append(signing_key(1))
    await provider.verify(google.token())
    await provider.verify(google.token(google.keys[0]))
    google.keys.append(signing_key(2))
    await provider.verify(google.token())
    assert google.fetches == 3


@pytest.mark.usefixtures("patient")
async def test_a_withdrawn_key_is_refused_when_the_certificates_are_due(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    old = google.token()
    await provider.verify(old)
    google.keys = [signing_key(1)]
    clock.advance(timedelta(hours=7))
    with pytest.raises(Unauthenticated):
        await provider.verify(old)


async def test_unknown_keys_cause_one_fetch_a_minute(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    await provider.verify(google.token())
    stranger = signing_key(9)
    for minute in range(3):
        results = await asyncio.gather(
            *(provider.verify(google.token(stranger)) for _ in range(20)), return_exceptions=True
        )
        assert all(isinstance(result, Unauthenticated) for result in results)
        with pytest.raises(Unauthenticated):
            await provider.verify(google.token(stranger))
        assert google.fetches == 2 + minute
        clock.advance(MINUTE)


async def test_unknown_keys_at_the_start_cause_one_fetch_too(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await provider.verify(google.token(signing_key(9)))
    assert google.fetches == 1
    await provider.verify(google.token())
    assert google.fetches == 1


async def test_a_token_for_somebody_else_causes_no_fetch(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    google.stop()
    with pytest.raises(Unauthenticated):
        await provider.verify(google.token(aud="another"))
    google.start()
    assert google.fetches == 0


@pytest.mark.parametrize(
    "trouble", ["refuses", "500", "no JSON", "an empty object", "a list", "no certificate"]
)
async def test_without_certificates_it_is_not_the_callers_fault(
    provider: FirebaseIdentityProvider,
    google: FirebaseCertificates,
    clock: InMemoryClock,
    trouble: str,
) -> None:
    match trouble:
        case "refuses":
            google.stop()
        case "500":
            google.status = 500
        case "no JSON":
            google.body = b"<html>sign in to the wireless network</html>"
        case "an empty object":
            google.body = b"{}"
        case "a list":
            google.body = b"[1]"
        case _:
            google.body = b'{"kid": "no certificate"}'
    token = google.token()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await provider.verify(token)
    assert google.fetches <= 1

    google.status, google.body = 200, None
    if trouble == "refuses":
        google.start()
    clock.advance(timedelta(seconds=2))
    await provider.verify(token)


async def test_a_black_hole_delays_for_a_bounded_time_and_only_who_needs_it(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    known = google.token()
    await provider.verify(known)
    google.keys.append(signing_key(1))
    google.fall_silent()
    waiting = [asyncio.create_task(provider.verify(google.token())) for _ in range(10)]
    await asyncio.sleep(0)
    await provider.verify(known)
    assert not any(task.done() for task in waiting)
    async with asyncio.timeout(10):
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    assert google.fetches == 2


async def test_a_new_key_is_taken_up_within_a_minute_of_a_black_hole(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    await provider.verify(google.token())
    google.keys.append(signing_key(1))
    google.fall_silent()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await provider.verify(google.token())
    assert google.fetches == 2
    google.answer()
    clock.advance(MINUTE)
    await provider.verify(google.token())


async def test_an_answer_that_trickles_is_none(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    google.seconds_per_byte = 0.05
    async with asyncio.timeout(20):
        with pytest.raises(Unavailable):
            await provider.verify(google.token())


async def test_a_long_key_id_is_not_looked_for(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    for length, fetches in ((129, 0), (128, 1)):
        header = {"alg": "RS256", "kid": "k" * length}
        with pytest.raises(Unauthenticated):
            await provider.verify(encode(header, google.claims(), google.keys[-1].sign))
        assert google.fetches == fetches


@pytest.mark.parametrize("trouble", ["refuses", "silent"])
async def test_stale_certificates_serve_while_no_others_come(
    provider: FirebaseIdentityProvider,
    google: FirebaseCertificates,
    clock: InMemoryClock,
    trouble: str,
) -> None:
    token = google.token(exp=int(clock.now().timestamp()) + 10**7)
    await provider.verify(token)
    google.stop() if trouble == "refuses" else google.fall_silent()
    clock.advance(timedelta(days=15))
    await provider.verify(token)
    clock.advance(timedelta(days=2))  # more than the certificate itself allows
    with pytest.raises(Unavailable):
        await provider.verify(token)


@pytest.mark.usefixtures("patient")
async def test_an_outage_that_is_known_delays_no_known_key(
    google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    provider = FirebaseIdentityProvider(
        google.project_id, clock, certificates_url=google.url, fetch_seconds=60
    )
    token = google.token(exp=int(clock.now().timestamp()) + 10**7)
    await provider.verify(token)
    google.stop()
    clock.advance(timedelta(hours=7))
    await provider.verify(token)
    google.fall_silent()
    google.start()
    clock.advance(MINUTE)
    async with asyncio.timeout(10):
        await provider.verify(token)
    await provider.aclose()


async def test_one_who_leaves_does_not_end_the_fetch_for_the_others(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates
) -> None:
    google.fall_silent()
    first = asyncio.create_task(provider.verify(google.token()))
    second = asyncio.create_task(provider.verify(google.token()))
    await asyncio.sleep(0.05)
    first.cancel()
    google.answer()
    await second
    assert google.fetches == 1


async def test_a_clock_set_back_keeps_no_key_for_longer(
    provider: FirebaseIdentityProvider, google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    await provider.verify(google.token())
    clock.advance(timedelta(days=-3))
    await provider.verify(google.token())
    await provider.verify(google.token())
    assert google.fetches == 2


async def test_closing_ends_a_fetch_under_way(
    google: FirebaseCertificates, clock: InMemoryClock
) -> None:
    google.fall_silent()
    provider = FirebaseIdentityProvider(google.project_id, clock, certificates_url=google.url)
    waiting = asyncio.create_task(provider.verify(google.token()))
    await asyncio.sleep(0.05)
    await provider.aclose()
    with pytest.raises(Unavailable):
        await waiting
