"""What the safety rules make of a turn's words, and what people are told for it."""

from collections.abc import Sequence

from application.chat.reply_watch import ReplyWatch
from application.ports.account_store import AccountStore
from application.ports.clock import Clock
from application.ports.moderator import Moderator
from application.safety.safety_records import Occasion, SafetyRecords
from domain.accounts import User
from domain.chat import Message, Role, Turn
from domain.errors import ContentBlocked, Unavailable
from domain.notices import Notice
from domain.safety.policy import SafetyPolicy, is_minor
from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Stage, Verdict
from domain.safety.watch import OutputWatch

_BLOCKED = "This cannot be sent: it breaks the rules on safety."


class TurnSafety:
    """Judges what goes in and out of a turn, by the rules and by what the law wants told."""

    def __init__(
        self,
        *,
        rules: SafetyRules,
        policy: SafetyPolicy,
        records: SafetyRecords,
        moderator: Moderator | None,
        accounts: AccountStore,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._policy = policy
        self._records = records
        self._moderator = moderator
        self._accounts = accounts
        self._clock = clock

    def crisis_in(self, text: str) -> Verdict | None:
        """The verdict on a text in which somebody means to die or to hurt themselves."""
        return self._rules.crisis_in(text)

    def judge(self, text: str, user: User) -> Verdict:
        """What the rules find in a message of this person."""
        return self._rules.check(text, Stage.INPUT, is_minor=is_minor(user.age_band))

    def may_stand_before(self, message: Message, user: User) -> bool:
        """Whether what a client says was said earlier may be part of a conversation."""
        is_own = message.role is Role.USER
        stage = Stage.INPUT if is_own else Stage.OUTPUT
        verdict = self._rules.check(message.content, stage, is_minor=is_minor(user.age_band))
        # A cry for help was answered when it came; clients send it again with all that follows.
        return verdict.action < Action.BLOCK or (is_own and verdict.action is Action.REFER)

    def name_of(self, user: User) -> str | None:
        """How the person wants to be called; None for what they may not say either."""
        name = user.display_name
        return None if name and self.judge(name, user).action >= Action.BLOCK else name

    async def refuse(self, user: User, verdict: Verdict, occasion: Occasion) -> ContentBlocked:
        """The refusal of a message, once it is on record."""
        await self._records.keep_verdict(user.id, Stage.INPUT, verdict, occasion)
        return ContentBlocked(_BLOCKED, param="messages")

    def referral(self, verdict: Verdict, country: str | None) -> Notice:
        """Where to find help, in the language of the words and for the person's country."""
        flag = verdict.decisive
        return self._policy.referral(country=country, language=flag.language if flag else None)

    def replacement(self, verdict: Verdict, user: User) -> str:
        """What stands in the place of words that were cut."""
        flag = verdict.decisive
        if flag is None:
            return ""
        return self._policy.replacement(flag.category, country=user.country, language=flag.language)

    def conduct(self, user: User) -> str:
        """How the model has to behave towards this person."""
        return self._policy.conduct(user.age_band)

    def due_notices(self, user: User) -> tuple[Notice, ...]:
        """What this person has to be told with the next reply."""
        return self._policy.due_notices(
            country=user.country,
            age_band=user.age_band,
            noticed_at=user.noticed_at,
            now=self._clock.now(),
        )

    def watch(self, text: str, user: User, *, is_whole: bool) -> ReplyWatch:
        """Looks over the reply to this message while it is written."""
        minor = is_minor(user.age_band)
        return ReplyWatch(
            OutputWatch(self._rules, is_minor=minor),
            self._moderator,
            text,
            is_minor=minor,
            is_whole=is_whole,
        )

    async def keep(self, turn: Turn, findings: Sequence[tuple[Stage, Verdict]]) -> None:
        """Put what was found on record."""
        for stage, verdict in findings:
            is_input = stage is Stage.INPUT
            occasion = Occasion(
                character_id=turn.character_id,
                session_id=turn.session_id,
                message_id=turn.user_message_id if is_input else turn.message_id,
                turn_id=turn.id,
            )
            await self._records.keep_verdict(turn.user_id, stage, verdict, occasion)

    async def told(self, user_id: str, notices: Sequence[Notice]) -> None:
        """Note that the person was given these, so that they come again only when they are due.

        When the database is away they come again too early, which does no harm.
        """
        if not notices:
            return
        kinds = [notice.kind for notice in notices]
        now = self._clock.now()
        try:
            await self._accounts.note(user_id, {kind.value: now for kind in kinds})
        except Unavailable:
            return
        await self._records.count_notices(kinds)
