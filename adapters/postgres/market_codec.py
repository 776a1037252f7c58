"""Rows of the market to values and back; see ``codec`` for how."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from adapters.postgres import codec
from application.ports.errand_queue import QueuedErrand
from application.ports.inbox import InboxMessage
from application.ports.purchase_store import Holder
from domain.ledger import LotHistory
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Errand

# purchases p
PURCHASE = """json_build_object(
    'id', p.id, 'user_id', p.user_id, 'provider', p.provider, 'product_id', p.product_id,
    'is_subscription', p.is_subscription, 'created_at', p.created_at, 'quantity', p.quantity,
    'reference', p.reference, 'version', p.version, 'facts', p.facts, 'lots', p.lots,
    'standing', p.standing, 'replaced_by', p.replaced_by)"""

# store_messages m; PostgreSQL breaks base64 into lines.
MESSAGE = """json_build_object(
    'event', json_build_object(
        'provider', m.provider, 'id', m.id, 'name', m.name, 'at', m.at,
        'body', translate(encode(m.body, 'base64'), E'\\n', '')),
    'received_at', m.received_at, 'due_at', m.due_at, 'state', m.state, 'attempts', m.attempts,
    'reason', m.reason, 'user_id', m.user_id, 'is_assigned', m.is_assigned,
    'finished_at', m.finished_at)"""

# errands e
ERRAND = """json_build_object(
    'user_id', e.user_id, 'errand', json_build_object(
        'kind', e.kind, 'provider', e.provider, 'reference', e.reference, 'payment', e.payment,
        'store_product', e.store_product),
    'created_at', e.created_at, 'due_at', e.due_at, 'attempts', e.attempts, 'reason', e.reason,
    'is_parked', e.is_parked)"""

# What json_to_recordset makes of a list of purchases.
PURCHASE_COLUMNS = """(
    id text, provider text, product_id text, is_subscription boolean, created_at timestamptz,
    quantity integer, reference text, version bigint, facts json, lots json, standing json,
    replaced_by text)"""

# Whoever has a row ``w`` with a user_id owes these.
INSERT_ERRANDS = """
    INSERT INTO errands (user_id, provider, kind, reference, payment, store_product, created_at,
        due_at)
    SELECT w.user_id, e.provider, e.kind, e.reference, e.payment, e.store_product,
        %(now)s::timestamptz, %(now)s::timestamptz
    FROM w, json_to_recordset(%(errands)s) AS e (
        provider text, kind text, reference text, payment text, store_product text)
    ON CONFLICT DO NOTHING"""

purchase = msgspec.json.Decoder(Purchase).decode
purchases = msgspec.json.Decoder(tuple[Purchase, ...]).decode
lots = msgspec.json.Decoder(dict[str, LotHistory]).decode
holder = msgspec.json.Decoder(Holder).decode
message = msgspec.json.Decoder(InboxMessage).decode
queued = msgspec.json.Decoder(QueuedErrand).decode
catalogue = msgspec.json.Decoder(Catalogue).decode


def errand_key(user_id: str, errand: Errand) -> Mapping[str, Any]:
    """The parameters that find one errand."""
    return {
        "user_id": user_id,
        "provider": errand.provider,
        "kind": errand.kind,
        "reference": errand.reference,
        "payment": errand.payment,
    }


def errand_values(errands: Iterable[Errand], now: datetime) -> Mapping[str, Any]:
    """The parameters of ``INSERT_ERRANDS``."""
    return {"errands": codec.document(tuple(errands)), "now": now}
