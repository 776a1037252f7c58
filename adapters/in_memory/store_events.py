"""A store whose messages are signed with a secret that both sides know."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.errors import InvalidRequest, Unavailable
from domain.market.products import Provider
from domain.market.reports import Parked, Report, StoreEvent

SIGNATURE = "x-store-signature"


class InMemoryStoreEvents:
    """Receives what ``send`` made. What a message means is remembered by its id."""

    def __init__(self, provider: Provider = Provider.STRIPE, secret: bytes = b"secret") -> None:
        self._provider = provider
        self._secret = secret
        self._meanings: dict[str, tuple[Report, ...] | str] = {}
        self.is_away = False
        """Whether the store cannot be asked for more: its messages still come."""
        self.has_keys = True
        """Whether there is anything to check signatures with."""

    def send(
        self, event_id: str, at: datetime, *reports: Report, parked: str | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """A signed message that means these reports, or that a person must look at."""
        self._meanings[event_id] = reports if parked is None else parked
        body = json.dumps({"id": event_id, "name": "sold", "at": at.isoformat()}).encode()
        return body, self.sign(body)

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers that make any body genuine."""
        return {SIGNATURE: hmac.new(self._secret, body, hashlib.sha256).hexdigest()}

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> StoreEvent:
        if not self.has_keys:
            raise Unavailable("The store's keys cannot be had.")
        signature = headers.get(SIGNATURE, "").encode(errors="replace")
        if not hmac.compare_digest(signature, self.sign(body)[SIGNATURE].encode()):
            raise InvalidRequest("The signature is wrong.")
        try:
            told = json.loads(body)
            at = datetime.fromisoformat(told["at"])
            return StoreEvent(self._provider, str(told["id"]), str(told["name"]), at, body)
        except (ValueError, KeyError, TypeError):
            raise InvalidRequest("This is no message of this store.") from None

    async def interpret(self, event: StoreEvent) -> Sequence[Report]:
        if self.is_away:
            raise Unavailable("The store does not answer.")
        meaning = self._meanings.get(event.id, ())
        if isinstance(meaning, str):
            raise Parked(meaning)
        return meaning
