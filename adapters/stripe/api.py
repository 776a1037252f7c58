"""Calls to Stripe's API: one pinned version, one deadline, one policy for trying again.

They go through the SDK's ``raw_request_async``, so that an answer is the same plain JSON that
webhooks carry, and one way of reading serves both. The transport is aiohttp: a call by httpx costs
many times as much. Of the SDK's own aiohttp client only the interface is used: it reads all
authorities in the event loop, follows redirects with whatever was asked, and neither translates an
error that comes while a body is read nor lets go of the connection then.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import stripe
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from attrs import frozen

from application.ports.clock import Clock
from domain.errors import Unavailable

API_VERSION = "2026-10-28.endive"
"""What answers look like; the shape of webhooks follows the endpoint's own version instead."""
ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.25
CONNECT_SECONDS = 2.0
PAGE = 100

Json = Mapping[str, Any]
_NO_SUCH = frozenset({404, 405, 501})
"""The latter two a stand-in for Stripe says of what it does not have; Stripe itself never."""
_NO_OPTIONS: Mapping[str, str] = {}
_log = logging.getLogger(__name__)
# It writes addresses with ids in them at INFO, and whole bodies at DEBUG.
logging.getLogger("stripe").setLevel(logging.WARNING)


class Refused(Exception):
    """Stripe does not do what it is asked; ``what`` is the parameter that it objects to, if any."""

    def __init__(self, what: str | None = None) -> None:
        super().__init__("Stripe refuses what it is asked.")
        self.what = what


class Missing(Refused):
    """Stripe knows no such thing."""


class Declined(Refused):
    """The payment was refused: by the bank, or because the payer would have to confirm it."""


@frozen
class Answer:
    """``at`` is when it was given, by Stripe's clock."""

    body: Json
    at: datetime


