"""The invariants of money, asked of the tables; a row is a broken one."""

_LOTS = """
SELECT w.user_id, lot.id, lot.bucket, lot.credits, lot.held, lot.owed,
    CASE WHEN lot.is_frozen THEN lot.credits ELSE lot.held END AS blocked
FROM wallets w, json_to_recordset(w.lots)
    AS lot (id text, bucket text, credits bigint, held bigint, owed bigint, is_frozen boolean)"""

_HELD = """
SELECT w.user_id, hold ->> 'turn_id' AS turn_id, part.lot_id, part.credits
FROM wallets w, json_array_elements(w.holds) AS hold,
    json_to_recordset(hold -> 'allocations') AS part (lot_id text, credits bigint)"""

_NUMBERED = """
SELECT user_id, seq, balance_after,
    row_number() OVER earlier AS number, sum(amount) OVER earlier AS running
FROM ledger WINDOW earlier AS (PARTITION BY user_id ORDER BY seq)"""

_BY_BUCKET = """
SELECT user_id, bucket, sum(said) AS said, sum(kept) AS kept
FROM (
    SELECT user_id, bucket, amount AS said, 0 AS kept FROM ledger
    UNION ALL SELECT user_id, bucket, 0, credits FROM lots
) AS both_sides GROUP BY user_id, bucket"""

_BY_WALLET = """
SELECT w.user_id, w.balance, w.held, w.debt, w.entry_count,
    coalesce(e.entries, 0) AS entries, coalesce(e.amount, 0) AS said_balance,
    coalesce(e.debt, 0) AS said_debt, coalesce(l.credits, 0) AS lot_credits,
    coalesce(l.blocked, 0) AS lot_blocked
FROM wallets w
LEFT JOIN (SELECT user_id, count(*) AS entries, sum(amount) AS amount, sum(debt) AS debt
           FROM ledger GROUP BY user_id) AS e USING (user_id)
LEFT JOIN (SELECT user_id, sum(credits) AS credits, sum(blocked) AS blocked
           FROM lots GROUP BY user_id) AS l USING (user_id)"""

_BY_LOT = """
SELECT user_id, lot_id, sum(credits) AS credits, sum(held) AS held, sum(owed) AS owed,
    sum(in_holds) AS in_holds, sum(copies) AS copies
FROM (
    SELECT user_id, id AS lot_id, credits, held, owed, 0 AS in_holds, 1 AS copies FROM lots
    UNION ALL SELECT user_id, lot_id, 0, 0, 0, credits, 0 FROM held
) AS both_sides GROUP BY user_id, lot_id"""

_BY_TURN = """
SELECT t.user_id, t.id, t.status, t.held,
    coalesce((t.receipt ->> 'charged')::bigint, 0) AS said,
    coalesce(e.charged, 0) AS charged, coalesce(m.replies, 0) AS replies,
    m.receipt IS DISTINCT FROM t.receipt::jsonb AND m.replies > 0 AS receipts_differ,
    h.turn_id IS NOT NULL AS has_hold
FROM turns t
LEFT JOIN (SELECT user_id, reference, -sum(amount) AS charged FROM ledger
           WHERE kind = 'charge' GROUP BY user_id, reference) AS e
    ON e.user_id = t.user_id AND e.reference = t.id
LEFT JOIN (SELECT user_id, turn_id, count(*) AS replies, max(receipt::text)::jsonb AS receipt
           FROM messages WHERE role = 'assistant' AND turn_id IS NOT NULL
           GROUP BY user_id, turn_id) AS m
    ON m.user_id = t.user_id AND m.turn_id = t.id
LEFT JOIN (SELECT DISTINCT user_id, turn_id FROM held) AS h
    ON h.user_id = t.user_id AND h.turn_id = t.id"""

AUDIT = f"""
WITH lots AS ({_LOTS}), held AS ({_HELD}), numbered AS ({_NUMBERED}),
    by_bucket AS ({_BY_BUCKET}), by_wallet AS ({_BY_WALLET}), by_lot AS ({_BY_LOT}),
    by_turn AS ({_BY_TURN})
SELECT 'sequence' AS invariant, user_id AS subject,
    format('entry %s stands at %s', seq, number) AS detail
FROM numbered WHERE seq <> number
UNION ALL
SELECT 'sequence', user_id, format('%s entries, %s counted', entries, entry_count)
FROM by_wallet WHERE entries <> entry_count
UNION ALL
SELECT 'running balance', user_id,
    format('entry %s says %s, not %s', seq, balance_after, running)
FROM numbered WHERE balance_after <> running
UNION ALL
SELECT 'balance', user_id,
    format('the ledger adds up to %s, the lots to %s', said_balance, lot_credits)
FROM by_wallet WHERE said_balance <> lot_credits
UNION ALL
SELECT 'bucket', user_id,
    format('%s: the ledger adds up to %s, the lots to %s', bucket, said, kept)
FROM by_bucket WHERE said <> kept
UNION ALL
SELECT 'debt', user_id, format('the ledger adds up to %s, the wallet says %s', said_debt, debt)
FROM by_wallet WHERE said_debt <> debt
UNION ALL
SELECT 'projection', user_id,
    format('balance %s, held %s; the lots have %s and %s', balance, held, lot_credits, lot_blocked)
FROM by_wallet WHERE balance <> lot_credits OR held <> lot_blocked
UNION ALL
SELECT 'holds', user_id, format('lot %s contradicts its holds', lot_id)
FROM by_lot WHERE copies <> 1 OR held <> in_holds OR owed < 0 OR owed > held OR held > credits
UNION ALL
SELECT 'holds', user_id, format('turn %s is %s; has a hold: %s', id, status, has_hold)
FROM by_turn WHERE (status = 'running') <> has_hold
UNION ALL
SELECT 'receipt', id, format('the receipt says %s, the ledger %s', said, charged)
FROM by_turn WHERE said <> charged
UNION ALL
SELECT 'receipt', id, 'the reply''s receipt is not the turn''s'
FROM by_turn WHERE receipts_differ
UNION ALL
SELECT 'charge above hold', id, format('%s of %s held', charged, held)
FROM by_turn WHERE charged > held
UNION ALL
SELECT 'reply', id, format('%s charged for %s replies', charged, replies)
FROM by_turn WHERE replies > 1 OR (charged > 0 AND replies = 0)
ORDER BY subject, invariant, detail"""
