"""A summary that is the beginning of what was said."""

from collections.abc import Sequence

from domain.errors import Unavailable
from domain.tokens import estimate_tokens


class InMemorySummarizer:
    """Puts lines together for as long as they fit; ``fail`` lets the next calls fail."""

    def __init__(self) -> None:
        self._failures = 0

    def fail(self, times: int) -> None:
        """Let the next calls fail as if a model were away."""
        self._failures = times

    async def summarize(
        self, previous: str, messages: Sequence[tuple[str, str]], *, max_tokens: int
    ) -> str:
        if self._failures > 0:
            self._failures -= 1
            raise Unavailable("The model that sums up is away.")
        lines = [line for line in previous.split("\n") if line]
        lines += [f"{speaker}: {' '.join(text.split())}" for speaker, text in messages]
        while lines and estimate_tokens("\n".join(lines)) > max_tokens:
            lines.pop()
        return "\n".join(lines)
