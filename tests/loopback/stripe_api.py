"""Stripe's HTTP API on a world: as much of it as the adapter meets, and idempotency."""

import re
from collections.abc import Callable
from typing import Any

from tests.loopback import stripe_objects as make
from tests.loopback.stripe_objects import Json, Refusal
from tests.loopback.stripe_shapes import NEW, OLD, render
from tests.loopback.stripe_world import StripeWorld

LISTS = {
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "disputes": "dispute",
    "subscriptions": "subscription",
    "invoices": "invoice",
}
FILTERS = {"customer", "charge", "payment_intent", "status"}
KEY = re.compile(r"\[([^\]]*)\]")


def nested(pairs: list[tuple[str, str]]) -> Json:
    """``a[b][0][c]=1`` as it is meant: ``{"a": {"b": [{"c": "1"}]}}``."""
    tree: Json = {}
    for name, value in pairs:
        path = [name.partition("[")[0], *KEY.findall(name)]
        node = tree
        for part in path[:-1]:
            node = node.setdefault(part, {})
        node[path[-1] or str(len(node))] = value
    return {name: _with_lists(value) for name, value in tree.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_with_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _with_lists(one) for name, one in value.items()}


class StripeRoutes:
    """``declines`` are for the next attempts to pay, ``refused`` for whole kinds of things.

    ``lines`` are those of invoices that do not show them all by themselves.
    """

    def __init__(self, world: StripeWorld) -> None:
        self.world = world
        self.declines = 0
        self.refused: set[str] = set()
        self.lines: dict[str, list[Json]] = {}
        self._answers: dict[str, tuple[Json, int, Json]] = {}

    def handle(self, method: str, path: str, params: Json, key: str | None) -> tuple[int, Json]:
        if method != "POST" or key is None:
            return self._answer(method, path, params)
        if key not in self._answers:
            self._answers[key] = (params, *self._answer(method, path, params))
        before, status, body = self._answers[key]
        if before != params:
            return 400, {"error": {"type": "idempotency_error", "message": "No."}}
        return status, body

    def _answer(self, method: str, path: str, params: Json) -> tuple[int, Json]:
        parts = path.removeprefix("/v1/").strip("/").split("/")
        if parts[0] in self.refused:
            return 400, Refusal(400, "refused").body
        try:
            thing = self._route(method, parts, params)
        except Refusal as refusal:
            return refusal.status, refusal.body
        return 200, self._expanded(thing, params.get("expand") or [])

    def _route(self, method: str, parts: list[str], params: Json) -> Json:
        posts: dict[str, Callable[[Json], Json]] = {
            "customers": self._customer,
            "ephemeral_keys": self._ephemeral_key,
            "payment_intents": self._intent,
            "subscriptions": self._subscription,
            "subscription_schedules": self._schedule,
            "checkout/sessions": self._session,
            "billing_portal/sessions": self._portal,
        }
        joined = "/".join(parts)
        if method == "POST" and joined in posts:
            return posts[joined](params)
        if method == "GET" and joined == "events":
            return self._events(params)
        if method == "GET" and joined == "invoice_payments":
            return self._invoice_payments(params)
        if method == "GET" and joined in LISTS:
            return self._list(LISTS[joined], params)
        if joined.startswith("checkout/sessions/"):
            parts = parts[1:]
        if len(parts) < 2:
            raise Refusal(404, "unknown_route")
        return self._one(method, parts[1], parts[2:], params)

    def _one(self, method: str, identifier: str, rest: list[str], params: Json) -> Json:
        world, thing = self.world, self.world.get(identifier)
        answer = thing
        match method, thing["object"], rest:
            case "GET", "invoice", ["lines"]:
                lines = self.lines.get(identifier, thing["lines"]["data"])
                answer = make.page(lines)
            case "GET", _, []:
                pass
            case "DELETE", "customer", []:
                del world.things[identifier]
                answer = {"id": identifier, "object": "customer", "deleted": True}
            case "DELETE", "subscription", []:
                world.cancel_now(identifier)
            case "POST", "subscription", []:
                self._update(thing, params)
            case "POST", "subscription_schedule", ["release"]:
                world.get(thing["subscription"])["schedule"] = None
                self._change_schedule(thing, {"status": "released"})
            case "POST", "subscription_schedule", []:
                self._change_schedule(thing, {"phases": _phases(thing, params)})
            case "POST", "checkout.session", ["expire"]:
                world.expire(identifier)
            case "POST", "invoice", ["void"]:
                world.void(identifier)
            case _:
                raise Refusal(404, "unknown_route")
        return answer

    def _customer(self, params: Json) -> Json:
        thing = {"id": self.world.new_id("cus"), "object": "customer", "metadata": {}}
        return self.world.add(thing | params)

    def _ephemeral_key(self, params: Json) -> Json:
        self.world.get(params["customer"], "customer")
        key = {"id": self.world.new_id("ephkey"), "object": "ephemeral_key"}
        return key | {"secret": "ek_test_" + key["id"]}

    def _intent(self, params: Json) -> Json:
        self.world.get(params["customer"], "customer")
        fields = {name: params[name] for name in ("currency", "customer", "metadata")}
        amount = int(params["amount"])
        thing = make.intent(id=self.world.new_id("pi"), amount=amount, **fields)
        return self.world.add(thing)

    def _subscription(self, params: Json) -> Json:
        self.world.get(params["customer"], "customer")
        metadata, price = params["metadata"], params["items"][0]["price"]
        subscribed = self.world.subscribe(params["customer"], price, metadata)
        self.world.tell("customer.subscription.created", subscribed)
        return subscribed

    def _update(self, subscribed: Json, params: Json) -> None:
        world = self.world
        if subscribed["status"] == "canceled":
            raise Refusal(404, "resource_missing", "id")
        if subscribed["schedule"] and "cancel_at_period_end" in params:
            raise Refusal(400, "managed_by_schedule")
        previous: Json = {"latest_invoice": subscribed["latest_invoice"]}
        if "items" in params:
            price = world.price(params["items"][0]["price"])
            previous["items"] = {"data": [dict(subscribed["items"]["data"][0])]}
            if params["proration_behavior"] == "always_invoice":
                if self.declines:
                    self.declines -= 1
                    raise Refusal(402, "card_declined")
                subscribed["metadata"] |= params.get("metadata", {})
                world.upgrade(subscribed, price)
            else:
                item = subscribed["items"]["data"][0]
                item["price"] = {"id": price.id, "object": "price", "unit_amount": price.amount}
        if previous["latest_invoice"] == subscribed["latest_invoice"]:
            del previous["latest_invoice"]
        subscribed["metadata"] |= params.get("metadata", {})
        if ends := params.get("cancel_at_period_end"):
            previous["cancel_at_period_end"] = subscribed["cancel_at_period_end"]
            subscribed["cancel_at_period_end"] = ends == "true"
            subscribed["canceled_at"] = world.now() if ends == "true" else None
        world.tell("customer.subscription.updated", subscribed, previous)

    def _schedule(self, params: Json) -> Json:
        subscribed = self.world.get(params["from_subscription"])
        item = subscribed["items"]["data"][0]
        running = {
            "start_date": item["current_period_start"],
            "end_date": item["current_period_end"],
        }
        schedule = {
            "id": self.world.new_id("sub_sched"),
            "object": "subscription_schedule",
            "status": "active",
            "subscription": subscribed["id"],
            "current_phase": running,
            "phases": [running | {"items": [{"price": item["price"]["id"]}]}],
            "metadata": {},
        }
        subscribed["schedule"] = schedule["id"]
        kept = self.world.add(schedule)
        self.world.tell("subscription_schedule.created", kept)
        return kept

    def _change_schedule(self, schedule: Json, change: Json) -> None:
        schedule |= change
        self.world.tell("subscription_schedule.updated", schedule)

    def _session(self, params: Json) -> Json:
        if not params.get("success_url"):
            raise Refusal(400, "parameter_missing", "success_url")
        item = params["line_items"][0]
        if params["mode"] == "subscription":
            price = self.world.price(item["price"])
            amount, currency = price.amount, price.currency
        else:
            data = item["price_data"]
            amount, currency = int(data["unit_amount"]) * int(item["quantity"]), data["currency"]
        identifier = self.world.new_id("cs_test")
        inner = params.get("payment_intent_data") or params.get("subscription_data") or {}
        return self.world.add(
            {
                "id": identifier,
                "object": "checkout.session",
                "mode": params["mode"],
                "status": "open",
                "payment_status": "unpaid",
                "amount_total": amount,
                "currency": currency,
                "customer": params["customer"],
                "client_reference_id": params.get("client_reference_id"),
                "metadata": params.get("metadata", {}),
                "payment_intent": None,
                "subscription": None,
                "invoice": None,
                "url": f"https://checkout.invalid/{identifier}",
                "_price": item.get("price"),
                "_inner_metadata": inner.get("metadata", {}),
            }
        )

    def _portal(self, params: Json) -> Json:
        self.world.get(params["customer"], "customer")
        identifier = self.world.new_id("bps")
        return {"id": identifier, "url": f"https://billing.invalid/{identifier}"}

    def _list(self, kind: str, params: Json) -> Json:
        if "customer" in params:
            self.world.get(params["customer"], "customer")
        fields = {name: params[name] for name in FILTERS & params.keys()}
        found = self.world.of(kind, **fields)
        if subscription := params.get("subscription"):
            found = [one for one in found if _subscription_of(one) == subscription]
        return _page(found, params)

    def _events(self, params: Json) -> Json:
        wanted = set(params.get("types") or ())
        found = [one for one in reversed(self.world.events) if one["type"] in wanted]
        return _page(found, params)

    def _invoice_payments(self, params: Json) -> Json:
        if self.world.shape == OLD:
            raise Refusal(404, "unknown_route")
        intent = params["payment"]["payment_intent"]
        found = self.world.of("invoice", _intent=intent)
        payment = {"type": "payment_intent", "payment_intent": intent}
        return make.page([{"invoice": one["id"], "payment": payment} for one in found])

    def _expanded(self, thing: Json, paths: list[str]) -> Json:
        if thing.get("object") == "list":
            inner = [path.removeprefix("data.") for path in paths]
            return thing | {"data": [self._expanded(one, inner) for one in thing["data"]]}
        shown = render(thing, self.world.shape)
        for path in paths:
            name, _, rest = path.partition(".")
            if name in {"payments", "confirmation_secret"}:
                if self.world.shape == NEW:
                    shown[name] = self._included(thing, name)
            elif isinstance(shown.get(name), str):
                within = self.world.get(shown[name])
                shown[name] = self._expanded(within, [rest] if rest else [])
        return shown

    def _included(self, invoice: Json, path: str) -> Json:
        intent = self.world.get(invoice["_intent"])
        if path == "confirmation_secret":
            return {"type": "payment_intent", "client_secret": intent["client_secret"]}
        payment = {"type": "payment_intent", "payment_intent": intent["id"]}
        return make.page([{"object": "invoice_payment", "payment": payment}])


def _subscription_of(thing: Json) -> str:
    return str(thing["parent"]["subscription_details"]["subscription"])


def _phases(schedule: Json, params: Json) -> list[Json]:
    first, *others = params["phases"]
    running = schedule["current_phase"]
    start = running["end_date"]
    return [first | running, *(one | {"start_date": start} for one in others)]


def _page(found: list[Json], params: Json) -> Json:
    created = params.get("created") or {}
    low, high = int(created.get("gte", 0)), int(created.get("lt", 2**60))
    found = [one for one in found if low <= one["created"] < high]
    if after := params.get("starting_after"):
        found = found[[one["id"] for one in found].index(after) + 1 :]
    limit = int(params.get("limit", 10))
    return make.page(found[:limit], has_more=len(found) > limit)
