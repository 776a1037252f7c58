"""Rules on words: what a text is found to be about, by rules that are data."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from domain.safety.languages import CommonWords
from domain.safety.normalise import dense, is_dense, plain, sentences
from domain.safety.patterns import Pattern, keys_of_dense, keys_of_words
from domain.safety.rulebook import Audience, Rule, read_common_words, read_rules
from domain.safety.stems import Stems
from domain.safety.verdicts import Action, Category, Flag, Stage, Verdict
from domain.safety.wording import Wording

MOST_EXCERPT = 200
"""Characters of the text that a flag shows."""
BY_WORDING = "wording/self-harm"
"""What a flag names where no rule was found, but the wording tells."""

_NOTHING = Verdict()
_PIECE = re.compile(r"[^.!?。！？؟।\n]*[.!?。！？؟।\n]*")  # noqa: RUF001 - their own full stops

_Probe = tuple[Rule, Pattern | None]
"""A rule and the pattern of it to try; none for a rule of parts that stand together."""


@frozen
class _Index:
    """Rules of one stage, audience and kind of script, by the keys that a text must have."""

    by_key: Mapping[str, tuple[_Probe, ...]]
    keys: frozenset[str]
    keys_of: Callable[[str], set[str]]
    shape: Callable[[str], str]
    """What the patterns of this kind of script read of a part of the view."""

    @classmethod
    def of(cls, rules: Iterable[Rule], *, is_dense: bool) -> "_Index":
        by_key: dict[str, list[_Probe]] = {}
        for rule in rules:
            for pattern in rule.patterns:
                for key in pattern.keys:
                    by_key.setdefault(key, []).append((rule, pattern))
            for key in rule.together[0].keys if rule.together else ():
                by_key.setdefault(key, []).append((rule, None))
        return cls(
            {key: tuple(probes) for key, probes in by_key.items()},
            frozenset(by_key),
            keys_of_dense if is_dense else keys_of_words,
            dense if is_dense else str,
        )

    def found(self, view: str) -> Iterator[tuple[Rule, str]]:
        """Each rule that is found, once, with the words it is found on."""
        whole = self.shape(view)
        keys_of_whole = self.keys_of(whole)
        if self.keys.isdisjoint(keys_of_whole):
            return
        seen: set[Rule] = set()
        parts = sentences(view)
        for part in parts:
            sentence = self.shape(part)
            keys = keys_of_whole if len(parts) == 1 else self.keys_of(sentence)
            tried: set[Pattern] = set()
            for key in sorted(self.keys & keys):
                for rule, pattern in self.by_key[key]:
                    if pattern is not None and not pattern.may_be_in(keys):
                        continue
                    if rule in seen or pattern in tried:
                        continue
                    if pattern is None:
                        seen.add(rule)
                        words = rule.match_together(whole, keys_of_whole)
                    else:
                        tried.add(pattern)
                        words = rule.match(pattern, sentence, keys)
                    if words is not None:
                        seen.add(rule)
                        yield rule, words


@frozen
class SafetyRules:
    """All rules, ready to be asked; shared freely, as nothing in it changes."""

    version: str
    rules: tuple[Rule, ...] = field(repr=False)
    _indices: Mapping[tuple[Stage, bool], tuple[_Index, _Index]] = field(repr=False)
    """By stage, and whether it is for minors: of scripts with spaces, and of dense ones."""
    _stems: Mapping[Stage, Stems] = field(repr=False)
    _parts: Mapping[Stage, tuple[tuple[Stems, Stems], ...]] = field(repr=False)
    """Of rules whose parts stand together: what the first is told by, and what the others."""
    _common_words: CommonWords = field(repr=False)
    _wording: Wording | None = field(repr=False)

    @classmethod
    def from_data(
        cls,
        version: str,
        actions: Mapping[str, Any],
        files: Mapping[str, Mapping[str, Any]],
        wording: Wording | None = None,
    ) -> "SafetyRules":
        """The rules of these files; ``ValueError`` says which cannot be used, and why.

        Args:
            version: What flags name, such as the date of the last change.
            actions: By category, stage and audience (``minor``, ``adult``), the action's name.
            files: By file name, what each says; see :mod:`domain.safety.rulebook`.
            wording: What a message as a whole is judged by; without it the rules alone count.
        """
        rules = read_rules(actions, files)
        indices = {
            (stage, audience is Audience.MINOR): _indices_of(
                rule
                for rule in rules
                if stage in rule.stages and rule.actions[stage, audience] is not Action.ALLOW
            )
            for stage in Stage
            for audience in Audience
        }
        return cls(
            version,
            rules,
            indices,
            {stage: _stems_of(rule for rule in rules if stage in rule.stages) for stage in Stage},
            {
                stage: tuple(
                    (_stems_in(rule, rule.together[:1]), _stems_in(rule, rule.together[1:]))
                    for rule in rules
                    if stage in rule.stages and rule.together
                )
                for stage in Stage
            },
            read_common_words(files),
            wording,
        )

    def crisis_in(self, text: str) -> Verdict | None:
        """The verdict on a message in which somebody means to die or to hurt themselves.

        For all ages alike; None for every other message.
        """
        verdict = self.check(text, Stage.INPUT, is_minor=True)
        return verdict if verdict.action is Action.REFER else None

    def check(self, text: str, stage: Stage, *, is_minor: bool) -> Verdict:
        """What the rules find in a text: one flag a rule, with the first words it is found on.

        A rule whose action is to allow, for this audience, leaves no flag. Takes time linear in
        the length of the text, and never raises.
        """
        view = plain(text)
        spaced, in_dense = self._indices[stage, is_minor]
        found = list(spaced.found(view))
        if is_dense(view):
            found.extend(in_dense.found(view))
        audience = Audience.MINOR if is_minor else Audience.ADULT
        flags = [
            Flag(
                category=rule.category,
                action=rule.actions[stage, audience],
                rule=rule.name,
                version=self.version,
                excerpt=_excerpt(text, words),
                language=rule.language,
            )
            for rule, words in found
        ]
        if stage is Stage.INPUT and self._wording is not None:
            flags = self._weighed(flags, self._wording, view, text)
        return Verdict(tuple(flags)) if flags else _NOTHING

    def _weighed(self, flags: Sequence[Flag], wording: Wording, view: str, text: str) -> list[Flag]:
        """The flags of a message once its wording is heard, too.

        Wording that tells enough by itself is a flag of its own; where it denies what a rule found,
        that is left for people to review.
        """
        flags = [
            evolve(flag, action=Action.FLAG)
            if flag.action is Action.REFER and wording.denies(view, flag.rule)
            else flag
            for flag in flags
        ]
        score, passage = wording.judge(view)
        if score < wording.sure or any(flag.action is Action.REFER for flag in flags):
            return flags
        return [
            *flags,
            Flag(
                category=Category.SELF_HARM,
                action=Action.REFER,
                rule=BY_WORDING,
                version=self.version,
                excerpt=_excerpt(text, sentences(passage)[0]),
                language=self._common_words.language_of(view),
            ),
        ]

    def has_stem(self, text: str, stage: Stage, also: Iterable[Stems] = ()) -> bool:
        """Whether a text has a word without which no rule is found, or one of ``also``."""
        view = plain(text)
        return self._stems[stage].are_in(view) or any(stems.are_in(view) for stems in also)

    def awaited(self, text: str, stage: Stage) -> tuple[Stems, ...]:
        """What would make up a finding together with this text, for ``also``.

        Rules of parts that stand together are told by their first part: once that is there, each
        of the others completes them.
        """
        view = plain(text)
        return tuple(others for first, others in self._parts[stage] if first.are_in(view))


def _indices_of(rules: Iterable[Rule]) -> tuple[_Index, _Index]:
    spaced: list[Rule] = []
    in_dense: list[Rule] = []
    for rule in rules:
        (in_dense if rule.is_dense else spaced).append(rule)
    return _Index.of(spaced, is_dense=False), _Index.of(in_dense, is_dense=True)


def _stems_of(rules: Iterable[Rule]) -> Stems:
    told_by = [(rule, [*rule.patterns, *rule.together[:1]]) for rule in rules]
    return Stems.of(
        (pattern for rule, patterns in told_by if not rule.is_dense for pattern in patterns),
        (pattern for rule, patterns in told_by if rule.is_dense for pattern in patterns),
    )


def _stems_in(rule: Rule, parts: Sequence[Pattern]) -> Stems:
    return Stems.of([], parts) if rule.is_dense else Stems.of(parts)


def _excerpt(text: str, words: str) -> str:
    """The sentence of the text that has these words of its view, or as much as may be shown."""
    if len(text) <= MOST_EXCERPT:
        return text
    at = 0
    for match in _PIECE.finditer(text):
        piece = match[0]
        if words in plain(piece) or words in dense(plain(piece)):
            at = match.start()
            break
    return text[at : at + MOST_EXCERPT].strip()
