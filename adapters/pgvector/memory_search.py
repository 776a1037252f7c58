"""The search over memories in one statement.

It is exact: an index-only scan over the memories of one user and one character, which are few,
weighs them all, in less time than an approximate index takes to lose some.
"""

from adapters.pgvector.memory_sql import MEMORY
from adapters.pgvector.values import Values, half_vector
from application.ports.memory_index import MemoryQuery
from domain.memory import ranking
from domain.memory.associations import associated, is_personal
from domain.memory.memories import Embedding

_EVER = "-infinity"


def _closeness(number: int) -> str:
    """The closeness to one of the vectors.

    The vector stands in a subquery of its own: as a bare parameter it may be read anew for each
    row. A vector of length 0 is near nothing.
    """
    return f"""WHEN %(model_{number})s THEN
                (1 - nullif(embedding <=> (SELECT %(vector_{number})s::halfvec), 'NaN')
                    - %(floor_{number})s::float8) / %(span_{number})s::float8"""


def _levelled(telling: str) -> str:
    """What keywords count, from how much they tell (NULL: there are none)."""
    return f"""{ranking.KEYWORD_WEIGHT} * coalesce(telling.{telling} / (telling.{telling}
            + {ranking.KEYWORD_PATIENCE}
            + {ranking.KEYWORD_PATIENCE_PER_WORD} * (SELECT number FROM asked)), 0)"""


# The ranking of domain.memory.ranking. What it reads of all memories lies in one index; the
# memories themselves are fetched only for those that were found.
SEARCH = f"""
WITH asked AS MATERIALIZED (
    SELECT words, cardinality(words) AS number, words || associated AS every, (
        SELECT string_agg(
            '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || '''', '|')::tsquery
        FROM unnest(words || associated) AS word) AS any_of_them
    FROM (
        SELECT tsvector_to_array(said) AS words,
            tsvector_to_array(ts_delete(to_tsvector('english', %(associated)s),
                                        tsvector_to_array(said))) AS associated
        FROM to_tsvector('english', %(text)s) AS said
    ) AS lexemes
), mine AS MATERIALIZED (
    SELECT id, words, importance, coalesce(told_at, created_at) AS told_at,
        coalesce(greatest(0, CASE embedding_model
            {_closeness(1)}
            {_closeness(2)}
        END), 0) AS closeness
    FROM memories
    WHERE user_id = %(user_id)s AND character_id = %(character_id)s AND ended_at IS NULL
        AND (told_in IS DISTINCT FROM %(except_session)s
             OR coalesce(told_at, created_at) < (SELECT %(except_since)s::timestamptz))
), shared AS (
    SELECT mine.id, word = ANY ((SELECT words FROM asked)::text[]) AS is_own,
        count(*) OVER (PARTITION BY word) AS frequency
    FROM mine CROSS JOIN LATERAL unnest(tsvector_to_array(mine.words)) AS word
    WHERE mine.words @@ (SELECT any_of_them FROM asked)
        AND word = ANY ((SELECT every FROM asked)::text[])
), telling AS (
    SELECT shared.id,
        sum(ln(1 + total / frequency) / ln(1 + total)) FILTER (WHERE is_own) AS own,
        sum(CASE WHEN is_own THEN 1 ELSE {ranking.ASSOCIATION_WEIGHT} END
            * ln(1 + total / frequency) / ln(1 + total)) AS every
    FROM shared, (SELECT count(*)::float8 AS total FROM mine) AS all_of_them
    GROUP BY shared.id
), weighed AS (
    SELECT mine.id,
        closeness + {_levelled("own")} AS relevance,
        closeness + {_levelled("every")} AS fitness,
        {ranking.IMPORTANCE_WEIGHT} * importance + {ranking.RECENCY_WEIGHT} * 0.5 ^ (
            greatest(0, date_part('epoch', (SELECT %(now)s::timestamptz) - told_at))
            / {ranking.RECENCY_HALF_LIFE.total_seconds()}) AS standing,
        importance >= {ranking.CORE_IMPORTANCE} AND row_number() OVER (
            PARTITION BY importance >= {ranking.CORE_IMPORTANCE}
            ORDER BY told_at DESC, mine.id DESC) <= {ranking.CORE_LIMIT} AS is_core
    FROM mine LEFT JOIN telling ON telling.id = mine.id
), best AS (
    SELECT id, is_relevant, fitness + standing AS score
    FROM (
        SELECT *, %(is_personal)s::boolean OR relevance >= {ranking.LEAST_RELEVANCE} AS is_relevant
        FROM weighed) AS every
    WHERE is_core OR is_relevant
    ORDER BY is_relevant DESC, score DESC, id LIMIT %(limit)s
)
SELECT {MEMORY}
FROM best JOIN memories m ON m.user_id = %(user_id)s AND m.id = best.id
ORDER BY best.is_relevant DESC, best.score DESC, best.id"""


def search_values(query: MemoryQuery) -> Values:
    """The parameters of ``SEARCH``."""
    first, second = (*query.embeddings, None, None)[:2]
    return {
        "user_id": query.user_id,
        "character_id": query.character_id,
        "text": query.text,
        "associated": " ".join(associated(query.text)),
        "is_personal": is_personal(query.text),
        "now": query.now,
        "limit": query.limit,
        # No session has an empty id; NULL would leave out what was said in none.
        "except_session": query.except_session or "",
        "except_since": query.except_since or _EVER,
        **_vector_values(1, first),
        **_vector_values(2, second),
    }


def _vector_values(number: int, embedding: Embedding | None) -> Values:
    vector = half_vector(embedding)
    scale = ranking.scale_of(embedding.model if embedding else "")
    return {
        f"model_{number}": embedding.model if embedding and vector else None,
        f"vector_{number}": vector,
        f"floor_{number}": scale.floor,
        f"span_{number}": scale.typical - scale.floor,
    }
