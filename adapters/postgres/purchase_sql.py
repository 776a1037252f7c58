"""The statements of purchases. Each names ``user_id``, but where a store or a job asks."""

from adapters.postgres import codec, market_codec

LIVE = """(p.status IN ('pending', 'disputed')
    OR p.is_subscription AND p.status IN ('active', 'in_grace', 'on_hold', 'paused'))"""
"""Purchases p that are not at their end: the condition of their index."""

GET = f"""
SELECT {market_codec.PURCHASE}
FROM purchases p WHERE p.user_id = %(user_id)s AND p.id = %(id)s"""

LIST = f"""
SELECT {market_codec.PURCHASE}
FROM purchases p WHERE p.user_id = %(user_id)s AND p.id < %(before)s
ORDER BY p.id DESC LIMIT %(limit)s"""

LIST_SUBSCRIPTIONS = f"""
SELECT {market_codec.PURCHASE}
FROM purchases p WHERE p.user_id = %(user_id)s AND p.is_subscription
ORDER BY p.id DESC"""

FIND_OWNER = """
SELECT n.user_id, n.purchase_id
FROM json_array_elements_text(%(names)s) WITH ORDINALITY AS given (name, place)
JOIN store_names n ON n.provider = %(provider)s AND n.name = given.name
ORDER BY given.place LIMIT 1"""

# Whoever erases the account waits for this one, or leaves nothing that a purchase could be of.
ADD = f"""
WITH known AS (
    SELECT n.user_id, n.purchase_id AS id
    FROM json_array_elements_text(%(names)s) WITH ORDINALITY AS given (name, place)
    JOIN store_names n ON n.provider = %(provider)s AND n.name = given.name
    ORDER BY given.place LIMIT 1
), living AS (
    SELECT user_id FROM identities WHERE user_id = %(user_id)s FOR KEY SHARE
), w AS (
    INSERT INTO purchases (user_id, id, provider, product_id, is_subscription, created_at,
        quantity, reference, replaced_by, status, changes_at, facts, lots, standing)
    SELECT living.user_id, g.id, g.provider, g.product_id, g.is_subscription, g.created_at,
        g.quantity, g.reference, g.replaced_by, g.standing ->> 'status',
        (g.standing ->> 'changes_at')::timestamptz, g.facts, g.lots, g.standing
    FROM living, json_to_recordset(%(purchases)s) AS g {market_codec.PURCHASE_COLUMNS}
    WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (user_id, id) DO NOTHING
    RETURNING user_id, id
), n AS (
    INSERT INTO store_names (provider, name, user_id, purchase_id)
    SELECT DISTINCT %(provider)s, given.name, w.user_id, w.id
    FROM w, json_array_elements_text(%(names)s) AS given (name)
    ORDER BY given.name
)
SELECT EXISTS (SELECT FROM w), EXISTS (SELECT FROM living), (
    SELECT {market_codec.PURCHASE} FROM purchases p
    WHERE (p.user_id, p.id) IN (
        SELECT user_id, id FROM known
        UNION ALL SELECT %(user_id)s, %(id)s WHERE NOT EXISTS (SELECT FROM known)))"""

GET_HOLDER = """
SELECT json_build_object(
    'user_id', i.user_id, 'store_token', i.store_token, 'created_at', u.created_at,
    'customers', (
        SELECT coalesce(json_object_agg(c.provider, c.customer), '{}')
        FROM store_customers c WHERE c.user_id = i.user_id))
FROM identities i JOIN users u ON u.id = i.user_id
WHERE i.user_id = %(user_id)s"""

FIND_HOLDER = """
SELECT user_id FROM identities WHERE store_token = %(store_token)s"""

# The update that changes nothing is how the one that was there first comes back.
KEEP_CUSTOMER = """
INSERT INTO store_customers (user_id, provider, customer)
SELECT user_id, %(provider)s, %(customer)s FROM identities WHERE user_id = %(user_id)s
ON CONFLICT (user_id, provider) DO UPDATE SET customer = store_customers.customer
RETURNING customer"""

