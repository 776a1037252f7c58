"""The vectors that a search needs: one for each model whose vectors can still be read."""

from application.memory.embed_text import embedding_of
from application.ports.embedder import Embedder
from domain.memory.memories import Embedding


class QueryEmbeddings:
    """Embeds with the model in use and, where there is one, with the model before it.

    After a change of the model, memories keep their old vectors until a job has made new ones;
    meanwhile both kinds are found.
    """

    def __init__(self, embedder: Embedder, former: Embedder | None) -> None:
        self._embedder = embedder
        self._former = former

    async def of(self, text: str) -> tuple[Embedding, ...]:
        """The vectors that could be made; those of an embedder that is away are missing."""
        embedders = [one for one in (self._embedder, self._former) if one is not None]
        made = [await embedding_of(embedder, text) for embedder in embedders]
        return tuple(one for one in made if one is not None)
