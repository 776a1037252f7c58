"""The calls to Firebase's accounts that block, made from a few threads, each with a deadline."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from firebase_admin.auth import UserNotFoundError
from firebase_admin.exceptions import FirebaseError
from google.auth.exceptions import GoogleAuthError

from domain.errors import Unavailable

_THREADS = 8
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class AccountCalls:
    """A call still waiting for a thread at its deadline, in seconds, is never made."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="firebase")

    async def make(self, call: Callable[[], _Result]) -> _Result:
        """Raises ``UserNotFoundError``, and ``Unavailable`` when Firebase cannot say."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._deadline):
                return await loop.run_in_executor(self._threads, call)
        except UserNotFoundError:
            raise
        except (FirebaseError, GoogleAuthError, OSError, ValueError) as error:
            # Only the kind: Firebase's messages name the account, and their causes its answer.
            _log.warning("Firebase's accounts do not answer: %s", type(error).__name__)
            raise Unavailable("The identity provider does not answer right now.") from None

    def close(self) -> None:
        """Waits for nothing: a call under way ends by its own timeouts."""
        self._threads.shutdown(wait=False, cancel_futures=True)
