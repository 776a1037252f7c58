"""Published characters and all their versions."""

from collections.abc import Sequence

from attrs import evolve

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from domain.characters import Character
from domain.errors import NotFound

_LIST = f"""
SELECT {codec.CHARACTER}
FROM characters p
JOIN character_versions c ON c.character_id = p.id AND c.version = p.version
WHERE p.id > %(after)s
ORDER BY p.id LIMIT %(limit)s"""

_GET = f"""
SELECT {codec.CHARACTER}
FROM characters p
JOIN character_versions c ON c.character_id = p.id AND c.version = p.version
WHERE p.id = %(character_id)s"""

_GET_VERSION = f"""
SELECT {codec.CHARACTER} FROM character_versions c
WHERE c.character_id = %(character_id)s AND c.version = %(version)s"""

# One after the other for each character, so that each is compared with the one before it.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('characters'), hashtext(%(character_id)s))"
_PUBLISH = f"""
WITH latest AS (
    SELECT c.version, {codec.CHARACTER}::jsonb - 'version' AS contents
    FROM characters p
    JOIN character_versions c ON c.character_id = p.id AND c.version = p.version
    WHERE p.id = %(character_id)s
), p AS (
    INSERT INTO characters (id, version)
    SELECT %(character_id)s, coalesce((SELECT version FROM latest), 0) + 1
    WHERE NOT EXISTS (
        SELECT FROM latest WHERE contents = %(character)s::jsonb - 'version')
    ON CONFLICT (id) DO UPDATE SET version = excluded.version
    RETURNING id, version
), c AS (
    INSERT INTO character_versions (character_id, version, name, tagline, description, greeting,
        persona, tags, min_tier, card, avatar_url)
    SELECT p.id, p.version, c.name, c.tagline, c.description, c.greeting, c.persona, c.tags,
        c.min_tier, c.card, c.avatar_url
    FROM p, json_to_record(%(character)s::json) AS c (
        name text, tagline text, description text, greeting text, persona text, tags json,
        min_tier text, card json, avatar_url text)
    RETURNING version
)
SELECT version FROM c UNION ALL SELECT version FROM latest LIMIT 1"""


class PostgresCharacterStore:
    """Versions that never change, and which of them is published."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def list(self, *, limit: int, after: str | None) -> Sequence[Character]:
        rows = await self._pool.read(_LIST, {"limit": limit, "after": after or ""})
        return [codec.character(codec.present(row[0])) for row in rows]

    async def get(self, character_id: str, version: int | None = None) -> Character:
        values = {"character_id": character_id, "version": version}
        row = await self._pool.read_one(_GET if version is None else _GET_VERSION, values)
        if row is None:
            raise NotFound("There is no such character.")
        return codec.character(codec.present(row[0]))

    async def publish(self, character: Character) -> Character:
        document = codec.document(character)
        values = {"character_id": character.id, "character": document}
        [(version,)] = await self._pool.together([(_LOCK, values), (_PUBLISH, values)])
        return evolve(codec.character(document), version=int(codec.present(version)))
