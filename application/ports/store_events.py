"""What stores send us by themselves."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.market.reports import Report, StoreEvent


class StoreEvents(Protocol):
    """Receives a store's messages, and says what they mean."""

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> StoreEvent:
        """The message, once its signature is checked; ``headers`` have lower-case names.

        Decides by what was sent alone, apart from the provider's keys. Raises ``InvalidRequest``
        for a bad signature or an odd body, ``Unauthenticated`` or ``Forbidden`` for a bad push
        token, ``Unavailable`` when the keys to check with cannot be had: then it is sent again.
        """
        ...

    async def interpret(self, event: StoreEvent) -> Sequence[Report]:
        """What a received message says; it may ask the provider for more.

        Empty for what does not concern us. Raises ``Parked`` when a person must look at it, and
        ``Unavailable`` when it must be tried again.
        """
        ...
