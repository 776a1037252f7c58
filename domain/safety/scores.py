"""What the scores of a moderation model lead to, as data: thresholds by category and audience."""

from collections.abc import Mapping

from attrs import field, frozen
from attrs.validators import min_len

from domain.safety.verdicts import Action, Category, Flag

MOST_EXCERPT = 200
Thresholds = Mapping[str, float]
"""From which score on (0 to 1) an action follows, by its name: ``flag``, ``block``, ``refer``."""


@frozen
class ScoreRule:
    """What follows from one of the model's own categories."""

    name: str
    """As the model calls it, such as ``self-harm/intent``."""
    category: Category
    minor: Thresholds
    """Also for those of whom nobody knows the age."""
    adult: Thresholds

    def action(self, score: float, *, is_minor: bool) -> Action:
        """The greatest action that this score leads to."""
        thresholds = self.minor if is_minor else self.adult
        reached = (Action[name.upper()] for name, least in thresholds.items() if score >= least)
        return max(reached, default=Action.ALLOW)


@frozen
class ScoreRules:
    """How a model is read; ``version`` changes with any threshold."""

    version: str = field(validator=min_len(1))
    source: str
    """Begins the names of rules, such as ``openai``."""
    model: str
    rules: tuple[ScoreRule, ...] = field(validator=min_len(1))

    def flags(self, scores: Mapping[str, float], text: str, *, is_minor: bool) -> tuple[Flag, ...]:
        """A flag for each category whose score leads to anything.

        A model does not say where it found it: the excerpt is the end of the text, which in a
        reply that grows is what was said last.
        """
        judged = (
            (rule, rule.action(scores.get(rule.name, 0.0), is_minor=is_minor))
            for rule in self.rules
        )
        return tuple(
            Flag(
                category=rule.category,
                action=action,
                rule=f"{self.source}/{rule.name}",
                version=self.version,
                excerpt=text.strip()[-MOST_EXCERPT:],
            )
            for rule, action in judged
            if action is not Action.ALLOW
        )
