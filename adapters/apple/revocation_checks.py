"""Asking whether a chain of certificates is still good, without waiting for ever.

Apple's library asks the certificates' own responders (OCSP), blocking, with 30 seconds for each of
two. So it is done in threads of ours: one for a chain however many wait for it, few at once, and
whoever waits does so for seconds. While a question hangs, the next ones for that chain are refused
at once. A chain that was found good is good for a quarter of an hour.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum

from appstoreserverlibrary.signed_data_verifier import VerificationException, VerificationStatus
from attrs import frozen

from domain.errors import InvalidRequest, Unavailable

Chain = tuple[str, ...]

_NO_ANSWER = "Apple's certificates cannot be checked at the moment."
_MOST_REMEMBERED = 64


class RevocationPolicy(StrEnum):
    """Which chains are asked about. Apple's own always name a responder."""

    ALWAYS = "always"
    """A chain that names no responder is refused."""
    IF_NAMED = "if_named"
    """Chains of one's own making, for tests, need no responder."""
    NEVER = "never"


class _Verdict(StrEnum):
    GOOD = "good"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


@frozen
class _Question:
    begun_at: float
    verdict: Future[_Verdict]


class RevocationChecks:
    """Puts the questions. ``seconds`` is a clock that never goes back.

    At most ``most_at_once`` threads hang at a time; a question that was given up is put again
    ``rest_seconds`` later at the earliest. ``good_seconds`` are a few more than those for which
    the library itself remembers a chain, so that it really asks again.
    """

    def __init__(
        self,
        *,
        most_at_once: int = 4,
        rest_seconds: float = 10.0,
        good_seconds: float = 905.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free = threading.BoundedSemaphore(most_at_once)
        self._rest_seconds = rest_seconds
        self._good_seconds = good_seconds
        self._seconds = seconds
        self._good_until: dict[Chain, float] = {}
        self._asked: dict[Chain, _Question] = {}

    async def confirm(self, chain: Chain, ask: Callable[[], object], *, within: float) -> None:
        """Return once ``ask`` has found the chain good; it runs in a thread, and may block.

        Raises ``InvalidRequest`` when it is not good, ``Unavailable`` when that is not known
        ``within`` so many seconds.
        """
        now = self._seconds()
        if now < self._good_until.get(chain, now):
            return
        question = self._asked.get(chain)
        if question is not None and now >= question.begun_at + within:
            if now < question.begun_at + within + self._rest_seconds:
                raise Unavailable(_NO_ANSWER)
            question = None
        if question is None:
            question = self._begin(chain, ask, now)
        waited = asyncio.wrap_future(question.verdict)
        done, _ = await asyncio.wait({waited}, timeout=question.begun_at + within - now)
        if not done or waited.result() is _Verdict.NO_ANSWER:
            raise Unavailable(_NO_ANSWER)
        if waited.result() is _Verdict.REFUSED:
            raise InvalidRequest("The certificates of the signature are not valid any more.")

    def _begin(self, chain: Chain, ask: Callable[[], object], now: float) -> _Question:
        if not self._free.acquire(blocking=False):
            raise Unavailable(_NO_ANSWER)
        question = _Question(now, Future())
        # Nobody takes it back: a waiter that leaves must not cancel it for the others.
        question.verdict.set_running_or_notify_cancel()
        self._asked[chain] = question
        # A daemon, so that a process does not wait half a minute to end.
        threading.Thread(
            target=self._run, args=(chain, ask, question), name="apple-ocsp", daemon=True
        ).start()
        return question

    def _run(self, chain: Chain, ask: Callable[[], object], question: _Question) -> None:
        try:
            verdict = _judge(ask)
        finally:
            self._free.release()
        if verdict is _Verdict.GOOD:
            if len(self._good_until) >= _MOST_REMEMBERED:
                self._good_until.clear()
            self._good_until[chain] = self._seconds() + self._good_seconds
        if self._asked.get(chain) is question:
            del self._asked[chain]
        question.verdict.set_result(verdict)


def _judge(ask: Callable[[], object]) -> _Verdict:
    try:
        ask()
    except VerificationException as error:
        # With a cause, it is an answer that could not be read rather than one that says no.
        is_unclear = error.status is VerificationStatus.RETRYABLE_VERIFICATION_FAILURE
        return _Verdict.NO_ANSWER if is_unclear or error.__cause__ else _Verdict.REFUSED
    except Exception:  # noqa: BLE001 - whatever a responder's odd answer makes the library raise
        return _Verdict.NO_ANSWER
    return _Verdict.GOOD
