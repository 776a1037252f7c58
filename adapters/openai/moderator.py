"""``Moderator`` over OpenAI's moderations."""

import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from adapters.openai.endpoint import OpenAIEndpoint
from domain.errors import Unavailable
from domain.safety.scores import ScoreRules
from domain.safety.verdicts import Flag

_MOST_CHARACTERS = 12_000
_MOST_ANSWER_BYTES = 200_000


class _Result(msgspec.Struct):
    category_scores: dict[str, float | None]


class _Answer(msgspec.Struct):
    results: list[_Result]


_decode_answer = msgspec.json.Decoder(_Answer).decode


class OpenAIModerator:
    """Scores read by ``rules``; of a very long text only the end is looked at."""

    def __init__(
        self,
        rules: ScoreRules,
        *,
        base_url: str,
        api_key: str,
        timeout_seconds: float = 1.5,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._endpoint = OpenAIEndpoint(
            "/moderations",
            base_url=base_url,
            api_key=api_key,
            timeout_seconds=timeout_seconds,
            most_answer_bytes=_MOST_ANSWER_BYTES,
            seconds=seconds,
        )

    async def aclose(self) -> None:
        """Close all connections; nothing can be asked any more."""
        await self._endpoint.aclose()

    async def check(self, text: str, *, is_minor: bool) -> Sequence[Flag]:
        asked = text[-_MOST_CHARACTERS:].encode(errors="replace").decode()
        if not asked.strip():
            return ()
        body = {"model": self._rules.model, "input": asked}
        scores = await self._endpoint.ask(body, _scores_in)
        if scores is None:
            raise Unavailable("The moderator does not answer.")
        return self._rules.flags(scores, text, is_minor=is_minor)


def _scores_in(body: bytes) -> Mapping[str, float]:
    """The greatest score of each category; raises ``ValueError`` when there are none."""
    results = _decode_answer(body).results
    if not results:
        message = "no results"
        raise ValueError(message)
    scores: dict[str, float] = {}
    for result in results:
        for name, score in result.category_scores.items():
            scores[name] = max(scores.get(name, 0.0), score or 0.0)
    return scores
