"""What holds after every round, asked of the tables; each row is a breach, told in words."""

VIEWS = """
CREATE TEMPORARY VIEW lots AS
SELECT w.user_id, lot.* FROM wallets w, json_to_recordset(w.lots)
    AS lot (id text, bucket text, credits bigint, held bigint, owed bigint, is_frozen boolean);
CREATE TEMPORARY VIEW parts AS
SELECT w.user_id, hold ->> 'turn_id' AS turn_id, part.lot_id, part.credits
FROM wallets w, json_array_elements(w.holds) AS hold,
    json_to_recordset(hold -> 'allocations') AS part (lot_id text, credits bigint);
CREATE TEMPORARY VIEW charges AS
SELECT user_id, reference AS turn_id, -sum(amount) AS charged, count(*) AS entries
FROM ledger WHERE kind = 'charge' GROUP BY user_id, reference"""
"""What the statements below read, beside the tables."""

INVARIANTS = {
    "the ledger adds up to the balance": """
        SELECT w.user_id, w.balance, sum(l.amount) FROM wallets w LEFT JOIN ledger l USING (user_id)
        GROUP BY w.user_id, w.balance HAVING w.balance <> coalesce(sum(l.amount), 0)""",
    "the ledger adds up in each bucket": """
        SELECT user_id, bucket, sum(said), sum(kept) FROM (
            SELECT user_id, bucket, amount AS said, 0 AS kept FROM ledger
            UNION ALL SELECT user_id, bucket, 0, credits FROM lots
        ) AS sides GROUP BY user_id, bucket HAVING sum(said) <> sum(kept)""",
    "nothing is overdrawn": """
        SELECT user_id, 'wallet', balance, held FROM wallets WHERE balance - held < 0 OR held < 0
        UNION ALL SELECT user_id, id, credits, held FROM lots
        WHERE credits < 0 OR held < 0 OR held > credits""",
    "each entry says the balance after it": """
        SELECT * FROM (
            SELECT user_id, seq, balance_after,
                sum(amount) OVER (PARTITION BY user_id ORDER BY seq) AS running,
                row_number() OVER (PARTITION BY user_id ORDER BY seq) AS number
            FROM ledger) AS entries
        WHERE balance_after <> running OR seq <> number""",
    "what is held belongs to a hold": """
        SELECT user_id, lot_id, sum(said), sum(kept) FROM (
            SELECT user_id, lot_id, credits AS said, 0 AS kept FROM parts
            UNION ALL SELECT user_id, id, 0, held FROM lots
        ) AS sides GROUP BY user_id, lot_id HAVING sum(said) <> sum(kept)""",
    "the wallet says what its lots have": """
        SELECT w.user_id, w.balance, w.held, sum(credits),
            sum(CASE WHEN is_frozen THEN credits ELSE lots.held END)
        FROM wallets w LEFT JOIN lots USING (user_id) GROUP BY w.user_id, w.balance, w.held
        HAVING w.balance <> coalesce(sum(credits), 0)
            OR w.held <> coalesce(sum(CASE WHEN is_frozen THEN credits ELSE lots.held END), 0)""",
    "no hold is left": "SELECT user_id, held, holds::text FROM wallets WHERE holds::text <> '[]'",
    "no turn is left running": """
        SELECT user_id, id, created_at FROM turns WHERE status = 'running'""",
    "no more is charged than was held": """
        SELECT t.id, t.held, c.charged FROM turns t
        JOIN charges c ON c.user_id = t.user_id AND c.turn_id = t.id
        WHERE c.charged > t.held""",
    "a receipt says what was charged": """
        SELECT t.id, t.receipt::text, c.charged FROM turns t
        LEFT JOIN charges c ON c.user_id = t.user_id AND c.turn_id = t.id
        WHERE coalesce((t.receipt ->> 'charged')::bigint, 0) <> coalesce(c.charged, 0)
            OR (t.receipt ->> 'charged')::bigint + (t.receipt ->> 'released')::bigint
                <> (t.receipt ->> 'held')::bigint""",
    "a charge is for a turn that ended well": """
        SELECT user_id, turn_id, charged FROM charges c WHERE NOT EXISTS (
            SELECT FROM turn_facts f
            WHERE f.turn_id = c.turn_id AND f.outcome IN ('completed', 'stopped'))""",
    "a charge has one reply": """
        SELECT t.id, t.status, c.charged, count(m.id) FROM turns t
        JOIN charges c ON c.user_id = t.user_id AND c.turn_id = t.id
        LEFT JOIN messages m
            ON m.user_id = t.user_id AND m.turn_id = t.id AND m.role = 'assistant'
        GROUP BY t.id, t.status, c.charged
        HAVING count(m.id) <> 1 OR t.status NOT IN ('completed', 'stopped')""",
    "a turn has one reply at most": """
        SELECT user_id, turn_id, count(*) FROM messages
        WHERE role = 'assistant' AND turn_id IS NOT NULL
        GROUP BY user_id, turn_id HAVING count(*) > 1""",
    "a reply carries its turn's receipt": """
        SELECT m.id, m.receipt::text, t.receipt::text FROM messages m
        JOIN turns t ON t.user_id = m.user_id AND t.id = m.turn_id
        WHERE m.role = 'assistant' AND m.receipt::jsonb IS DISTINCT FROM t.receipt::jsonb""",
    "one reply stands at each place": """
        SELECT user_id, session_id, position, count(*) FROM messages WHERE is_active
        GROUP BY user_id, session_id, position HAVING count(*) > 1""",
    "a failed turn costs nothing": """
        SELECT t.id, t.error_code, c.charged FROM turns t
        JOIN charges c ON c.user_id = t.user_id AND c.turn_id = t.id
        WHERE t.status = 'failed'""",
    "a grant, a purchase or a refund is there once": """
        SELECT user_id, kind, reference, bucket, count(*) FROM ledger
        WHERE kind NOT IN ('charge', 'expiry')
        GROUP BY user_id, kind, reference, bucket HAVING count(*) > 1""",
    "nothing waits to be learnt": "SELECT user_id, turn_id, attempts FROM memory_work",
    "no message of a store waits": """
        SELECT provider, id, state, reason FROM store_messages WHERE state <> 'done'""",
    "no errand waits": "SELECT user_id, kind, reference, reason FROM errands",
    "no purchase waits although it is paid": """
        SELECT user_id, id, provider, status FROM purchases
        WHERE provider = 'sandbox' AND status <> 'completed'""",
    "no job is held by the dead": """
        SELECT job, slot, started_at FROM job_runs
        WHERE has_lease AND heartbeat_at < %(now)s - interval '2 minutes'""",
    "a tick of a job is run once": """
        SELECT job, slot, count(*) FROM job_runs WHERE NOT is_void
        GROUP BY job, slot HAVING count(*) > 1""",
    "an erased account left nothing": """
        SELECT 'messages', u.id FROM users u JOIN messages m ON m.user_id = u.id
        WHERE u.erased_at IS NOT NULL
        UNION ALL SELECT 'memories', u.id FROM users u JOIN memories m ON m.user_id = u.id
        WHERE u.erased_at IS NOT NULL
        UNION ALL SELECT 'sessions', u.id FROM users u JOIN sessions s ON s.user_id = u.id
        WHERE u.erased_at IS NOT NULL""",
    "each turn that ended is counted once": """
        SELECT t.id, t.status, coalesce(sum(f.turns), 0) FROM turns t
        LEFT JOIN turn_facts f ON f.turn_id = t.id
        WHERE t.status <> 'running'
        GROUP BY t.id, t.status
        HAVING coalesce(sum(f.turns), 0) <> 1
            OR coalesce(sum(f.turns) FILTER (WHERE f.outcome = t.status), 0) <> 1""",
}
"""``now`` is the time by the product's clock."""
