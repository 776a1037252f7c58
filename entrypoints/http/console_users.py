"""Accounts on the console: found, looked at, suspended, and given credits."""

from enum import StrEnum
from typing import TypeVar

from application.accounts.manage_user import ManageUserCommand
from application.wallet.grant_credits import GrantCreditsCommand
from domain.accounts import AgeBand, Tier
from domain.errors import InvalidRequest, NotFound
from domain.lots import Bucket
from domain.wallet import MAX_CREDITS
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer
from entrypoints.http.console import DonePageQuery, action, page, redirect, shown
from entrypoints.http.forms import Form
from entrypoints.http.query_input import MAX_TEXT, NoQuery, is_unprintable
from entrypoints.http.routing import Call, Routes
from entrypoints.http.schemas.accounts import MAX_REASON, ManagedUser
from entrypoints.http.schemas.market import Purchase
from entrypoints.http.schemas.wallet import Balance, Transaction

routes = Routes("Console: users")
_GRANTED = [bucket for bucket in Bucket if bucket is not Bucket.DAILY]
ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class SearchQuery(DonePageQuery, frozen=True):
    """Whom to look for, by either id; a field left empty is none."""

    search: str = ""


class UserPageQuery(DonePageQuery, frozen=True):
    """Which part of the ledger, and of the purchases."""

    purchases: str = ""


@page(routes, "/admin/users", SearchQuery)
async def get_console_users(call: Call[None, SearchQuery]) -> Answer:
    """Accounts, newest first, or those with an id."""
    query = call.query
    search = query.search.strip()
    if len(search) > MAX_TEXT:
        raise InvalidRequest(f"An id has at most {MAX_TEXT} characters.", param="search")
    found = await call.services.find_users(
        search=search or None, limit=query.limit, cursor=query.cursor
    )
    return shown(
        call,
        "users.html",
        users=[ManagedUser.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        search=search,
    )


@page(routes, "/admin/users/<user_id>", UserPageQuery)
async def get_console_user(call: Call[None, UserPageQuery], user_id: str) -> Answer:
    """An account with its wallet, its ledger and what was bought."""
    services, query = call.services, call.query
    user = await services.find_users.one(user_id)
    balance = await services.get_balance(user)
    ledger = await services.list_transactions(user.id, limit=query.limit, cursor=query.cursor)
    bought = await services.list_purchases(
        user.id, limit=query.limit, cursor=query.purchases or None
    )
    return shown(
        call,
        "user.html",
        user=ManagedUser.of(user),
        balance=Balance.of(balance),
        ledger=[Transaction.of(one) for one in ledger.items],
        next_cursor=ledger.next_cursor,
        purchases=[Purchase.of(one) for one in bought.items],
        next_purchases=bought.next_cursor,
        tiers=list(Tier),
        age_bands=list(AgeBand),
        buckets=_GRANTED,
        max_credits=MAX_CREDITS,
    )


@action(routes, "/admin/users/<user_id>/suspend")
async def suspend_console_user(call: Call[Form, NoQuery], user_id: str) -> Answer:
    """Close an account for now."""
    reason = call.body.text("reason")
    if len(reason) > MAX_REASON:
        raise InvalidRequest(f"A reason has at most {MAX_REASON} characters.", param="reason")
    user = await call.services.find_users.one(user_id)
    command = ManageUserCommand(user, suspended=True, reason=reason or None)
    await admin_actions.manage_user(call, "user.suspend", command)
    return redirect(f"/admin/users/{user.id}", "suspended")


@action(routes, "/admin/users/<user_id>/readmit")
async def readmit_console_user(call: Call[Form, NoQuery], user_id: str) -> Answer:
    """Open an account again."""
    user = await call.services.find_users.one(user_id)
    command = ManageUserCommand(user, suspended=False)
    await admin_actions.manage_user(call, "user.readmit", command)
    return redirect(f"/admin/users/{user.id}", "readmitted")


@action(routes, "/admin/users/<user_id>/change")
async def change_console_user(call: Call[Form, NoQuery], user_id: str) -> Answer:
    """Set an account's tier or age band; what is as it was is not set again."""
    user = await call.services.find_users.one(user_id)
    tier = _choice(call.body, "tier", Tier)
    age_band = _choice(call.body, "age_band", AgeBand)
    command = ManageUserCommand(
        user,
        tier=None if tier is user.tier else tier,
        age_band=None if age_band is user.age_band else age_band,
    )
    await admin_actions.manage_user(call, "user.change", command)
    return redirect(f"/admin/users/{user.id}", "changed")


@action(routes, "/admin/users/<user_id>/grant")
async def grant_console_credits(call: Call[Form, NoQuery], user_id: str) -> Answer:
    """Give credits; a form that is sent twice gives them once."""
    form = call.body
    amount, once = form.text("amount"), form.text("once")
    is_number = amount.isascii() and amount.isdigit() and len(amount) <= len(str(MAX_CREDITS))
    if not (is_number and 1 <= int(amount) <= MAX_CREDITS):
        message = f"An amount is a whole number from 1 to {MAX_CREDITS}."
        raise InvalidRequest(message, param="amount")
    if not once:
        raise InvalidRequest("The form is incomplete: load it again.", param="once")
    reason = form.text("reason")
    if is_unprintable(reason):
        raise InvalidRequest("A reason is one line of text.", param="reason")
    user = await call.services.find_users.one(user_id)
    if user.erased_at is not None:
        raise NotFound("This account is gone.")
    bucket = _choice(form, "bucket", Bucket)
    command = GrantCreditsCommand(user.id, int(amount), bucket, reason, key=f"console {once}")
    await admin_actions.grant_credits(call, command)
    return redirect(f"/admin/users/{user.id}", "granted")


def _choice(form: Form, name: str, kind: type[ChoiceT]) -> ChoiceT:
    try:
        return kind(form.text(name))
    except ValueError:
        raise InvalidRequest("Choose one of those that there are.", param=name) from None
