"""A repeated request has one effect and one answer."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from attrs import frozen
from werkzeug.exceptions import BadRequest

from application.ports.clock import Clock
from application.ports.idempotency_store import Claim, IdempotencyStore, StoredAnswer
from domain.errors import Conflict, DomainError, NotFound, Unavailable
from domain.first_time import FirstTime
from entrypoints.http.answers import JSON, NO_CONTENT, Answer
from entrypoints.http.json_input import canonical
from entrypoints.http.request import HttpRequest

HEADER: Final = "Idempotency-Key"
MAX_KEY: Final = 255
_VISIBLE = (0x21, 0x7E)
_STEP_SECONDS = 0.05
_WAIT_SECONDS = 10.0
"""Longer than the claim of a process that died: whoever comes again is answered, only later."""
_RENEW_SECONDS = 2.0

_log = logging.getLogger(__name__)


@frozen
class RequestKey:
    """The client's key, and what tells this request from others under the same key."""

    key: str
    fingerprint: str
    deletes: bool


def request_key(request: HttpRequest, raw: bytes, *, is_json: bool = True) -> RequestKey | None:
    """The key of this request, None when it has none; raises 400 for one that cannot be.

    JSON that says the same is the same body, a file only one with the same bytes.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    first, last = _VISIBLE
    if not 1 <= len(key) <= MAX_KEY or not all(first <= ord(one) <= last for one in key):
        raise BadRequest(f"{HEADER} has 1 to {MAX_KEY} visible ASCII characters.")
    body = canonical(raw) if is_json else raw
    place = (request.method.encode(), request.path.encode(), request.query_string)
    fingerprint = hashlib.sha256(b"\n".join((*place, body))).hexdigest()
    return RequestKey(key, fingerprint, deletes=request.method == "DELETE")


class Repeats:
    """Does the work of a key once, and gives its answer to whoever comes with it again."""

    def __init__(self, store: IdempotencyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def once(
        self, user_id: str, key: RequestKey, work: Callable[[FirstTime], Awaitable[Answer]]
    ) -> Answer:
        """The answer of ``work``, done now or earlier; a refusal gives the key back.

        A process that dies after the work and before its answer is kept has it done again, with
        the same ``FirstTime``: only what takes its ids from that happens once. What it was to
        delete, and is gone then, is deleted.

        Raises ``IdempotencyKeyReused``, ``Conflict`` when somebody is at it for too long, and
        what ``work`` raises.
        """
        asked_at = self._clock.now()
        claim = await self._claim(user_id, key)
        stored = claim.answer
        if stored is not None:
            return Answer(stored.body, stored.status, content_type=JSON if stored.body else None)
        staying = asyncio.create_task(self._stay(user_id, key))
        first = FirstTime(claim.used_at, f"{user_id} {key.key} {key.fingerprint}")
        try:
            answer = await _done(work(first), may_be_gone=key.deletes and claim.used_at < asked_at)
        except BaseException as error:
            # A store that is away keeps the claim; it runs out by itself.
            with suppress(Unavailable):
                await self._give_back(user_id, key, error)
            raise
        finally:
            staying.cancel()
        await self._keep(user_id, key, StoredAnswer(answer.status, answer.body))
        return answer

    async def _stay(self, user_id: str, key: RequestKey) -> None:
        """Keep the claim for as long as the work takes."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(Unavailable):
                await self._store.renew(user_id, key.key, self._clock.now())

    async def _give_back(self, user_id: str, key: RequestKey, error: BaseException) -> None:
        """After a refusal to anybody, otherwise to whoever sends the same request again.

        A store that did not answer may have done what it was told.
        """
        if isinstance(error, DomainError) and not isinstance(error, Unavailable):
            await self._store.abandon(user_id, key.key)
        else:
            await self._store.release(user_id, key.key)

    async def _keep(self, user_id: str, key: RequestKey, answer: StoredAnswer) -> None:
        """Keep the answer, or at least give it: whoever is told that nothing came of it asks again.

        A connection that was cut is tried once more; a store that is away is not waited for.
        """
        for _ in range(2):
            with suppress(Unavailable):
                await self._store.complete(user_id, key.key, answer, self._clock.now())
                return
        _log.warning("an answer could not be kept for who asks again")

    async def _claim(self, user_id: str, key: RequestKey) -> Claim:
        """The work is ours, or it has the answer of whoever did it."""
        give_up_at = asyncio.get_running_loop().time() + _WAIT_SECONDS
        while True:
            now = self._clock.now()
            claim = await self._store.claim(user_id, key.key, key.fingerprint, now)
            if claim.is_ours or claim.answer is not None:
                return claim
            if asyncio.get_running_loop().time() > give_up_at:
                raise Conflict("The first request with this key is still at work; ask again.")
            await asyncio.sleep(_STEP_SECONDS)


async def _done(working: Awaitable[Answer], *, may_be_gone: bool) -> Answer:
    """What it answers; ``may_be_gone``: what it does not find was deleted the first time."""
    try:
        return await working
    except NotFound:
        if may_be_gone:
            return NO_CONTENT
        raise
