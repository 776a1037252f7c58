"""The invariants of money, looked up in the tables rather than trusted."""

from collections.abc import Iterator

from adapters.in_memory.database import InMemoryDatabase
from application.ports.wallet_store import Violation
from domain.chat import Role, Turn, TurnStatus
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Bucket
from domain.wallet import Wallet, verify


def find_violations(database: InMemoryDatabase) -> list[Violation]:
    """Every broken invariant, in the order of the users."""
    found: list[Violation] = []
    for user_id in sorted(database.wallets):
        wallet, entries = database.wallets[user_id], database.ledger[user_id]
        broken = [
            *_in_ledger(wallet, entries),
            *_in_wallet(wallet, database),
        ]
        found += [Violation(invariant, user_id, detail) for invariant, detail in broken]
    for row in database.turns.values():
        charges = [
            entry
            for entry in database.ledger[row.turn.user_id]
            if entry.kind is EntryKind.CHARGE and entry.reference == row.turn.id
        ]
        found += [
            Violation(invariant, row.turn.id, detail)
            for invariant, detail in _in_turn(row.turn, charges, database)
        ]
    return found


def _in_ledger(wallet: Wallet, entries: tuple[LedgerEntry, ...]) -> Iterator[tuple[str, str]]:
    running = 0
    for number, entry in enumerate(entries, start=1):
        running += entry.amount
        if entry.seq != number:
            yield "sequence", f"entry {entry.seq} stands at {number}"
        if entry.balance_after != running:
            yield "running balance", f"entry {entry.seq} says {entry.balance_after}, not {running}"
    if wallet.entry_count != len(entries):
        yield "sequence", f"{len(entries)} entries, {wallet.entry_count} counted"
    if wallet.balance != running:
        yield "balance", f"the ledger adds up to {running}, the lots to {wallet.balance}"
    for bucket in Bucket:
        summed = sum(entry.amount for entry in entries if entry.bucket is bucket)
        kept = sum(lot.credits for lot in wallet.lots if lot.bucket is bucket)
        if summed != kept:
            yield "bucket", f"{bucket}: the ledger adds up to {summed}, the lots to {kept}"
    if (owed := sum(entry.debt for entry in entries)) != wallet.debt:
        yield "debt", f"the ledger adds up to {owed}, the wallet says {wallet.debt}"


def _in_wallet(wallet: Wallet, database: InMemoryDatabase) -> Iterator[tuple[str, str]]:
    try:
        verify(wallet)
    except AssertionError as error:
        yield "holds", str(error)
    # A hold whose turn is gone is on its way: the session was deleted while the turn ran.
    for row in database.turns.values():
        if row.turn.user_id == wallet.user_id:
            has_hold = wallet.find_hold(row.turn.id) is not None
            if has_hold is not (row.turn.status is TurnStatus.RUNNING):
                yield "holds", f"turn {row.turn.id} is {row.turn.status}; has a hold: {has_hold}"


def _in_turn(
    turn: Turn, charges: list[LedgerEntry], database: InMemoryDatabase
) -> Iterator[tuple[str, str]]:
    charged = -sum(entry.amount for entry in charges)
    said = 0 if turn.receipt is None else turn.receipt.charged
    if charged != said:
        yield "receipt", f"the receipt says {said}, the ledger {charged}"
    if charged > turn.held:
        yield "charge above hold", f"{charged} of {turn.held} held"
    replies = [
        row.message
        for row in database.messages.values()
        if row.message.turn_id == turn.id and row.message.role is Role.ASSISTANT
    ]
    if len(replies) > 1 or (charged and not replies):
        yield "reply", f"{charged} charged for {len(replies)} replies"
    for reply in replies:
        if reply.receipt != turn.receipt:
            yield "receipt", "the reply's receipt is not the turn's"
