"""What goes into a statement."""

from collections.abc import Mapping

from pgvector import HalfVector

from domain.memory.memories import Embedding

Values = Mapping[str, object]

_DIMENSIONS = 256


def half_vector(embedding: Embedding | None) -> memoryview | None:
    """The vector in the binary form that a parameter of type ``halfvec`` takes.

    None also for a vector of another length than the column's, which cannot be compared.
    """
    if embedding is None or len(embedding.vector) != _DIMENSIONS:
        return None
    return memoryview(HalfVector(list(embedding.vector)).to_binary())


def vector_text(embedding: Embedding | None) -> str | None:
    """The same as text, for vectors inside of a JSON document."""
    if embedding is None or len(embedding.vector) != _DIMENSIONS:
        return None
    return "[" + ",".join(map(repr, embedding.vector)) + "]"


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot store: a model may have written it."""
    return (
        text.replace("\0", "\N{REPLACEMENT CHARACTER}")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