class StripeApi:
    """Made anywhere; it opens in the event loop of its first call. ``deadline`` is in seconds.

    Every call raises ``Unavailable`` when Stripe does not answer within it or does not take our
    key, and ``Refused`` when it does not want to.
    """

    def __init__(
        self,
        secret_key: str,
        clock: Clock,
        *,
        base_url: str | None = None,
        deadline: float = 8.0,
    ) -> None:
        self._key = secret_key
        self._clock = clock
        self._base_url = (base_url or stripe.DEFAULT_API_BASE).rstrip("/")
        self._deadline = deadline
        self._is_outside = urlsplit(self._base_url).scheme == "https"
        self._tls = (
            ssl.create_default_context(cafile=stripe.ca_bundle_path) if self._is_outside else True
        )
        self._session: ClientSession | None = None
        self._client: stripe.StripeClient | None = None
        self._is_closed = False

    @property
    def is_live(self) -> bool:
        """Whether the key moves real money."""
        return not self._key.startswith(("sk_test", "rk_test"))

    async def get(self, path: str, **params: object) -> Json:
        """One object; ``path`` comes after ``/v1/``."""
        return (await self._call("get", path, params)).body

    async def post(self, path: str, params: Json, *, key: str | None = None) -> Answer:
        """Make or change something, once for each ``key``."""
        # Without a key of ours, the tries of this one call still share one.
        options = {"idempotency_key": key or uuid4().hex}
        return await self._call("post", path, params, options)

    async def delete(self, path: str) -> Json:
        """Remove something."""
        return (await self._call("delete", path, {})).body

    async def find(self, path: str, **params: object) -> Json | None:
        """One object, or None when Stripe does not know it."""
        try:
            return await self.get(path, **params)
        except Missing:
            return None

    async def list_all(self, path: str, **params: object) -> AsyncIterator[Json]:
        """Every object of a list, page by page."""
        after: dict[str, object] = {}
        while True:
            page = await self.get(path, limit=PAGE, **params, **after)
            found = page.get("data") or []
            for one in found:
                yield one
            if not page.get("has_more") or not found:
                return
            after = {"starting_after": found[-1]["id"]}

    @asynccontextmanager
    async def deadline(self) -> AsyncIterator[None]:
        """All calls within it have the time of one."""
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError:
            _log.warning("Stripe did not answer in time.")
            raise Unavailable("The payment provider does not answer right now.") from None

    async def aclose(self) -> None:
        """Close all connections; nothing can be asked any more."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    def now(self) -> datetime:
        """For what Stripe tells no time of."""
        return self._clock.now()

    async def _call(
        self, method: str, path: str, params: Json, options: Mapping[str, str] = _NO_OPTIONS
    ) -> Answer:
        client = self._client or self._open()
        async with self.deadline():
            return await self._try(client, method, f"/v1/{path}", dict(params), options)

    async def _try(
        self,
        client: stripe.StripeClient,
        method: str,
        path: str,
        params: dict[str, Any],
        options: Mapping[str, str],
    ) -> Answer:
        pause = FIRST_PAUSE_SECONDS
        for left in reversed(range(ATTEMPTS)):
            try:
                answer = await client.raw_request_async(method, path, **params, **options)
            except stripe.StripeError as error:
                if not left or not _may_try_again(error):
                    raise _refusal(error, path) from None
            else:
                return Answer(_object(answer.data), self._time_of(answer.headers))
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - only spreads
            pause *= 2
        message = "the last try either answers or raises"
        raise AssertionError(message)

    def _time_of(self, headers: Mapping[str, str]) -> datetime:
        try:
            return parsedate_to_datetime(headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return self._clock.now()

    def _open(self) -> stripe.StripeClient:
        if self._is_closed:
            message = "closed"
            raise RuntimeError(message)
        self._session = ClientSession(
            connector=TCPConnector(ssl=self._tls),
            timeout=ClientTimeout(total=self._deadline, connect=CONNECT_SECONDS),
            cookie_jar=DummyCookieJar(),
            trust_env=self._is_outside,
        )
        self._client = stripe.StripeClient(
            self._key,
            stripe_version=API_VERSION,
            base_addresses={"api": self._base_url},
            max_network_retries=0,
            http_client=_Transport(session=self._session),
        )
        return self._client


class _Transport(stripe.AIOHTTPClient):
    """One request; when and how often to try is decided above."""

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        asked = self._session.request(
            method, url, headers=headers, data=post_data, allow_redirects=False
        )
        try:
            async with asked as response:
                return await response.read(), response.status, response.headers
        except (ClientError, OSError) as error:
            self._handle_request_error(error)


def segment(identifier: str) -> str:
    """An id as a part of a path, whatever is in it."""
    return quote(identifier, safe="")


def _object(answer: object) -> Json:
    """Whatever Stripe answers is a list, or has an id."""
    if isinstance(answer, dict) and ("data" in answer or isinstance(answer.get("id"), str)):
        return answer
    _log.warning("Stripe's answer is not an object.")
    raise Unavailable("The payment provider's answer cannot be read.")


def _may_try_again(error: stripe.StripeError) -> bool:
    advice = (error.headers or {}).get("Stripe-Should-Retry")
    if advice in {"true", "false"}:
        return advice == "true"
    status = error.http_status
    return status is None or status in {409, 429} or (status >= 500 and status not in _NO_SUCH)  # noqa: PLR2004 - HTTP's own


def _refusal(error: stripe.StripeError, path: str) -> Refused | Unavailable:
    """Only codes are told: Stripe's words may name people, cards and keys."""
    status, what = error.http_status, getattr(error, "param", None)
    thing = path.removeprefix("/v1/").partition("/")[0]
    _log.warning("Stripe refused a call: %s, HTTP %s, %s", thing, status, error.code)
    if isinstance(error, stripe.CardError) or status == 402:  # noqa: PLR2004 - HTTP's own
        return Declined(what)
    if status in _NO_SUCH or error.code == "resource_missing":
        return Missing(what)
    if isinstance(error, stripe.InvalidRequestError | stripe.IdempotencyError):
        return Refused(what)
    return Unavailable("The payment provider does not answer right now.")
