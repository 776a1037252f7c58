"""The OpenAPI document says what is served, and its page needs no other server."""

import asyncio
import os
import re
import sys
from typing import Any

import jsonschema_rs
import pytest

from application.ports.rate_limiter import RateLimit
from domain.chat import MAX_TITLE_CHARACTERS
from domain.wallet import MAX_CREDITS
from entrypoints.config import Settings
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with, serving

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


async def document_of(api: Api) -> dict[str, Any]:
    reply = await api("GET", "/openapi.json", by=None)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    document: dict[str, Any] = reply.json
    return document


def references(part: object) -> set[str]:
    """Everything that is referred to, anywhere inside."""
    if isinstance(part, dict):
        here = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return here.union(*(references(one) for one in part.values()))
    if isinstance(part, list):
        return set().union(*(references(one) for one in part))
    return set()


async def test_every_reference_leads_somewhere(api: Api) -> None:
    document = await document_of(api)
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


async def test_every_schema_is_one(api: Api) -> None:
    schemas = (await document_of(api))["components"]["schemas"]
    for name, schema in schemas.items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema",
                                     **schema})  # fmt: skip
        assert schema.get("description"), name


async def test_every_operation_is_described(api: Api) -> None:
    document = await document_of(api)
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) > 40
    for operation in operations:
        assert operation["summary"].endswith("."), operation["operationId"]
        for status, response in operation["responses"].items():
            assert response["description"], (operation["operationId"], status)


async def test_limits_are_named(api: Api) -> None:
    document = await document_of(api)
    schemas = document["components"]["schemas"]
    assert schemas["Grant"]["properties"]["amount"]["maximum"] == MAX_CREDITS
    assert schemas["SessionChange"]["properties"]["title"]["maxLength"] == MAX_TITLE_CHARACTERS
    assert "262144 bytes" in document["info"]["description"]
    listing = document["paths"]["/v1/chat/sessions"]["get"]["parameters"]
    limit = next(one for one in listing if one["name"] == "limit")["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 20)


async def test_a_turn_says_all_that_may_come_of_it(api: Api) -> None:
    document = await document_of(api)
    operation = document["paths"]["/v1/chat/completions"]["post"]
    assert set(operation["responses"]) == {
        "200", "400", "401", "402", "403", "404", "408", "409", "413", "422", "429", "500", "503",
    }  # fmt: skip
    assert set(operation["responses"]["200"]["content"]) == {
        "application/json",
        "text/event-stream",
    }
    stream = operation["responses"]["200"]["content"]["text/event-stream"]
    assert "type" not in stream["schema"], "tools that check each event by it would refuse them all"
    assert stream["x-event-data"] == {"$ref": "#/components/schemas/ChatCompletionChunk"}
    assert "RateLimit" in operation["responses"]["200"]["headers"]
    assert "Retry-After" in operation["responses"]["429"]["headers"]
    assert operation["security"] == [{"IdToken": []}]
    names = {one["name"] for one in operation["parameters"]}
    assert "Idempotency-Key" in names


async def test_a_route_that_is_not_served_is_not_documented() -> None:
    async with api_with(Settings(), HttpSettings()) as api:
        assert "/v1/auth/dev-token" not in (await document_of(api))["paths"]


async def test_the_page_and_all_its_parts_come_from_here(api: Api) -> None:
    page = await api("GET", "/docs", by=None)
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    links = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())
    assert len(links) >= 4
    assert not any("//" in link for link in links)
    for link in links:
        part = await api("GET", link, by=None)
        assert part.status == 200, link
        assert len(part.body) > 100, link
    assert b"<script>" not in page.body
    assert b"//" not in (await api("GET", "/docs/start.js", by=None)).body


async def test_the_page_gives_away_no_other_file(api: Api) -> None:
    for name in ("index.html", "..%2f__init__.py", "swagger-ui.js"):
        assert (await api("GET", f"/docs/{name}", by=None)).status == 404


async def test_the_front_door_points_to_it(api: Api) -> None:
    assert (await api("GET", "/", by=None)).json["docs"] == "/docs"
    async with api_with(Settings(environment="staging")) as staging:
        assert (await staging("GET", "/", by=None)).status == 404


@pytest.mark.timeout(240)
async def test_requests_made_from_the_document_meet_no_fault_and_no_undocumented_answer() -> None:
    many = RateLimit(10**6, 60)
    settings = Settings(rate_limit_per_user=many, rate_limit_per_address=many)
    async with api_with(settings) as api, serving(api.app) as url:
        token = await api.token("root", admin=True)
        tester = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json",
            "--header", f"Authorization: Bearer {token}", "--checks", CHECKS,
            "--phases", "coverage", "--max-examples", "2", "--continue-on-failure",
            "--exclude-path-regex", "/auth/(me|logout)$|suspend$", "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        told, _ = await tester.communicate()
    assert tester.returncode == 0, told.decode()[-6_000:]