_LOTS = """(
    SELECT coalesce(json_object_agg(h.lot_id, json_build_object(
        'granted', h.granted, 'spent', h.spent, 'expired', h.expired,
        'taken', h.taken - greatest(h.reinstated - h.owed, 0),
        'owed', greatest(h.owed - h.reinstated, 0))), '{}')
    FROM (
        SELECT e.lot_id,
            coalesce(sum(e.amount) FILTER (
                WHERE e.kind IN ('grant', 'purchase', 'subscription')), 0) AS granted,
            coalesce(-sum(e.amount) FILTER (
                WHERE e.kind IN ('charge', 'debt_repayment')), 0) AS spent,
            coalesce(-sum(e.amount) FILTER (WHERE e.kind = 'expiry'), 0) AS expired,
            coalesce(-sum(e.amount) FILTER (WHERE e.kind = 'claw_back'), 0) AS taken,
            coalesce(sum(e.debt) FILTER (WHERE e.kind = 'claw_back'), 0) AS owed,
            coalesce(sum(e.amount) FILTER (WHERE e.kind = 'reinstatement'), 0) AS reinstated
        FROM ledger e
        WHERE e.user_id = w.user_id AND e.bucket <> 'daily' AND e.lot_id IN (
            SELECT lot ->> 'lot_id' FROM json_array_elements(p.lots) AS lot)
        GROUP BY e.lot_id) AS h)"""

OPEN = f"""
SELECT {market_codec.PURCHASE}, {codec.WALLET}, u.tier, (
        SELECT coalesce(json_agg({market_codec.PURCHASE} ORDER BY p.id DESC), '[]')
        FROM purchases p
        WHERE p.user_id = w.user_id AND p.is_subscription AND p.id <> %(id)s),
    {_LOTS}
FROM purchases p
JOIN wallets w ON w.user_id = p.user_id
JOIN users u ON u.id = p.user_id
WHERE p.user_id = %(user_id)s AND p.id = %(id)s"""

# All or nothing: what is written comes out of ``w``, which is there when every purchase is locked
# at the version that was read, and the wallet has just been changed from the version that was
# read. Purchases first, then the wallet: in this order an erasure locks them, too.
_SAVE = f"""
WITH given AS (
    SELECT * FROM json_to_recordset(%(purchases)s) AS g {market_codec.PURCHASE_COLUMNS}
), locked AS (
    SELECT p.id FROM purchases p JOIN given g ON g.id = p.id AND g.version = p.version
    WHERE p.user_id = %(user_id)s
    ORDER BY p.id FOR NO KEY UPDATE OF p
), w AS ({{wallet}}
), p AS (
    UPDATE purchases SET
        version = purchases.version + 1, product_id = g.product_id, quantity = g.quantity,
        reference = g.reference, replaced_by = g.replaced_by, facts = g.facts, lots = g.lots,
        standing = g.standing, status = g.standing ->> 'status',
        changes_at = (g.standing ->> 'changes_at')::timestamptz
    FROM w, given g
    WHERE purchases.user_id = w.user_id AND purchases.id = g.id
), u AS (
    UPDATE users SET tier = %(tier)s, market_tier = nullif(%(tier)s, 'free')
    FROM w WHERE users.id = w.user_id AND %(tier)s::text IS NOT NULL
), n AS (
    INSERT INTO store_names (provider, name, user_id, purchase_id)
    SELECT DISTINCT %(provider)s, given.name, w.user_id, %(id)s
    FROM w, json_array_elements_text(%(names)s) AS given (name)
    WHERE NOT EXISTS (
        SELECT FROM store_names known
        WHERE known.provider = %(provider)s AND known.name = given.name
            AND known.user_id = w.user_id AND known.purchase_id = %(id)s)
    ORDER BY given.name
), e AS ({market_codec.INSERT_ERRANDS}
), m AS (
    UPDATE store_messages SET
        state = 'done', user_id = w.user_id, reason = NULL, finished_at = %(now)s::timestamptz
    FROM w
    WHERE store_messages.provider = %(done_provider)s AND store_messages.id = %(done_id)s
){{ledger}}
SELECT FROM w"""

_ALL_LOCKED = "(SELECT count(*) FROM locked) = (SELECT count(*) FROM given)"

SAVE = _SAVE.format(
    wallet=f"""{codec.UPDATE_WALLET}
        AND {_ALL_LOCKED}
    RETURNING user_id""",
    ledger=f""", l AS ({codec.INSERT_ENTRIES}
)""",
)

SAVE_WITHOUT_MONEY = _SAVE.format(
    wallet=f"""
    SELECT %(user_id)s AS user_id WHERE {_ALL_LOCKED}""",
    ledger="",
)

LIST_DUE = """
SELECT p.user_id, p.id FROM purchases p
WHERE p.is_subscription AND p.changes_at <= %(now)s
ORDER BY p.changes_at, p.user_id, p.id LIMIT %(limit)s"""

LIST_LIVE = f"""
SELECT p.user_id, p.id FROM purchases p
WHERE p.provider = %(provider)s AND {LIVE} AND (p.user_id, p.id) > (%(after_user)s, %(after_id)s)
ORDER BY p.user_id, p.id LIMIT %(limit)s"""
