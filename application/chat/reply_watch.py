"""A reply under watch while it is written: by our rules at once, by a moderator alongside."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from application.ports.moderator import Moderator
from domain.errors import Unavailable
from domain.safety.verdicts import Action, Stage, Verdict
from domain.safety.watch import OutputWatch

_STRIDE = 400
"""Characters between two questions to the moderator about a reply that is being streamed."""


class ReplyWatch:
    """Lets through what may be said; once it is cut, nothing more.

    A reply that ``is_whole`` is passed on only at its end, so nothing of one that is cut is said.
    The moderator, if there is one, is asked about the message while the model begins to answer,
    and no word is let through before it has spoken. When it does not answer, the rules alone
    decide.
    """

    def __init__(
        self,
        watch: OutputWatch,
        moderator: Moderator | None,
        asked: str,
        *,
        is_minor: bool,
        is_whole: bool,
    ) -> None:
        self._watch = watch
        self._moderator = moderator
        self._is_minor = is_minor
        self._is_whole = is_whole
        self._kept = ""
        self._asking = self._ask(asked)
        self._looking: asyncio.Task[Verdict] | None = None
        self._said = ""
        self._looked_at = 0
        self.stage = Stage.OUTPUT
        """Whose words were the reason, if the reply was cut."""
        self.verdict = Verdict()
        """Why the reply was cut; nothing found as long as it was not."""

    @property
    def is_cut(self) -> bool:
        """Whether the reply must end here."""
        return bool(self.verdict.flags)

    @property
    def noted(self) -> Verdict:
        """What was let through, but is to be reviewed."""
        return Verdict() if self.is_cut else Verdict(self._watch.flags)

    async def pass_on(self, pieces: Sequence[str]) -> Sequence[str]:
        """What may be said now, after these pieces came; the rest is held back, or cut."""
        await self._hear_about_question()
        if self._moderator is not None and not self.is_cut:
            self._said += "".join(pieces)
            # Before the rules: they let through what comes before the words that they cut.
            self._look_at_moderator()
        if self.is_cut:
            return ()
        released = self._watch.feed_all(pieces)
        self._look_at_rules()
        if self._is_whole:
            self._kept += "".join(released)
            return ()
        return released

    async def finish(self) -> str:
        """What was held back and may be said, once the reply is complete."""
        await self._hear_about_question()
        if self.is_cut:
            return ""
        released = self._kept + self._watch.finish()
        self._look_at_rules()
        if self._moderator is not None and self._said and not self.verdict.flags:
            whole = self._said
            self._judge(
                Stage.OUTPUT, await _verdict(self._moderator, whole, is_minor=self._is_minor)
            )
        return self._unless_cut(released)

    def break_off(self) -> str:
        """What was held back and may be said, once the reply has broken off in the middle."""
        if self.is_cut:
            return ""
        released = self._kept + self._watch.finish()
        self._look_at_rules()
        return self._unless_cut(released)

    async def close(self) -> None:
        """Ask nobody any more."""
        for task in (self._asking, self._looking):
            if task is not None and not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    def _unless_cut(self, released: str) -> str:
        return "" if self.verdict.flags else released

    async def _hear_about_question(self) -> None:
        if self._asking is not None:
            verdict, self._asking = await self._asking, None
            self._judge(Stage.INPUT, verdict)

    def _look_at_rules(self) -> None:
        if self._watch.verdict is not None:
            self._judge(Stage.OUTPUT, self._watch.verdict)

    def _look_at_moderator(self) -> None:
        if self._looking is not None and self._looking.done():
            self._judge(Stage.OUTPUT, self._looking.result())
            self._looking = None
        if self._looking is None and len(self._said) - self._looked_at >= _STRIDE:
            self._looked_at = len(self._said)
            self._looking = self._ask(self._said)

    def _judge(self, stage: Stage, verdict: Verdict) -> None:
        if not self.is_cut and verdict.action >= Action.BLOCK:
            self.stage, self.verdict = stage, verdict

    def _ask(self, text: str) -> asyncio.Task[Verdict] | None:
        if self._moderator is None:
            return None
        return asyncio.create_task(_verdict(self._moderator, text, is_minor=self._is_minor))


async def _verdict(moderator: Moderator, text: str, *, is_minor: bool) -> Verdict:
    try:
        return Verdict(tuple(await moderator.check(text, is_minor=is_minor)))
    except Unavailable:
        return Verdict()
