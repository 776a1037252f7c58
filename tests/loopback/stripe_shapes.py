"""Stripe's objects as an older API version wrote them, from the shape since "basil"."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]
NEW, OLD = "basil", "acacia"
VERSIONS = {NEW: "2026-10-28.endive", OLD: "2024-11-20.acacia"}


def render(thing: Json, shape: str) -> Json:
    """What an answer or a webhook of this shape carries; names with ``_`` stay here."""
    shown = _visible(deepcopy(thing)) if shape == NEW else _aged(deepcopy(thing))
    return dict(shown)


def _visible(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _visible(one) for name, one in value.items() if not name.startswith("_")}
    return [_visible(one) for one in value] if isinstance(value, list) else value


def _aged(thing: Json) -> Json:
    match thing.get("object"):
        case "invoice":
            details = thing.pop("parent")["subscription_details"]
            thing["subscription"] = details["subscription"]
            thing["subscription_details"] = {"metadata": details["metadata"]}
            thing["payment_intent"] = thing["_intent"]
            thing["charge"] = thing["_charge"]
            thing["lines"]["data"] = [_aged_line(line) for line in thing["lines"]["data"]]
        case "subscription":
            for item in thing["items"]["data"]:
                thing["current_period_start"] = item.pop("current_period_start")
                thing["current_period_end"] = item.pop("current_period_end")
                thing["plan"] = {"id": item["price"]["id"], "object": "plan"}
                item["plan"] = thing["plan"]
        case "charge" | "payment_intent":
            thing["invoice"] = thing["_invoice"]
    return dict(_visible(thing))


def _aged_line(line: Json) -> Json:
    details = line.pop("parent")["subscription_item_details"]
    price = line.pop("pricing")["price_details"].get("price")
    return line | {
        "type": "subscription",
        "proration": details["proration"],
        "subscription": details["subscription"],
        "price": {"id": price, "object": "price"},
        "plan": {"id": price, "object": "plan"},
    }
