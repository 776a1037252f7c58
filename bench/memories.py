"""People's memories by the million, what they ask, and what they ought to be reminded of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import numpy as np
import psycopg
from attrs import frozen

from adapters.in_memory.words import stems
from application.ports.memory_index import MemoryQuery
from domain.memory.associations import associated, is_personal
from domain.memory.memories import Embedding
from domain.memory.ranking import Asked, Candidate, rank, scale_of

EACH = 75
"""Memories a person."""
MODEL = "wordllama-256"
CHARACTER = "mira"
LIMIT = 24
_DIMENSIONS = 256
_WORDS = 997
_SUBJECTS = 4_096
_SHADES = 4_096

# What people speak of lies in clusters: a memory is one of the subjects and a shade of it. Both are
# drawn from a stock: making as many vectors as there are memories would take longer than all else.
_STOCK = """
CREATE UNLOGGED TABLE {name} AS
SELECT v AS id, (SELECT array_agg({size} * (random() - 0.5))
                 FROM generate_series(1, {dimensions}) WHERE v >= 0)::vector::halfvec AS vector
FROM generate_series(0, {number} - 1) AS v"""
_PREPARE = (
    "SET session_replication_role = replica",  # no accounts, so no foreign keys
    "SET maintenance_work_mem = '512MB'",
    "SELECT setseed(0.5)",
    _STOCK.format(name="subjects", size="1.0", dimensions=_DIMENSIONS, number=_SUBJECTS),
    _STOCK.format(name="shades", size="0.6", dimensions=_DIMENSIONS, number=_SHADES),
    "CREATE UNIQUE INDEX ON subjects (id)",
    "CREATE UNIQUE INDEX ON shades (id)",
    "ANALYZE subjects, shades",
)
_INDEX = "SELECT indexdef FROM pg_indexes WHERE indexname = 'memories_search'"
# A person's memories are told one by one, so they are scattered over the whole table.
_FILL = """
INSERT INTO memories (user_id, id, character_id, text, topic, created_at, kind, importance,
    told_in, embedding_model, embedding)
SELECT 'usr_' || lpad(mod(n, %(people)s::int)::text, 32, '0'), 'mem_' || lpad(n::text, 32, '0'),
    %(character)s,
    (SELECT string_agg('w' || mod(abs(hashint4(n * 8 + i)), %(words)s), ' ')
     FROM generate_series(1, 6) AS i),
    (ARRAY[NULL, 'home', 'job', 'like:w1'])[1 + mod(n, 4)],
    %(now)s::timestamptz - mod(n, 400) * interval '1 day', 'other', 1 + mod(n, 5),
    'ses_' || lpad((n / 3)::text, 32, '0'), %(model)s, subjects.vector + shades.vector
FROM generate_series(0, %(people)s::int * %(each)s::int - 1) AS n
JOIN subjects ON subjects.id = mod(abs(hashint4(n)), %(subjects)s)
JOIN shades ON shades.id = mod(abs(hashint4(-1 - n)), %(shades)s)"""
_OF_PERSON = """
SELECT id, text || ' ' || coalesce(replace(topic, ':', ' '), ''), importance,
    created_at, embedding::vector::real[]
FROM memories WHERE user_id = %(user_id)s"""


@frozen
class Question:
    """What one person says, and what all their memories, weighed one by one, make of it."""

    query: MemoryQuery
    best: frozenset[str]
    """What the product's own ranking finds."""
    nearest: frozenset[str]
    """Those whose vectors are nearest."""


def fill(connection: psycopg.Connection[Any], memories: int) -> None:
    """Put in so many memories, in a database with the product's schema and nothing else."""
    for statement in _PREPARE:
        connection.execute(statement)
    index = connection.execute(_INDEX).fetchone()
    assert index
    connection.execute("DROP INDEX memories_search")
    connection.execute(
        _FILL,
        {
            "people": memories // EACH,
            "each": EACH,
            "character": CHARACTER,
            "words": _WORDS,
            "subjects": _SUBJECTS,
            "shades": _SHADES,
            "model": MODEL,
            "now": datetime.now(UTC),
        },
    )
    connection.execute(index[0])
    connection.execute("VACUUM ANALYZE memories")


def questions(
    connection: psycopg.Connection[Any], memories: int, number: int, chance: Random
) -> Sequence[Question]:
    """So many questions, each of somebody else as far as there are people."""
    people = memories // EACH
    drawn = chance.sample(range(people), min(number, people))
    return [_question(connection, drawn[n % len(drawn)], chance) for n in range(number)]


def _question(connection: psycopg.Connection[Any], person: int, chance: Random) -> Question:
    """Something near to one of the person's memories."""
    user_id = _user_id(person)
    rows = connection.execute(_OF_PERSON, {"user_id": user_id}, binary=True).fetchall()
    text, now = _text(chance), datetime.now(UTC)
    vectors = np.array([row[4] for row in rows], dtype=np.float64)
    shade = np.array([chance.uniform(-0.3, 0.3) for _ in range(_DIMENSIONS)])
    # As the column keeps it, so that both sides compare the same numbers.
    near = vectors[chance.randrange(len(rows))]
    said = (near + shade).astype(np.float16).astype(np.float64)
    similar = vectors @ said / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(said))
    candidates = [
        Candidate(id_, stems(told), importance, told_at, float(similarity), scale_of(MODEL))
        for (id_, told, importance, told_at, _), similarity in zip(rows, similar, strict=True)
    ]
    own = stems(text)
    asked = Asked(own, stems(" ".join(associated(text))) - own, is_personal(text))
    nearest = np.argsort(-similar)[:LIMIT]
    return Question(
        _query(user_id, text, said.tolist(), now),
        frozenset(rank(candidates, asked, now=now, limit=LIMIT)),
        frozenset(rows[place][0] for place in nearest),
    )


def query(memories: int, chance: Random) -> MemoryQuery:
    """What somebody says, without looking up what they told before."""
    vector = [chance.uniform(-0.5, 0.5) for _ in range(_DIMENSIONS)]
    return _query(_user_id(chance.randrange(memories // EACH)), _text(chance), vector)


def _query(
    user_id: str, text: str, vector: Sequence[float], now: datetime | None = None
) -> MemoryQuery:
    return MemoryQuery(
        user_id=user_id,
        character_id=CHARACTER,
        text=text,
        embeddings=(Embedding(MODEL, tuple(vector)),),
        now=now or datetime.now(UTC),
        limit=LIMIT,
    )


def _text(chance: Random) -> str:
    """Ten words; every second message speaks of the person."""
    words = [f"w{chance.randrange(_WORDS)}" for _ in range(9)]
    return " ".join([*words, chance.choice(("my", "the"))])


def _user_id(person: int) -> str:
    return f"usr_{person:032}"


def recall(found: Sequence[str], wanted: frozenset[str]) -> float:
    """The share of what was to be found that was; 1 when there was nothing to find."""
    return len(wanted & set(found)) / len(wanted) if wanted else 1.0


def percentile(seconds: Sequence[float], share: float) -> float:
    """The time that this share of them did not exceed."""
    return sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)]
