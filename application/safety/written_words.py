"""What people write down for a character to read, outside of a conversation."""

from application.safety.safety_records import Occasion, SafetyRecords
from domain.accounts import User
from domain.errors import ContentBlocked
from domain.safety.policy import is_minor
from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Stage


class WrittenWords:
    """Judges such words as messages are judged: they stand in the same prompts."""

    def __init__(self, rules: SafetyRules, records: SafetyRecords) -> None:
        self._rules = rules
        self._records = records

    async def check(self, user: User, text: str, occasion: Occasion) -> None:
        """Raise ``ContentBlocked``, once it is on record, for what may not be said in a message."""
        verdict = self._rules.check(text, Stage.INPUT, is_minor=is_minor(user.age_band))
        if verdict.action is Action.BLOCK:
            await self._records.keep_verdict(user.id, Stage.INPUT, verdict, occasion)
            message = "This cannot be remembered: it breaks the rules on safety."
            raise ContentBlocked(message, param="text")
