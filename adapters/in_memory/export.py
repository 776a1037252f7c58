"""Everything held about a user, as JSON values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import asdict

from adapters.in_memory.database import InMemoryDatabase
from domain.chat import Message, Receipt, Session
from domain.ledger import LedgerEntry
from domain.market.purchases import GrantedLot, Purchase
from domain.market.standing import Payment
from domain.memory.memories import Memory
from domain.safety.reviews import FlagRecord
from domain.wallet import Wallet


def export_user(database: InMemoryDatabase, user_id: str) -> Mapping[str, Any]:
    """The document that ``AccountStore.export`` describes."""
    return {
        "sessions": [
            {
                **_session(session),
                "messages": [_message(row.message) for row in database.messages_of(session.id)],
            }
            for session in database.sessions.values()
            if session.user_id == user_id
        ],
        "memories": [
            _memory(row.memory)
            for row in sorted(database.memories.values(), key=lambda row: row.memory.id)
            if row.user_id == user_id
        ],
        "reports": [
            {
                "id": report.id,
                "message_id": report.message_id,
                "reason": report.reason,
                "created_at": report.created_at.isoformat(),
            }
            for report in database.reports.values()
            if report.user_id == user_id
        ],
        "moderation_flags": [
            _flag(record) for record in database.flags.values() if record.user_id == user_id
        ],
        "wallet": _wallet(database.wallets[user_id]),
        "transactions": [_entry(entry) for entry in database.ledger[user_id]],
        "purchases": [
            _purchase(purchase)
            for _, purchase in sorted(database.purchases.items())
            if purchase.user_id == user_id
        ],
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "character_id": session.character_id,
        "character_version": session.character_version,
        "title": session.title,
        "created_at": session.created_at.isoformat(),
        "updated_at": session.updated_at.isoformat(),
        "summary": session.summary,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "role": message.role.value,
        "content": message.content,
        "status": message.status.value,
        "created_at": message.created_at.isoformat(),
        "receipt": None if message.receipt is None else _receipt(message.receipt),
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "held": receipt.held,
        "charged": receipt.charged,
        "released": receipt.released,
        "price_version": receipt.price_version,
        "usage": asdict(receipt.usage),
        "buckets": {bucket.value: credits_ for bucket, credits_ in receipt.buckets.items()},
    }


def _memory(memory: Memory) -> dict[str, Any]:
    return {
        "id": memory.id,
        "character_id": memory.character_id,
        "text": memory.text,
        "kind": memory.kind,
        "topic": memory.topic,
        "importance": memory.importance,
        "source_message_ids": list(memory.source_message_ids),
        "session_id": memory.session_id,
        "created_at": memory.created_at.isoformat(),
        "true_at": _time(memory.true_at),
        "told_at": _time(memory.told_at),
        "ended_at": _time(memory.ended_at),
        "superseded_by": memory.superseded_by,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _flag(record: FlagRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "stage": record.stage.value,
        "category": record.flag.category.value,
        "action": record.flag.action.name.lower(),
        "rule": record.flag.rule,
        "rules_version": record.flag.version,
        "excerpt": record.flag.excerpt,
        "session_id": record.session_id,
        "message_id": record.message_id,
        "created_at": record.created_at.isoformat(),
        "decision": None if record.review is None else record.review.decision.value,
    }


def _wallet(wallet: Wallet) -> dict[str, Any]:
    return {
        "balance": wallet.balance,
        "held": wallet.held,
        "available": wallet.available,
        "debt": wallet.debt,
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind.value,
        "bucket": entry.bucket.value,
        "amount": entry.amount,
        "debt": entry.debt,
        "balance_after": entry.balance_after,
        "reference": entry.reference,
        "description": entry.description,
        "created_at": entry.created_at.isoformat(),
    }


def _purchase(purchase: Purchase) -> dict[str, Any]:
    return {
        "id": purchase.id,
        "provider": purchase.provider.value,
        "product_id": purchase.product_id,
        "is_subscription": purchase.is_subscription,
        "quantity": purchase.quantity,
        "reference": purchase.reference,
        "status": purchase.status.value,
        "created_at": purchase.created_at.isoformat(),
        "ends_at": _time(purchase.standing.ends_at),
        "renews": purchase.standing.renews,
        "payments": [_payment(payment) for payment in purchase.standing.payments],
        "credits": [_lot(lot) for lot in purchase.lots],
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "product_id": payment.product_id,
        "quantity": payment.quantity,
        "at": payment.at.isoformat(),
        "paid": None if payment.paid is None else asdict(payment.paid),
        "starts_at": _time(payment.starts_at),
        "ends_at": _time(payment.ends_at),
        "refunded": asdict(payment.refunded),
        "is_disputed": payment.is_disputed,
    }


def _lot(lot: GrantedLot) -> dict[str, Any]:
    return {
        "payment": lot.payment,
        "bucket": lot.bucket.value,
        "credits": lot.credits,
        "taken_back": lot.clawed_back,
        "is_frozen": lot.is_frozen,
        "granted_at": lot.granted_at.isoformat(),
        "expires_at": _time(lot.expires_at),
    }
