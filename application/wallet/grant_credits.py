"""Credits given by hand."""

from attrs import frozen

from application.ports.account_store import AccountStore
from application.ports.clock import Clock, IdGenerator
from application.wallet.wallet_changes import WalletChanges
from domain.errors import AlreadyRecorded, InvalidRequest
from domain.ledger import EntryKind
from domain.lots import Bucket
from domain.wallet import Wallet, grant

MAX_REASON_CHARACTERS = 200


@frozen
class GrantCreditsCommand:
    """Give ``amount`` credits to an account, into ``bucket``, for a stated reason.

    ``key`` makes it happen once: a grant with a key that the user's ledger has is not repeated.
    """

    user_id: str
    amount: int
    bucket: Bucket
    reason: str
    key: str | None = None


class GrantCredits:
    """An administrator adds credits to somebody's wallet."""

    def __init__(
        self, accounts: AccountStore, changes: WalletChanges, clock: Clock, ids: IdGenerator
    ) -> None:
        self._accounts = accounts
        self._changes = changes
        self._clock = clock
        self._ids = ids

    async def __call__(self, command: GrantCreditsCommand) -> Wallet:
        """The wallet afterwards.

        Raises ``NotFound`` for an unknown account, ``InvalidRequest`` for an amount or a reason
        out of bounds, or for the daily bucket, which only the refresh fills.
        """
        if command.bucket is Bucket.DAILY:
            message = "The daily bucket is filled by the daily refresh only."
            raise InvalidRequest(message, param="bucket")
        reason = " ".join(command.reason.split())
        if not 1 <= len(reason) <= MAX_REASON_CHARACTERS:
            message = f"reason must have 1 to {MAX_REASON_CHARACTERS} characters"
            raise InvalidRequest(message, param="reason")
        user = await self._accounts.get(command.user_id)
        reference = f"grant:{command.key}" if command.key else self._ids.new("grant")

        def add(wallet: Wallet) -> Wallet:
            return grant(
                wallet,
                kind=EntryKind.GRANT,
                bucket=command.bucket,
                credits=command.amount,
                reference=reference,
                description=reason,
                now=self._clock.now(),
            )

        try:
            return await self._changes.apply(user.id, add)
        except AlreadyRecorded:
            return await self._changes.apply(user.id, lambda wallet: wallet)
