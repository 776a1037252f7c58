"""The App Store Server API, asked with a deadline."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
from appstoreserverlibrary.api_client import (
    APIException,
    AsyncAppStoreServerAPIClient,
    BaseAppStoreServerAPIClient,
    GetTransactionHistoryVersion,
)
from appstoreserverlibrary.models.ConsumptionRequest import ConsumptionRequest
from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.HistoryResponse import HistoryResponse
from appstoreserverlibrary.models.LastTransactionsItem import LastTransactionsItem
from appstoreserverlibrary.models.NotificationHistoryRequest import NotificationHistoryRequest
from appstoreserverlibrary.models.NotificationHistoryResponseItem import (
    NotificationHistoryResponseItem,
)
from appstoreserverlibrary.models.TransactionHistoryRequest import TransactionHistoryRequest

from adapters.apple.environments import StoreEnvironment, read_environments
from domain.errors import Unavailable

CALL_SECONDS = 6.0
MOST_PAGES = 500
"""Of twenty entries each; a list that goes on has lost its way."""
LONGEST_MEMORY = timedelta(days=179)
"""Apple keeps notifications for 180 days and refuses to be asked about earlier ones."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_ANSWER = "The App Store does not answer at the moment."

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Refused(Exception):
    """The App Store will not do what was asked, however often; ``code`` is its own."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class AppStoreApi:
    """Asks each environment in turn until one knows what is asked about.

    ``private_key`` is the PEM of an In-App Purchase key; ``base_url`` replaces Apple's hosts: one
    address for all environments, or one for each. Everything raises ``Unavailable`` when there is
    no answer, or none that can be read, and ``Refused`` when Apple finds fault with the question.
    """

    def __init__(
        self,
        *,
        private_key: bytes,
        key_id: str,
        issuer_id: str,
        bundle_id: str,
        environments: Sequence[str] = (StoreEnvironment.PRODUCTION, StoreEnvironment.SANDBOX),
        base_url: str | Mapping[str, str] | None = None,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._call_seconds = call_seconds
        asked = read_environments(environments)
        urls: Mapping[str, str] = {}
        if isinstance(base_url, str):
            # It stands for all environments: asking it twice would say everything twice.
            asked = asked[:1]
            urls = dict.fromkeys(asked, base_url)
        elif base_url:
            urls = base_url
        self._clients = [
            _Client(
                signing_key=private_key,
                key_id=key_id,
                issuer_id=issuer_id,
                bundle_id=bundle_id,
                environment=Environment(environment.value),
                base_url=urls.get(environment),
            )
            for environment in asked
        ]

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients:
            await client.http_client.aclose()

    async def find_transaction(self, transaction_id: str) -> str | None:
        """The signed transaction with this id."""
        found = await self._first(lambda client: client.get_transaction_info(transaction_id))
        return _given(found.signedTransactionInfo) if found else None

    async def find_status(self, reference: str) -> LastTransactionsItem | None:
        """How the subscription with this original transaction stands, and why."""
        found = await self._first(lambda client: client.get_all_subscription_statuses(reference))
        groups = _given(found.data) if found else []
        items = [item for group in groups for item in group.lastTransactions or []]
        return next((item for item in items if item.originalTransactionId == reference), None)

    async def list_history(self, transaction_id: str) -> AsyncIterator[str]:
        """All signed transactions of the customer of this one; none when it is not known."""
        revision: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._first(partial(_ask_history, transaction_id, revision))
            if page is None:
                break
            for signed in _given(page.signedTransactions):
                yield signed
            if not page.hasMore or not page.revision or page.revision == revision:
                break
            revision = page.revision

    async def list_notifications(
        self, since: datetime, until: datetime
    ) -> AsyncIterator[NotificationHistoryResponseItem]:
        """What was sent from ``since`` until before ``until``, whether it arrived or not."""
        request = NotificationHistoryRequest(
            startDate=_milliseconds(max(since, until - LONGEST_MEMORY)),
            endDate=_milliseconds(until),
        )
        for client in self._clients:
            token: str | None = None
            for _ in range(MOST_PAGES):
                page = await self._call(client.get_notification_history(token, request))
                if page is None:
                    break
                for item in _given(page.notificationHistory):
                    yield item
                if not page.hasMore or page.paginationToken in {None, token}:
                    break
                token = page.paginationToken

    async def send_consumption(self, transaction_id: str, request: ConsumptionRequest) -> bool:
        """Whether the App Store took it; False when it does not know the transaction.

        Raises ``Refused`` when it finds fault with what is sent.
        """
        sent = await self._first(
            lambda client: _then_true(client.send_consumption_information(transaction_id, request))
        )
        return bool(sent)

    async def _first(self, ask: Callable[["_Client"], Awaitable[_T]]) -> _T | None:
        """The answer of the first environment that knows it; None when none does."""
        failure: Unavailable | None = None
        for client in self._clients:
            try:
                found = await self._call(ask(client))
            except _KeyRefused as error:
                # An app that is not on sale yet has no production environment, says this answer.
                failure = error
                continue
            if found is not None:
                return found
        if failure:
            raise failure
        return None

    async def _call(self, answer: Awaitable[_T]) -> _T | None:
        """One answer; None when the App Store does not know what is asked about."""
        try:
            async with asyncio.timeout(self._call_seconds):
                return await answer
        except APIException as error:
            _judge(error)
            return None
        except (TimeoutError, httpx.HTTPError, OSError) as error:
            _log.warning("the App Store does not answer: %s", type(error).__name__)
            raise Unavailable(_NO_ANSWER) from error
        except Exception as error:
            # Whatever the library makes of an answer that is none of Apple's.
            _log.warning("an answer of the App Store is not usable: %s", type(error).__name__)
            raise Unavailable(_NO_ANSWER) from error


class _KeyRefused(Unavailable):
    """The App Store does not take our key."""


class _Client(AsyncAppStoreServerAPIClient):
    """The library's client with our connections: it knows Apple's hosts only."""

    def __init__(self, *, base_url: str | None, **known: Any) -> None:  # noqa: ANN401 - the base's own
        # Not the direct base, which would open connections of its own.
        BaseAppStoreServerAPIClient.__init__(self, **known)
        if base_url:
            self._base_url = base_url.rstrip("/")
        url = httpx.URL(self._base_url)
        self.http_client = httpx.AsyncClient(
            timeout=CALL_SECONDS,
            follow_redirects=False,
            # A proxy of the environment is for what lies outside, never for this machine.
            trust_env=url.host not in _LOOPBACK,
            # Loading the authorities takes a while; without TLS they serve nothing.
            verify=True if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )


def _judge(error: APIException) -> None:
    """Return when it only says that there is no such thing."""
    status = error.http_status_code
    if status == HTTPStatus.NOT_FOUND:
        return
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        _log.error("the App Store does not take the key: status %d", status)
        raise _KeyRefused(_NO_ANSWER)
    is_lasting = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_lasting and status not in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}:
        raise Refused(error.raw_api_error or status) from error
    _log.warning("the App Store cannot answer: status %d", status)
    raise Unavailable(_NO_ANSWER) from error


def _given(value: _T | None) -> _T:
    """What an answer of Apple's always has: without it, it is somebody else's."""
    if value is None:
        raise Unavailable(_NO_ANSWER)
    return value


def _ask_history(
    transaction_id: str, revision: str | None, client: _Client
) -> Awaitable[HistoryResponse]:
    return client.get_transaction_history(
        transaction_id, revision, TransactionHistoryRequest(), GetTransactionHistoryVersion.V2
    )


async def _then_true(done: Awaitable[object]) -> bool:
    await done
    return True


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
