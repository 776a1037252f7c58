"""Hear a cry for help."""

from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Stage


class DetectCrisis:
    """Tells whether somebody says that they mean to die or to hurt themselves."""

    def __init__(self, rules: SafetyRules) -> None:
        self._rules = rules

    async def __call__(self, text: str) -> bool:
        """Whether this message has to be answered with where help is."""
        verdict = self._rules.check(text, Stage.INPUT, is_minor=True)
        return verdict.action is Action.REFER
