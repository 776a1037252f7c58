"""The accounts and everything that hangs on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.accounts import Tier, User


class AccountStore(Protocol):
    """Accounts by our id and by the identity provider's subject."""

    async def find_by_subject(self, subject: str) -> User | None:
        """The living account of this subject."""
        ...

    async def add(self, user: User) -> User:
        """Store a new account and its empty wallet, in one step.

        When the subject has an account already (somebody was faster), that one is returned and
        nothing is written: compare the ids to see which.
        """
        ...

    async def get(self, user_id: str) -> User:
        """The account with this id of ours; raises ``NotFound``, also when it was erased."""
        ...

    async def save(self, user: User, *, tier: Tier | None = None) -> None:
        """Write all fields but ``id``, ``noticed_at`` and the tier, and the tier if one is given.

        So a tier that a purchase opens meanwhile is not lost to whoever changes something else.
        One that is given counts as chosen by an administrator until a purchase changes it. Raises
        ``NotFound`` when the account is gone.
        """
        ...

    async def note(self, user_id: str, noticed_at: Mapping[str, datetime]) -> None:
        """Keep when these kinds of notices were given, beside those of other kinds.

        Does nothing when the account is gone.
        """
        ...

    async def list(self, *, search: str | None, limit: int, after: str | None) -> Sequence[User]:
        """Living accounts, newest first, from behind the id ``after`` on.

        ``search`` matches an id or a subject exactly.
        """
        ...

    async def export(self, user_id: str) -> Mapping[str, Any]:
        """Everything held about the user, as JSON values.

        Keys: ``sessions`` (each with ``messages``), ``memories``, ``reports``,
        ``moderation_flags``, ``wallet``, ``transactions``, ``purchases`` (each with ``payments``
        and ``credits``). The profile is the caller's to add. Vectors are left out.
        """
        ...

    async def erase(self, user: User) -> Sequence[str]:
        """Delete all that the person said or told; returns the ids of all turns there were.

        What the record of administrators' actions on the account knew of the person is blanked.
        Messages, sessions, turns, memories with their embeddings, reports, flags, idempotency
        records go, and so do what the stores call the person and the stores' messages about them
        that are no longer waiting. The account becomes what ``user`` says (no subject, no name,
        ``erased_at``); wallet, ledger and purchases stay under the opaque id. Owed from then on,
        due at once: for each subscription that is not at its end and has a reference, unless
        another took its place, ``CANCEL``; for each customer ``FORGET_CUSTOMER``, the reference
        being the customer's. One step: all or nothing; a change of a purchase that was decided
        before can no longer be saved. Erasing twice is fine.
        """
        ...
