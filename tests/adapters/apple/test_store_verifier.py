from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.apple.revocation_checks import RevocationPolicy
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_verifier import AppleStoreVerifier
from domain.errors import InvalidRequest
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Money, Provider
from tests.adapters.apple.shop import TOKEN, catalogue
from tests.loopback.apple_chain import AppleChain, hs256, unsigned
from tests.loopback.apple_store import MONTH, AppleStore

BOUGHT = datetime(2026, 3, 10, 12, 0, 0, 123000, tzinfo=UTC)


async def test_a_pack_is_paid_as_often_as_it_was_bought(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    pack = store.pack("apple.small", token=TOKEN.upper(), at=BOUGHT, quantity=3, price=14970)
    report = await verifier.verify(store.sign(pack), product_id="small")
    identifier = pack["transactionId"]
    assert report.provider is Provider.APPLE
    assert (report.reference, report.aliases) == (identifier, (identifier,))
    assert (report.product_id, report.store_token) == ("small", TOKEN)
    assert report.facts == (
        Fact(
            FactKind.PAID,
            BOUGHT,
            identifier,
            product_id="small",
            quantity=3,
            paid=Money("USD", 1497),
        ),
    )


async def test_a_period_is_paid_from_its_purchase_to_its_end(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    first = store.period("apple.basic", token=TOKEN, at=BOUGHT)
    second = store.next_period(first)
    report = await verifier.verify(store.sign(second), product_id="basic")
    assert report.reference == first["transactionId"]
    assert report.aliases == (second["transactionId"], first["transactionId"])
    assert report.facts == (
        Fact(
            FactKind.RENEWED,
            BOUGHT + MONTH,
            second["transactionId"],
            product_id="basic",
            starts_at=BOUGHT + MONTH,
            ends_at=BOUGHT + 2 * MONTH,
            paid=Money("USD", 499),
        ),
    )


async def test_another_product_within_a_subscription_is_an_upgrade(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    first = store.period("apple.basic", token=TOKEN, at=BOUGHT)
    upgrade = store.upgrade(first, "apple.plus", at=BOUGHT + timedelta(days=10))
    report = await verifier.verify(store.sign(upgrade), product_id="plus")
    assert [fact.kind for fact in report.facts] == [FactKind.UPGRADED]


async def test_what_was_replaced_by_an_upgrade_is_not_refunded_besides(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    replaced = store.period(
        "apple.basic", token=TOKEN, at=BOUGHT, isUpgraded=True, revocationDate=BOUGHT + MONTH / 2
    )
    report = await verifier.verify(store.sign(replaced), product_id="basic")
    assert [fact.kind for fact in report.facts] == [FactKind.RENEWED]


@pytest.mark.parametrize(
    ("currency", "price", "amount"),
    [("USD", 4990, 499), ("JPY", 600000, 600), ("KWD", 1500, 1500), ("EUR", 0, 0)],
)
async def test_a_price_is_told_in_the_minor_unit_of_its_currency(
    store: AppleStore, verifier: AppleStoreVerifier, currency: str, price: int, amount: int
) -> None:
    pack = store.pack("apple.small", currency=currency, price=price)
    report = await verifier.verify(store.sign(pack), product_id="small")
    assert report.facts[0].paid == Money(currency, amount)


async def test_a_price_may_be_missing_and_so_may_the_account(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    pack = store.pack("apple.small", currency=None, price=None, quantity=None)
    report = await verifier.verify(store.sign(pack), product_id="small")
    assert report.store_token is None
    assert (report.facts[0].paid, report.facts[0].quantity) == (None, 1)


@pytest.mark.parametrize(
    ("changes", "kind", "part"),
    [
        ({}, FactKind.REFUNDED, 40_000),
        ({"revocationPercentage": None}, FactKind.REFUNDED, 100_000),
        ({"revocationType": "REFUND_FULL"}, FactKind.REFUNDED, 100_000),
        ({"revocationPercentage": 33_333}, FactKind.REFUNDED, 33_333),
        ({"revocationType": None, "revocationPercentage": None}, FactKind.REFUNDED, 100_000),
    ],
)
async def test_what_was_refunded_is_told_with_what_was_paid(
    store: AppleStore,
    verifier: AppleStoreVerifier,
    changes: dict[str, Any],
    kind: FactKind,
    part: int,
) -> None:
    later = BOUGHT + timedelta(days=2)
    pack = store.pack("apple.small", token=TOKEN, at=BOUGHT)
    refunded = store.refund(pack, at=later, percentage=40, **changes)
    report = await verifier.verify(store.sign(refunded), product_id="small")
    assert [fact.kind for fact in report.facts] == [FactKind.PAID, kind]
    assert report.facts[1] == Fact(kind, later, pack["transactionId"], share=Share(part, 100_000))


async def test_a_family_that_stopped_sharing_is_a_revocation(
    store: AppleStore, verifier: AppleStoreVerifier
) -> None:
    shared = store.period("apple.basic", at=BOUGHT, inAppOwnershipType="FAMILY_SHARED")
    for kind in ("FAMILY_REVOKE", None):
        taken = store.refund(shared, at=BOUGHT, revocationType=kind, revocationPercentage=None)
        report = await verifier.verify(store.sign(taken), product_id="basic")
        assert report.facts[1:] == (Fact(FactKind.REVOKED, BOUGHT, shared["transactionId"]),)


@pytest.mark.parametrize(
    "changes",
    [
        {"bundleId": "com.example.other"},
        {"bundleId": None},
        {"environment": "Xcode"},
        {"environment": "LocalTesting"},
        {"environment": "Moon"},
        {"environment": None},
        {"productId": "apple.unknown"},
        {"productId": "apple.large"},
        {"productId": None},
        {"type": "Auto-Renewable Subscription"},
        {"type": "Non-Consumable"},
        {"type": "Something"},
        {"quantity": 0},
        {"quantity": -3},
        {"quantity": "many"},
        {"transactionId": None},
        {"purchaseDate": None},
        {"purchaseDate": 10**18},
        {"purchaseDate": "yesterday"},
        {"inAppOwnershipType": "FAMILY_SHARED"},
    ],
    ids=str,
)
async def test_a_genuine_transaction_may_still_be_refused(
    store: AppleStore, verifier: AppleStoreVerifier, changes: dict[str, Any]
) -> None:
    pack = {**store.pack("apple.small", token=TOKEN), **changes}
    signed = store.sign({name: value for name, value in pack.items() if value is not None})
    with pytest.raises(InvalidRequest):
        await verifier.verify(signed, product_id="small")


@pytest.mark.parametrize("until", [None, BOUGHT])
async def test_a_period_must_have_an_end(
    store: AppleStore, verifier: AppleStoreVerifier, until: datetime | None
) -> None:
    period = store.period("apple.basic", token=TOKEN, at=BOUGHT, expiresDate=until)
    with pytest.raises(InvalidRequest):
        await verifier.verify(store.sign(period), product_id="basic")


def _forgeries(store: AppleStore) -> dict[str, str]:
    """What somebody might send who wants a pack for nothing."""
    pack = store.pack("apple.small", token=TOKEN)
    chain, other = store.chain, AppleChain()

    def with_chain(*x5c: object) -> str:
        return chain.sign(pack, header={"x5c": list(x5c)})

    head, _, signature = store.sign(pack).split(".")
    ten_of_them = store.sign({**pack, "quantity": 10}).split(".")[1]
    return {
        "other root": other.sign(pack),
        "HS256": chain.sign(pack, header={"alg": "HS256"}, sign=hs256(chain.leaf.der)),
        "alg none": chain.sign(pack, header={"alg": "none"}, sign=unsigned),
        "no alg": chain.sign(pack, header={"alg": None}),
        "two certificates": with_chain(*chain.x5c[:2]),
        "four certificates": with_chain(*chain.x5c, chain.x5c[2]),
        "another root at the end": with_chain(*other.x5c[:2], chain.x5c[2]),
        "no certificates": chain.sign(pack, header={"x5c": None}),
        "certificates of nothing": with_chain("AAAA", "????", "x"),
        "certificates that are numbers": with_chain(1, 2, 3),
        "the right chain, another key": other.sign(pack, header={"x5c": chain.x5c}),
        "a changed payload": f"{head}.{ten_of_them}.{signature}",
        "garbage": "garbage",
        "nothing": "",
        "dots": "...",
        "three parts of garbage": "e30.e30.e30",
        "other letters": "ü.ñ.\ud800",
        "nested deeply": "[" * 50_000,
        "megabytes": "A" * 3_000_000,
        "a payload of megabytes": store.sign({**pack, "x": "A" * 1_000_000}),
    }


@pytest.mark.parametrize("name", _forgeries(AppleStore()))
async def test_a_forgery_is_refused(
    store: AppleStore, verifier: AppleStoreVerifier, name: str
) -> None:
    with pytest.raises(InvalidRequest):
        await verifier.verify(_forgeries(store)[name], product_id="small")


@pytest.mark.parametrize(
    ("chain", "is_believed"),
    [
        (AppleChain(), True),
        (AppleChain(leaf_mark=False), False),
        (AppleChain(intermediate_mark=False), False),
    ],
    ids=["both", "no leaf", "no intermediate"],
)
async def test_a_chain_needs_both_of_apples_marks_even_under_the_right_root(
    chain: AppleChain, *, is_believed: bool
) -> None:
    store = AppleStore(chain=chain)
    verifier = AppleStoreVerifier(_trusting(store), catalogue=catalogue)
    signed = store.sign(store.pack("apple.small"))
    if is_believed:
        await verifier.verify(signed, product_id="small")
    else:
        with pytest.raises(InvalidRequest):
            await verifier.verify(signed, product_id="small")


async def test_production_and_sandbox_are_both_believed_unless_one_is_left_out() -> None:
    production = AppleStore(environment="Production")
    sandbox = AppleStore(environment="Sandbox", chain=production.chain)
    both = AppleStoreVerifier(_trusting(production), catalogue=catalogue)
    one = AppleStoreVerifier(_trusting(production, "Production"), catalogue=catalogue)
    for store in (production, sandbox):
        await both.verify(store.sign(store.pack("apple.small")), product_id="small")
    await one.verify(production.sign(production.pack("apple.small")), product_id="small")
    with pytest.raises(InvalidRequest):
        await one.verify(sandbox.sign(sandbox.pack("apple.small")), product_id="small")


def _trusting(store: AppleStore, *environments: str) -> AppleSignedData:
    return AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        app_apple_id=store.app_apple_id,
        environments=environments or ("Production", "Sandbox"),
        revocation=RevocationPolicy.NEVER,
    )
