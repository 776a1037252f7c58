"""A look at a reply while it is being written, so that what harms is never sent."""

import re
from collections.abc import Sequence

from domain.safety.rules import SafetyRules
from domain.safety.stems import Stems
from domain.safety.verdicts import Action, Flag, Stage, Verdict

MOST_HELD = 240
"""Characters held back before they are looked at although the sentence goes on."""
MOST_CONTEXT = 300
"""Characters before the held ones that are looked at again with them."""
MOST_DOUBTED = 600
"""Characters held at most while a sentence that goes on may yet turn out to be harmless."""
TAIL = 120
"""Characters that stay held when a sentence goes on, for words that belong to those to come."""
_GLANCE = 40  # characters before a piece in which a word or phrase of it may have begun

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)*]*\s|[。！？।؟]|\n\s*\n")  # noqa: RUF001 - full stops too
_LONE_WORD = re.compile(r"\W*\w+\W*")


class OutputWatch:
    """Watches one reply, piece by piece; used by one turn.

    Text flows through as it comes. A sentence with a word that some rule looks for is held from
    that word on until it ends, is looked at with what went before, and is let go or cut.
    """

    def __init__(self, rules: SafetyRules, *, is_minor: bool) -> None:
        self._rules = rules
        self._is_minor = is_minor
        self._sent = ""
        self._begun = ""  # the end of what was sent, as far as it belongs to the same sentence
        self._held = ""
        self._flags: dict[str, Flag] = {}
        self._verdict: Verdict | None = None
        self._awaited: tuple[Stems, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """Why the reply had to be cut; None as long as it has not been."""
        return self._verdict

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All that was found so far, also what the reply was cut for; one a rule."""
        return tuple(self._flags.values())

    def feed_all(self, pieces: Sequence[str]) -> Sequence[str]:
        """Pieces that came together; gives those that may be sent, as ``feed`` of each would.

        One look at all of them is enough where no word is in them that a rule looks for.
        """
        if len(pieces) > 1 and not self._held and self._verdict is None:
            text = "".join(pieces)
            if not self._has_stem(text):
                self._remember(text)
                return pieces
        sent = []
        for piece in pieces:
            released = self.feed(piece)
            if released:
                sent.append(released)
            if self._verdict is not None:
                break
        return sent

    def feed(self, text: str) -> str:
        """The next piece of the reply; gives what may be sent now, perhaps nothing.

        Once ``verdict`` is set, nothing more may be sent.
        """
        if self._verdict is not None:
            return ""
        if not self._held and not self._has_stem(text):
            self._remember(text)
            return text
        self._held += text
        return self._let_go()

    def finish(self) -> str:
        """What is still held, when the reply has come to its end."""
        held, self._held = self._held, ""
        if self._verdict is not None or not held or not self._is_harmless(held):
            return ""
        self._remember(held)
        return held

    def _let_go(self) -> str:
        """Sends the sentences of the held text that have ended, and what needs no holding."""
        sent: list[str] = []
        while self._held:
            end = self._end_of_sentence()
            if end is None and not self._has_stem(self._held):
                end = len(self._held)
            if end is None:
                if len(self._held) <= MOST_HELD:
                    break
                if not self._is_harmless(self._held, is_final=len(self._held) > MOST_DOUBTED):
                    break
                end = len(self._held) - TAIL
            elif not self._is_harmless(self._held[:end]):
                break
            sent.append(self._held[:end])
            self._remember(self._held[:end])
            self._held = self._held[end:]
        return "".join(sent)

    def _has_stem(self, text: str) -> bool:
        """Whether with this text the sentence has a word that some rule looks for."""
        return self._rules.has_stem(self._begun + text, Stage.OUTPUT, self._awaited)

    def _end_of_sentence(self) -> int | None:
        for match in _SENTENCE_END.finditer(self._held):
            if not _LONE_WORD.fullmatch(self._held, 0, match.end()):
                return match.end()
        return None

    def _is_harmless(self, text: str, *, is_final: bool = True) -> bool:
        """Whether nothing has to be cut; if so, finally, the verdict is set and all is dropped."""
        found = self._rules.check(self._sent + text, Stage.OUTPUT, is_minor=self._is_minor)
        is_cut = found.action >= Action.BLOCK and self._is_new(found)
        if is_cut and not is_final:
            return False
        for flag in found.flags:
            self._flags.setdefault(flag.rule, flag)
        if is_cut:
            self._verdict, self._held = found, ""
        else:
            self._awaited = self._rules.awaited(self._sent + text, Stage.OUTPUT)
        return not is_cut

    def _is_new(self, found: Verdict) -> bool:
        """Whether it is not only the beginning of the context that looks odd, being cut off."""
        before = self._rules.check(self._sent, Stage.OUTPUT, is_minor=self._is_minor)
        known = {flag.rule for flag in before.flags}
        return any(f.action >= Action.BLOCK and f.rule not in known for f in found.flags)

    def _remember(self, text: str) -> None:
        self._sent = (self._sent + text)[-MOST_CONTEXT:]
        begun = _SENTENCE_END.split(self._begun + text)[-1]
        if len(begun) > _GLANCE:
            begun = begun[-_GLANCE:]
            begun = begun.partition(" ")[2] or begun
        self._begun = begun
        if self._awaited:
            self._awaited = self._rules.awaited(self._sent, Stage.OUTPUT)
