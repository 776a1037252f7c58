"""Everything held about one person, as one document."""

EXPORT = """
SELECT json_build_object(
    'sessions', (
        SELECT coalesce(json_agg(json_build_object(
            'id', s.id, 'character_id', s.character_id,
            'character_version', s.character_version, 'title', s.title,
            'created_at', s.created_at, 'updated_at', s.updated_at, 'summary', s.summary,
            'messages', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', m.id, 'role', m.role, 'content', m.content, 'status', m.status,
                    'created_at', m.created_at, 'receipt', m.receipt
                ) ORDER BY m.position, m.id), '[]')
                FROM messages m WHERE m.user_id = s.user_id AND m.session_id = s.id
            )) ORDER BY s.id), '[]')
        FROM sessions s WHERE s.user_id = w.user_id),
    'memories', (
        SELECT coalesce(json_agg(json_build_object(
            'id', m.id, 'character_id', m.character_id, 'text', m.text, 'kind', m.kind,
            'topic', m.topic, 'importance', m.importance, 'source_message_ids', (
                SELECT coalesce(json_agg(o.message_id ORDER BY o.message_id), '[]')
                FROM memory_sources o WHERE o.user_id = m.user_id AND o.memory_id = m.id),
            'session_id', m.session_id, 'created_at', m.created_at, 'true_at', m.true_at,
            'told_at', m.told_at, 'ended_at', m.ended_at, 'superseded_by', m.superseded_by
        ) ORDER BY m.id), '[]')
        FROM memories m WHERE m.user_id = w.user_id),
    'reports', (
        SELECT coalesce(json_agg(json_build_object(
            'id', r.id, 'message_id', r.message_id, 'reason', r.reason,
            'created_at', r.created_at
        ) ORDER BY r.id), '[]')
        FROM reports r WHERE r.user_id = w.user_id),
    'moderation_flags', (
        SELECT coalesce(json_agg(json_build_object(
            'id', f.id, 'stage', f.stage, 'category', f.category,
            'action', (ARRAY['flag', 'block', 'refer'])[f.action], 'rule', f.rule,
            'rules_version', f.rules_version, 'excerpt', f.excerpt,
            'session_id', f.session_id, 'message_id', f.message_id,
            'created_at', f.created_at, 'decision', f.decision
        ) ORDER BY f.id), '[]')
        FROM moderation_flags f WHERE f.user_id = w.user_id),
    'wallet', json_build_object(
        'balance', w.balance, 'held', w.held, 'available', w.balance - w.held,
        'debt', w.debt),
    'transactions', (
        SELECT coalesce(json_agg(json_build_object(
            'seq', e.seq, 'kind', e.kind, 'bucket', e.bucket, 'amount', e.amount,
            'debt', e.debt, 'balance_after', e.balance_after, 'reference', e.reference,
            'description', e.description, 'created_at', e.created_at
        ) ORDER BY e.seq), '[]')
        FROM ledger e WHERE e.user_id = w.user_id),
    'purchases', (
        SELECT coalesce(json_agg(json_build_object(
            'id', p.id, 'provider', p.provider, 'product_id', p.product_id,
            'is_subscription', p.is_subscription, 'quantity', p.quantity,
            'reference', p.reference, 'status', p.status, 'created_at', p.created_at,
            'ends_at', (p.standing ->> 'ends_at')::timestamptz,
            'renews', (p.standing ->> 'renews')::boolean,
            'payments', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', one ->> 'id', 'product_id', one ->> 'product_id',
                    'quantity', (one ->> 'quantity')::integer,
                    'at', (one ->> 'at')::timestamptz, 'paid', one -> 'paid',
                    'starts_at', (one ->> 'starts_at')::timestamptz,
                    'ends_at', (one ->> 'ends_at')::timestamptz,
                    'refunded', one -> 'refunded',
                    'is_disputed', (one ->> 'is_disputed')::boolean
                ) ORDER BY place), '[]')
                FROM json_array_elements(p.standing -> 'payments')
                    WITH ORDINALITY AS payments (one, place)),
            'credits', (
                SELECT coalesce(json_agg(json_build_object(
                    'payment', lot ->> 'payment', 'bucket', lot ->> 'bucket',
                    'credits', (lot ->> 'credits')::bigint,
                    'taken_back', (lot ->> 'clawed_back')::bigint,
                    'is_frozen', (lot ->> 'is_frozen')::boolean,
                    'granted_at', (lot ->> 'granted_at')::timestamptz,
                    'expires_at', (lot ->> 'expires_at')::timestamptz
                ) ORDER BY place), '[]')
                FROM json_array_elements(p.lots) WITH ORDINALITY AS lots (lot, place))
        ) ORDER BY p.id), '[]')
        FROM purchases p WHERE p.user_id = w.user_id)
)
FROM wallets w JOIN identities i ON i.user_id = w.user_id
WHERE w.user_id = %(user_id)s"""
