"""The OpenAPI document, made from the routes' declarations: what is served is what it says."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from domain.errors import (
    AccountSuspended,
    Conflict,
    DomainError,
    Forbidden,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from entrypoints.http.answers import JSON
from entrypoints.http.errors import outcome_of
from entrypoints.http.event_stream import EVENT_STREAM
from entrypoints.http.idempotency import HEADER, MAX_KEY
from entrypoints.http.json_input import MAX_NESTING
from entrypoints.http.query_input import MAX_TEXT, NoQuery
from entrypoints.http.routing import Access, Keys, Rate, Route
from entrypoints.http.schemas.chat import EVENT_ID_OR_NONE
from entrypoints.http.schemas.errors import ErrorAnswer
from entrypoints.http.services import HttpSettings
from entrypoints.http.uploads import FORM

VERSION: Final = "3.1.0"
_VARIABLE = re.compile("<(?P<name>[a-z_]+)>")
_REF: Final = "#/components/schemas/{name}"
_SCHEME: Final = "IdToken"
_LIMITED_STATUS = 429
_FILE: Final = {"type": "string", "format": "binary"}


def openapi_document(routes: Iterable[Route], settings: HttpSettings) -> dict[str, Any]:
    """The document as JSON values."""
    documented = [route for route in routes if route.is_documented]
    schemas = _Schemas(documented)
    paths: dict[str, dict[str, Any]] = {}
    for route in documented:
        path = _VARIABLE.sub(r"{\g<name>}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": VERSION,
        "info": {
            "title": "Companion",
            "version": settings.version,
            "description": _introduction(settings),
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in documented)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "headers": _HEADERS,
            "securitySchemes": {
                _SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An ID token of Firebase, or of the local issuer.",
                }
            },
        },
    }


def _introduction(settings: HttpSettings) -> str:
    return (
        "Characters to talk to, that remember and that are paid in credits. A bare OpenAI SDK "
        "works with the base URL `/v1` and an ID token as its API key.\n\n"
        f"Bodies are JSON in UTF-8 of at most {settings.max_body_bytes} bytes, nested at most "
        f"{MAX_NESTING} deep, and must arrive within {settings.body_seconds:g} s; fields that are "
        "not named here are ignored. Times are RFC 3339 in UTC, ids are opaque, lists are read "
        "page by page with `limit` and `cursor`. Every answer has an `X-Request-ID`; a client may "
        "send its own (1 to 64 letters, digits, dots, hyphens or underscores).\n\n"
        "Requests are counted by account (how many a minute depends on the tier) and by address; "
        "`RateLimit` says what is left."
    )


class _Schemas:
    """JSON Schemas of everything that goes in or out."""

    def __init__(self, routes: Iterable[Route]) -> None:
        types: dict[Any, None] = {ErrorAnswer: None}
        for route in routes:
            for type_ in (route.body, route.answers, route.events, *route.also.values()):
                if type_ is not None:
                    types[type_] = None
        found: tuple[dict[str, Any], ...]
        found, self.components = msgspec.json.schema_components(types, ref_template=_REF)
        self._refs: dict[Any, Mapping[str, Any]] = dict(zip(types, found, strict=True))

    def ref(self, type_: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a type of any kind
        """Where the schema of this type stands."""
        return self._refs[type_]


_HEADERS: Final[dict[str, Any]] = {
    "RequestId": {
        "description": "Names this request, also in our logs.",
        "schema": {"type": "string"},
    },
    "RetryAfter": {
        "description": "In how many seconds to try again.",
        "schema": {"type": "integer"},
    },
    "RateLimitPolicy": {
        "description": 'The tightest limit that applies: `"default";q=<requests>;w=<seconds>`.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left of it: `"default";r=<requests>;t=<seconds until it is new>`.',
        "schema": {"type": "string"},
    },
}


def _operation(route: Route, schemas: _Schemas) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(route.handler) or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": summary,
        "description": description.strip(),
        "parameters": list(_parameters(route)),
        "responses": _responses(route, schemas),
        "security": _security(route),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": not route.is_body_optional,
            "content": {JSON: {"schema": schemas.ref(route.body)}},
        }
    if route.upload is not None:
        operation["requestBody"] = {
            "required": True,
            "description": f"A file of at most {route.upload.limit} bytes.",
            "content": {media: {"schema": _upload_schema(media)} for media in route.upload.media},
        }
    return operation


def _upload_schema(media: str) -> dict[str, Any]:
    if media == JSON:
        return {"type": "object"}
    if media != FORM:
        return _FILE
    return {"type": "object", "required": ["file"], "properties": {"file": _FILE}}


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.access is Access.PUBLIC:
        return []
    return [{_SCHEME: []}, {}] if route.access is Access.OPTIONAL else [{_SCHEME: []}]


def _parameters(route: Route) -> Iterator[dict[str, Any]]:
    text = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
    for found in _VARIABLE.finditer(route.path):
        yield {"name": found["name"], "in": "path", "required": True, "schema": text}
    if route.query is not NoQuery:
        _, components = msgspec.json.schema_components((route.query,), ref_template=_REF)
        fields = components[route.query.__name__]["properties"]
        yield from (_query_parameter(name, schema) for name, schema in fields.items())
    if route.events is not None and route.is_reading:
        yield {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "description": "The id of the last event seen; goes before `last_event_id`.",
            "schema": {"type": "string", "pattern": EVENT_ID_OR_NONE},
        }
    if route.revalidates:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "The `ETag` of what one has: the answer is empty if it is the latest.",
            "schema": {"type": "string"},
        }
    if route.keys is not Keys.NONE:
        yield {
            "name": HEADER,
            "in": "header",
            "required": route.keys is Keys.REQUIRED,
            "description": "Repeating a request with the same key and body has no second effect "
            "and gives the first answer, for 24 h.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_KEY,
                "pattern": "^[!-~]+$",
            },
        }


def _query_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter may be left out, but never is null."""
    choices = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
    if name != "limit":
        choices = [{key: value for key, value in choices[0].items() if key != "default"}]
    return {"name": name, "in": "query", "required": False, "schema": choices[0]}


