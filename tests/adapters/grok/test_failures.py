import json

import pytest

from adapters.grok.failures import Outcome, outcome_of, seconds_to_wait

CONTENT = "Content violates usage guidelines. Team: t, API key ID: k, Failed check: SAFETY"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, {"error": "Incorrect API key provided: xa***. You can obtain one"}, "credentials"),
        (400, {"error": {"message": "bad", "code": "invalid_api_key"}}, "credentials"),
        (400, {"error": "max_tokens must be positive"}, "rejected"),
        (400, {"error": {"code": "model_not_found", "message": "x"}}, "model_gone"),
        (400, {"error": "The requested model does not exist"}, "model_gone"),
        (400, {"error": {"code": "content_policy_violation", "message": "x"}}, "content"),
        (401, {"error": "no"}, "credentials"),
        (402, {"error": "pay"}, "credentials"),
        (403, {"code": "permission-denied", "error": CONTENT}, "content"),
        (403, {"code": "permission-denied", "error": "Access is denied"}, "credentials"),
        (403, "<html>forbidden</html>", "credentials"),
        (404, {"error": "The model grok-3 does not exist"}, "model_gone"),
        (404, "404 page not found", "model_gone"),
        (408, "", "server_error"),
        (413, "", "rejected"),
        (422, {"error": "unknown field"}, "rejected"),
        (429, {"error": "Too many requests"}, "rate_limited"),
        (429, {"error": "Your team has used all available credits"}, "credentials"),
        (429, {"error": {"code": "insufficient_quota", "message": "x"}}, "credentials"),
        (500, {"error": CONTENT}, "server_error"),
        (503, "", "server_error"),
        (529, "", "server_error"),
        (302, "", "malformed"),
        (204, "", "malformed"),
    ],
)
def test_status_and_words_together_tell_what_happened(
    status: int, body: object, outcome: str
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)

    assert outcome_of(status, text) == Outcome(outcome)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers) == seconds
