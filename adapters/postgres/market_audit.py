"""The invariants of the market, asked of the tables; a row is a broken one."""

_BOUGHT = """
SELECT p.user_id, p.id AS purchase_id, lot.lot_id, lot.bucket, lot.credits, lot.clawed_back,
    lot.is_frozen
FROM purchases p, json_to_recordset(p.lots) AS lot (
    lot_id text, bucket text, credits bigint, clawed_back bigint, is_frozen boolean)"""

_KEPT = """
SELECT w.user_id, lot.id AS lot_id, coalesce(lot.is_frozen, false) AS is_frozen
FROM wallets w, json_to_recordset(w.lots) AS lot (id text, is_frozen boolean)"""

_SAID = """
SELECT user_id, lot_id, bucket,
    count(*) FILTER (WHERE kind IN ('grant', 'purchase', 'subscription')) AS grants,
    sum(amount) FILTER (WHERE kind IN ('grant', 'purchase', 'subscription')) AS granted,
    coalesce(sum(debt - amount) FILTER (
        WHERE kind IN ('claw_back', 'reinstatement')), 0) AS taken
FROM ledger WHERE bucket <> 'daily' GROUP BY user_id, lot_id, bucket"""

_RANK = "array_position(ARRAY['free', 'plus', 'premium'], {})"

# The highest tier that the product opens in any catalogue: one that is published does not change
# anybody's tier by itself. Of a product that none has, nothing is known.
_OPENED = f"""
SELECT p.user_id, (
    SELECT max({_RANK.format("one ->> 'tier'")})
    FROM product_catalogues c, json_array_elements(c.contents -> 'products') AS one
    WHERE one ->> 'id' = p.product_id) AS rank
FROM purchases p
WHERE p.is_subscription AND p.status IN ('active', 'in_grace') AND p.replaced_by IS NULL"""

AUDIT = f"""
WITH bought AS ({_BOUGHT}), kept AS ({_KEPT}), said AS ({_SAID}), opened AS ({_OPENED})
SELECT 'grant' AS invariant, b.purchase_id AS subject,
    format('lot %s has %s credits; the ledger granted %s in %s entries', b.lot_id, b.credits,
        coalesce(s.granted, 0), coalesce(s.grants, 0)) AS detail
FROM bought b LEFT JOIN said s USING (user_id, lot_id, bucket)
WHERE s.grants IS DISTINCT FROM 1 OR s.granted <> b.credits
UNION ALL
SELECT 'claw-back', b.purchase_id,
    format('the ledger took %s of lot %s, the purchase says %s', s.taken, b.lot_id, b.clawed_back)
FROM bought b JOIN said s USING (user_id, lot_id, bucket) WHERE s.taken > b.clawed_back
UNION ALL
SELECT 'freeze', b.purchase_id, format('lot %s is not frozen in the wallet', b.lot_id)
FROM bought b JOIN kept k USING (user_id, lot_id) WHERE b.is_frozen AND NOT k.is_frozen
UNION ALL
SELECT 'freeze', k.user_id, format('lot %s is frozen, but by no purchase', k.lot_id)
FROM kept k WHERE k.is_frozen AND NOT EXISTS (
    SELECT FROM bought b
    WHERE b.user_id = k.user_id AND b.lot_id = k.lot_id AND b.is_frozen)
UNION ALL
SELECT 'lot', lot_id, format('%s purchases have it', count(*))
FROM bought GROUP BY lot_id HAVING count(*) > 1
UNION ALL
SELECT 'origin', e.user_id, format('entry %s belongs to no purchase', e.seq)
FROM ledger e
WHERE e.kind IN ('purchase', 'subscription') AND NOT EXISTS (
    SELECT FROM bought b WHERE b.user_id = e.user_id AND b.lot_id = e.lot_id)
UNION ALL
SELECT 'tier', u.id, format('%s is opened by no subscription', u.tier)
FROM users u
WHERE u.tier = u.market_tier AND u.erased_at IS NULL AND NOT EXISTS (
    SELECT FROM opened o
    WHERE o.user_id = u.id AND (o.rank >= {_RANK.format("u.tier")}) IS NOT FALSE)
ORDER BY subject, invariant, detail"""