def _responses(route: Route, schemas: _Schemas) -> dict[str, Any]:
    headers = {"X-Request-ID": _header("RequestId")}
    if route.rate is not Rate.NONE:
        headers["RateLimit-Policy"] = _header("RateLimitPolicy")
        headers["RateLimit"] = _header("RateLimit")
    content: dict[str, Any] = {}
    if route.answers is not None:
        content[route.media] = {"schema": schemas.ref(route.answers)}
    content.update({media: {"schema": _FILE} for media in route.files})
    if route.events is not None:
        content[EVENT_STREAM] = {
            # Without a type: some readers take it for the whole stream, some for one event.
            "schema": {"description": "Server-sent events; their data is `x-event-data`."},
            "x-event-data": schemas.ref(route.events),
        }
    success: dict[str, Any] = {
        "description": HTTPStatus(route.status).phrase,
        "headers": headers,
    }
    if content:
        success["content"] = content
    responses: dict[str, Any] = {str(route.status): success}
    if route.revalidates:
        responses["304"] = {"description": HTTPStatus(304).phrase, "headers": headers}
    for status, codes in sorted(_refusals(route).items()):
        responses[str(status)] = _refusal(status, codes, schemas)
    for status, type_ in route.also.items():
        content = {JSON: {"schema": schemas.ref(type_)}}
        description = HTTPStatus(status).phrase
        responses[str(status)] = {"description": description, "content": content}
    return responses


def _refusal(status: int, codes: set[str], schemas: _Schemas) -> dict[str, Any]:
    names = ", ".join(f"`{code}`" for code in sorted(codes))
    headers = {"X-Request-ID": _header("RequestId")}
    if status in {_LIMITED_STATUS, outcome_of(Unavailable).status}:
        headers["Retry-After"] = _header("RetryAfter")
    return {
        "description": f"{HTTPStatus(status).phrase}: {names}",
        "headers": headers,
        "content": {JSON: {"schema": schemas.ref(ErrorAnswer)}},
    }


def _refusals(route: Route) -> dict[int, set[str]]:
    """The codes that this route may refuse with, by status."""
    statuses: dict[int, set[str]] = {}
    for holds, kinds in _RULES:
        if holds(route):
            for kind in kinds:
                statuses.setdefault(outcome_of(kind).status, set()).add(kind.code)
    for kind in route.refuses:
        statuses.setdefault(outcome_of(kind).status, set()).add(kind.code)
    if _has_body(route):
        statuses[408] = {InvalidRequest.code}
    if _has_body(route) or route.keys is not Keys.NONE or _resumes(route):
        statuses.setdefault(400, set()).add(InvalidRequest.code)
    return statuses


def _has_body(route: Route) -> bool:
    return route.body is not None or route.upload is not None


def _resumes(route: Route) -> bool:
    return route.events is not None and route.is_reading


_RULES: Final[tuple[tuple[Callable[[Route], bool], tuple[type[DomainError], ...]], ...]] = (
    (lambda _: True, (DomainError,)),
    (lambda route: route.rate is not Rate.NONE, (RateLimited, Unavailable)),
    (lambda route: route.access is not Access.PUBLIC, (Unauthenticated, AccountSuspended)),
    (lambda route: route.access is Access.ADMIN, (Forbidden,)),
    (lambda route: "<" in route.path, (NotFound,)),
    (_has_body, (InvalidRequest, PayloadTooLarge)),
    (lambda route: route.query is not NoQuery, (InvalidRequest,)),
    (lambda route: route.keys is not Keys.NONE, (IdempotencyKeyReused, Conflict)),
)
"""What routes of a kind refuse with, whatever they do."""


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}
