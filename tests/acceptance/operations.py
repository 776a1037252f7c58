"""Every route of the document, with an address and a body that it takes."""

from collections.abc import Mapping
from typing import Any

import httpx
from attrs import frozen

BODIES: Mapping[str, Mapping[str, Any]] = {
    "issue_token": {"user_id": "somebody"},
    "login": {"id_token": "x.y.z"},
    "update_profile": {"display_name": "Ada"},
    "create_completion": {
        "model": "mira",
        "messages": [{"role": "user", "content": "Hello!"}],
        "max_tokens": 20,
    },
    "regenerate_reply": {"max_tokens": 20},
    "create_session": {"character_id": "mira"},
    "rename_session": {"title": "Another title"},
    "report_message": {"reason": "rude"},
    "add_memory": {"character_id": "mira", "text": "Likes rain."},
    "correct_memory": {"text": "Likes snow."},
    "change_user": {"reason": "none"},
    "suspend_user": {"reason": "none"},
    "review_flag": {"decision": "dismissed"},
    "review_report": {"decision": "dismissed"},
    "place_order": {"product_id": "credits_500", "provider": "sandbox", "sandbox_outcome": "wait"},
    "open_portal": {"return_url": "https://app.example/back"},
    "simulate_store": {"action": "refund"},
    "grant_credits": {"amount": 1, "bucket": "promo", "reason": "none"},
}
"""What each route with a body takes, by its name in the document."""


@frozen
class Operation:
    name: str
    method: str
    path: str
    variables: tuple[str, ...]
    has_body: bool
    """Whether it takes JSON; routes that take files have tests of their own."""
    is_open: bool
    """Whether it may be called without a token."""
    needs_key: bool

    @property
    def body(self) -> dict[str, Any] | None:
        return dict(BODIES[self.name]) if self.has_body else None

    def at(self, **ids: str) -> str:
        """Its path with these ids; fails for a variable that is not among them."""
        return self.path.format(**ids)


def operations(base_url: str) -> list[Operation]:
    document = httpx.get(f"{base_url}/openapi.json", timeout=30).json()
    return [
        _operation(method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def _operation(method: str, path: str, told: Mapping[str, Any]) -> Operation:
    parameters = told["parameters"]
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        variables=tuple(one["name"] for one in parameters if one["in"] == "path"),
        has_body=tuple(told.get("requestBody", {}).get("content", ())) == ("application/json",),
        is_open=not told["security"] or {} in told["security"],
        needs_key=any(one["name"] == "Idempotency-Key" and one["required"] for one in parameters),
    )
