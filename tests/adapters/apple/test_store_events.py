import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.apple.revocation_checks import RevocationPolicy
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_events import AppleEvents
from domain.errors import InvalidRequest
from domain.market.products import Provider
from domain.market.reports import Parked
from tests.adapters.apple.shop import TOKEN, catalogue
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_store import AppleStore, milliseconds

BOUGHT = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = BOUGHT + timedelta(days=5)
BASIC = "apple.basic"


async def test_a_notification_is_known_by_its_uuid_and_dated_by_apple(
    store: AppleStore, events: AppleEvents
) -> None:
    pack = store.pack("apple.small", token=TOKEN)
    body = store.notify("REFUND", pack, at=LATER, uuid_="1b9e", subtype="INITIAL_BUY")
    event = await events.receive(body, {"content-type": "application/json"})
    assert (event.provider, event.id, event.at) == (Provider.APPLE, "1b9e", LATER)
    assert event.name == "REFUND/INITIAL_BUY"
    assert event.body == body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"signedPayload": null}',
        b'{"signedPayload": 1}',
        b'{"signedPayload": "garbage"}',
        b'{"signedPayload": "\xff"}',
        b"\xff\xfe",
        b'{"signedPayload": "' + b"A" * 2_000_000 + b'"}',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_an_odd_body_is_refused(events: AppleEvents, body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        await events.receive(body, {})


async def test_what_is_not_genuine_is_refused_also_within_a_genuine_notification(
    store: AppleStore, events: AppleEvents
) -> None:
    other = AppleStore(chain=AppleChain())
    pack, period = store.pack("apple.small"), store.period(BASIC)
    for body in (
        other.notify("ONE_TIME_CHARGE", pack),
        store.notify("ONE_TIME_CHARGE", data={"signedTransactionInfo": other.sign(pack)}),
        store.notify("DID_RENEW", period, data={"signedRenewalInfo": other.sign(period)}),
        store.notify("ONE_TIME_CHARGE", pack, data={"bundleId": "com.example.other"}),
        store.notify("ONE_TIME_CHARGE", pack, data={"environment": "Xcode"}),
        store.notify("ONE_TIME_CHARGE", {**pack, "bundleId": "com.example.other"}),
        store.notify("ONE_TIME_CHARGE", pack, notificationUUID=None),
        store.notify("ONE_TIME_CHARGE", pack, signedDate=10**18),
        json.dumps({"signedPayload": store.sign(pack)}).encode(),
    ):
        with pytest.raises(InvalidRequest):
            await events.receive(body, {})


async def test_production_is_for_the_app_with_this_id() -> None:
    store = AppleStore(environment="Production")
    signed = AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        app_apple_id=store.app_apple_id,
        revocation=RevocationPolicy.NEVER,
    )
    events = AppleEvents(signed, catalogue=catalogue)
    await events.receive(store.notify("TEST"), {})
    with pytest.raises(InvalidRequest):
        await events.receive(store.notify("TEST", data={"appAppleId": 7}), {})


async def test_what_concerns_nobody_says_nothing(store: AppleStore, events: AppleEvents) -> None:
    shared: dict[str, Any] = {"inAppOwnershipType": "FAMILY_SHARED"}
    for body in (
        store.notify("TEST"),
        store.notify("RENEWAL_EXTENSION", subtype="SUMMARY"),
        store.notify("ONE_TIME_CHARGE", store.pack("apple.small", token=TOKEN, **shared)),
        store.notify("SUBSCRIBED", store.period(BASIC, **shared)),
    ):
        assert await events.interpret(await events.receive(body, {})) == []


async def test_what_a_relative_shares_is_told_where_it_may_concern_us(
    store: AppleStore, events: AppleEvents
) -> None:
    shared: dict[str, Any] = {"inAppOwnershipType": "FAMILY_SHARED"}
    for body in (
        store.notify("SUBSCRIBED", store.period(BASIC, token=TOKEN, **shared)),
        store.notify("REVOKE", store.period(BASIC, **shared)),
    ):
        assert len(await events.interpret(await events.receive(body, {}))) == 1


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("SOMETHING_NEW", {}),
        ("RESCIND_CONSENT", {}),
        (
            "EXTERNAL_PURCHASE_TOKEN",
            {
                "data": None,
                "externalPurchaseToken": {
                    "externalPurchaseId": "SANDBOX_1",
                    "tokenCreationDate": 1,
                    "appAppleId": 1234567890,
                    "bundleId": "com.example.companion",
                },
            },
        ),
    ],
)
async def test_what_needs_a_person_is_parked(
    store: AppleStore, events: AppleEvents, kind: str, level: dict[str, Any]
) -> None:
    fields = {"notificationType": kind, **level}
    if "data" in level:
        payload = {
            "notificationUUID": "u-1",
            "signedDate": milliseconds(BOUGHT),
            **{name: value for name, value in fields.items() if value is not None},
        }
        body = json.dumps({"signedPayload": store.sign(payload)}).encode()
    else:
        body = store.notify(kind, store.period(BASIC, token=TOKEN))
    event = await events.receive(body, {})
    with pytest.raises(Parked) as parked:
        await events.interpret(event)
    assert TOKEN not in parked.value.reason


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"productId": "apple.unknown"}, "DID_RENEW"),
        ({"type": "Consumable"}, "DID_RENEW"),
        ({"expiresDate": None}, "DID_RENEW"),
        ({"purchaseDate": None}, "DID_RENEW"),
        ({"autoRenewProductId": "apple.unknown"}, "DID_CHANGE_RENEWAL_PREF"),
        ({"autoRenewStatus": None}, "DID_CHANGE_RENEWAL_STATUS"),
    ],
    ids=str,
)
async def test_what_cannot_be_understood_is_parked(
    store: AppleStore, events: AppleEvents, changes: dict[str, Any], kind: str
) -> None:
    wanted = {name: value for name, value in changes.items() if name.startswith("autoRenew")}
    rest = {name: value for name, value in changes.items() if name not in wanted}
    renewal = store.renewal(store.period(BASIC), **wanted)
    body = store.notify(kind, store.period(BASIC, token=TOKEN, **rest), renewal)
    event = await events.receive(body, {})
    with pytest.raises(Parked):
        await events.interpret(event)


async def test_what_was_received_for_another_app_is_parked(
    store: AppleStore, events: AppleEvents
) -> None:
    other = AppleStore()
    signed = AppleSignedData(
        root_certificates=[other.chain.root.der],
        bundle_id=other.bundle_id,
        environments=["Sandbox"],
        revocation=RevocationPolicy.NEVER,
    )
    event = await events.receive(store.notify("ONE_TIME_CHARGE", store.pack("apple.small")), {})
    with pytest.raises(Parked):
        await AppleEvents(signed, catalogue=catalogue).interpret(event)
