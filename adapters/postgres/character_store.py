"""Published characters, all their versions, and the files of their cards."""

from collections.abc import Mapping, Sequence

from attrs import evolve

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import Values
from domain.characters import CardFile, Character
from domain.errors import Conflict, NotFound

_NO_CARD = codec.CHARACTER.replace("c.card", "'{}'::json")
_LIST = f"""
SELECT {_NO_CARD}
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

_LIST_VERSIONS = f"""
SELECT {_NO_CARD} FROM character_versions c
WHERE c.character_id = %(character_id)s AND c.version < %(before)s
ORDER BY c.version DESC LIMIT %(limit)s"""

_IS_KNOWN = f"""
SELECT count(*) FROM character_versions c
WHERE c.character_id = %(character_id)s
    AND {codec.CHARACTER}::jsonb - 'version' = %(character)s::text::jsonb - 'version'"""

# As text: were the parameter a jsonb, the card would lose the order of its keys and the way its
# numbers are written.
# One after the other for each character, so that each is compared with the one before it.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('characters'), hashtext(%(character_id)s))"
_ADD_FILE = """
INSERT INTO character_files (character_id, digest, content)
VALUES (%(character_id)s, %(digest)s, %(content)s)
ON CONFLICT DO NOTHING"""
_PUBLISH = f"""
WITH latest AS (
    SELECT c.version, {codec.CHARACTER}::jsonb - 'version' AS contents
    FROM characters p
    JOIN character_versions c ON c.character_id = p.id AND c.version = p.version
    WHERE p.id = %(character_id)s
), known AS (
    SELECT count(*) AS versions, count(*) FILTER (WHERE
        {codec.CHARACTER}::jsonb - 'version' = %(character)s::text::jsonb - 'version') AS same
    FROM character_versions c
    WHERE %(is_new)s::boolean AND c.character_id = %(character_id)s
), p AS (
    INSERT INTO characters (id, version)
    SELECT %(character_id)s, coalesce((SELECT version FROM latest), 0) + 1
    WHERE NOT EXISTS (
        SELECT FROM latest WHERE contents = %(character)s::text::jsonb - 'version')
        AND NOT EXISTS (SELECT FROM known WHERE versions > 0 AND same = 0)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version
    RETURNING id, version
), c AS (
    INSERT INTO character_versions (character_id, version, name, tagline, description, greeting,
        persona, tags, min_tier, card, avatar_url, rating, files, picture)
    SELECT p.id, p.version, c.name, c.tagline, c.description, c.greeting, c.persona, c.tags,
        c.min_tier, c.card, c.avatar_url, c.rating, c.files, c.picture
    FROM p, json_to_record(%(character)s::text::json) AS c (
        name text, tagline text, description text, greeting text, persona text, tags json,
        min_tier text, card json, avatar_url text, rating text, files json, picture text)
    RETURNING version
)
SELECT version FROM c UNION ALL
SELECT version FROM latest WHERE NOT EXISTS (SELECT FROM known WHERE versions > 0 AND same = 0)
LIMIT 1"""

_READ_FILES = """
SELECT f.digest, f.content FROM character_files f
WHERE f.character_id = %(character_id)s
    AND f.digest IN (SELECT json_array_elements_text(%(digests)s::json))"""
# Some megabytes take longer than what a turn may wait for.
_FILE_SECONDS = 15.0
_LAST_VERSION = 2**31 - 1


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

    async def list_versions(
        self, character_id: str, *, limit: int, before: int | None
    ) -> Sequence[Character]:
        below = _LAST_VERSION if before is None else min(before, _LAST_VERSION)
        values = {"character_id": character_id, "limit": limit, "before": below}
        rows = await self._pool.read(_LIST_VERSIONS, values)
        return [codec.character(codec.present(row[0])) for row in rows]

    async def publish(
        self,
        character: Character,
        contents: Mapping[str, bytes] | None = None,
        *,
        is_new: bool = False,
    ) -> Character:
        document = codec.document(character)
        values = {"character_id": character.id, "character": document, "is_new": is_new}
        steps: list[tuple[str, Values]] = [(_LOCK, values)]
        for digest, content in (contents or {}).items():
            file = {"digest": digest, "content": memoryview(content)}
            steps.append((_ADD_FILE, {**values, **file}))
        rows = await self._pool.together([*steps, (_PUBLISH, values)], seconds=_FILE_SECONDS)
        if not rows:
            raise Conflict("There is a character with this id.")
        return evolve(codec.character(document), version=int(codec.present(rows[0][0])))

    async def is_known(self, character: Character) -> bool:
        values = {"character_id": character.id, "character": codec.document(character)}
        row = await self._pool.read_one(_IS_KNOWN, values)
        return row is not None and int(codec.present(row[0])) > 0

    async def read_files(self, character_id: str, files: Sequence[CardFile]) -> Mapping[str, bytes]:
        digests = codec.document([file.digest for file in files])
        values = {"character_id": character_id, "digests": digests}
        rows = await self._pool.together([(_READ_FILES, values)], seconds=_FILE_SECONDS)
        kept = {codec.present(row[0]).decode(): _bytea(codec.present(row[1])) for row in rows}
        try:
            return {file.name: kept[file.digest] for file in files}
        except KeyError:
            raise NotFound("The character has no such file.") from None


def _bytea(column: bytes) -> bytes:
    """The bytes that PostgreSQL writes as hexadecimal digits behind a mark of two characters."""
    return bytes.fromhex(column[2:].decode("ascii"))
