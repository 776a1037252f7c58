"""What administrators look up and do, over the fakes."""

from datetime import date

import pytest

from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.safety_log import InMemorySafetyLog
from application.memory.add_memory import AddMemoryCommand
from application.ports.inbox import InboxState
from application.safety.get_counters import GetCounters
from application.wallet.grant_credits import GrantCreditsCommand
from domain.errors import (
    ContentBlocked,
    InvalidRequest,
    ModelUnavailable,
    NotFound,
    Unavailable,
    error_from_code,
)
from domain.lots import Bucket
from tests.application.conftest import Product
from tests.contracts.builders import NOW


async def test_an_account_is_found_by_either_of_its_names(product: Product) -> None:
    find = product.use_cases.find_users()
    assert await find.one("usr_1") == await find.one("sam") == product.user
    with pytest.raises(NotFound):
        await find.one("nobody")
    page = await find(search=None, limit=5, cursor=None)
    assert (page.items, page.next_cursor) == ([product.user], None)


def grant(**changes: object) -> GrantCreditsCommand:
    facts = {"user_id": "usr_1", "amount": 5, "bucket": Bucket.PROMO, "reason": " so  nice "}
    return GrantCreditsCommand(**{**facts, **changes})  # type: ignore[arg-type]  # its fields


async def test_credits_are_given_once_a_key_with_a_reason(product: Product) -> None:
    give = product.use_cases.grant_credits()
    before = await product.balance()
    for _ in range(2):
        assert (await give(grant(key="k"))).balance == before + 5
    [entry] = await product.adapters.wallets.list_entries("usr_1", limit=1, before=None)
    assert (entry.description, entry.reference) == ("so nice", "grant:k")
    assert (await give(grant())).balance == before + 10
    for param, bad in (
        ("bucket", {"bucket": Bucket.DAILY}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 10_000}),
        ("amount", {"amount": 0}),
    ):
        with pytest.raises(InvalidRequest) as error:
            await give(grant(**bad))
        assert error.value.param == param
    with pytest.raises(NotFound):
        await give(grant(user_id="usr_9"))


async def test_lists_of_what_nothing_happened_are_empty(product: Product) -> None:
    cases = product.use_cases
    events = await cases.list_store_events()(state=InboxState.PARKED, limit=5, cursor=None)
    audit = await cases.list_audit()(limit=5, cursor=None)
    assert (list(events.items), list(audit.items)) == ([], [])
    assert list(await cases.list_errands()()) == []
    with pytest.raises(NotFound):
        await cases.get_store_event()("stripe:evt_1")


async def test_counts_are_of_a_year_or_of_some_days() -> None:
    count = GetCounters(InMemorySafetyLog(InMemoryDatabase()), InMemoryClock(NOW))
    year = await count()
    assert (year.first, year.last) == (date(2026, 1, 1), date(2026, 12, 31))
    some = await count(first=date(2025, 3, 1))
    assert (some.first, some.last) == (date(2025, 3, 1), date(2025, 12, 31))
    for param, bad in (
        ("year", {"year": 2025, "first": date(2025, 1, 1)}),
        ("to", {"first": date(2025, 3, 2), "last": date(2025, 3, 1)}),
        ("to", {"first": date(2020, 1, 1), "last": date(2025, 3, 1)}),
    ):
        with pytest.raises(InvalidRequest) as error:
            await count(**bad)
        assert error.value.param == param


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("content_blocked", ContentBlocked),
        ("model_unavailable", ModelUnavailable),
        ("invalid_request", InvalidRequest),
        ("whatever", Unavailable),
        (None, Unavailable),
    ],
)
def test_how_a_turn_failed_is_told_again_from_its_code(
    code: str | None, kind: type[Exception]
) -> None:
    assert type(error_from_code(code)) is kind


async def test_a_memory_that_says_several_things_has_no_topic(product: Product) -> None:
    add = product.use_cases.add_memory()
    several = AddMemoryCommand(product.user, "mira", "I live in Paris and I have a dog called Rex.")
    assert (await add(several)).topic is None
    one = AddMemoryCommand(product.user, "mira", "I live in Paris.")
    assert (await add(one)).topic == "home"
    for text in (" ", "x" * 2_000):
        with pytest.raises(InvalidRequest, match="text must have") as error:
            await add(AddMemoryCommand(product.user, "mira", text))
        assert error.value.param == "text"
