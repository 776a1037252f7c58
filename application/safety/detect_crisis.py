"""Hear a cry for help."""

from domain.safety.rules import SafetyRules


class DetectCrisis:
    """Tells whether somebody says that they mean to die or to hurt themselves."""

    def __init__(self, rules: SafetyRules) -> None:
        self._rules = rules

    async def __call__(self, text: str) -> bool:
        """Whether this message has to be answered with where help is."""
        return self._rules.crisis_in(text) is not None
