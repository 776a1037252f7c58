"""A moderator that knows a few words."""

from collections.abc import Mapping, Sequence

from domain.errors import Unavailable
from domain.safety.scores import ScoreRules
from domain.safety.verdicts import Flag

WORDS: Mapping[str, Mapping[str, float]] = {
    "end my life": {"self-harm": 0.97, "self-harm/intent": 0.96},
    "how to overdose": {"self-harm": 0.9, "self-harm/instructions": 0.93},
    "undress": {"sexual": 0.9},
    "undress the child": {"sexual/minors": 0.95},
    "build a bomb": {"illicit": 0.9, "illicit/violent": 0.94},
}
"""What these words score, if nothing else is given."""


class InMemoryModerator:
    """Scores a text by the words in it; ``is_away`` lets it fail as a service does."""

    def __init__(self, rules: ScoreRules, words: Mapping[str, Mapping[str, float]] = WORDS) -> None:
        self._rules = rules
        self._words = words
        self.is_away = False
        self.asked: list[str] = []
        """All texts so far."""

    async def check(self, text: str, *, is_minor: bool) -> Sequence[Flag]:
        self.asked.append(text)
        if self.is_away:
            raise Unavailable("The moderator does not answer.")
        scores: dict[str, float] = {}
        for words, found in self._words.items():
            if words in text.casefold():
                scores.update(found)
        return self._rules.flags(scores, text, is_minor=is_minor)
