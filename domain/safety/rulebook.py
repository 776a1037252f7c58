"""Rules as they are written down, and as they are kept ready.

A file of rules says::

    language = "en"
    script = "spaced"                   # or "dense": Chinese, Japanese, Korean
    negations = ["not", "never"]        # what a gap ~3 does not step over
    common = ["i", "the"]               # too ordinary to look a pattern up by; for all
                                        # files of the language
    idioms = ["to die for"]             # a finding that touches one of these is none; of a
                                        # file without rules, for all files of the language
    [groups]
    die = "die|be dead"
    [[rules]]
    id = "wants-to-die"
    category = "self_harm"
    stages = ["input"]                  # both, if left out
    patterns = ["i want to {die}"]      # one of them, in one sentence
    together = ["{young}", "{sexual}"]  # or: all of them, near each other, in any order
    within = 300                        # so many characters apart at most
    unless = ["in the game"]            # nothing if one is near, in the same sentence
    actions = {output = "flag"}         # other than the category's; also {minor, adult}
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from attrs import field, frozen

from domain.safety.languages import CommonWords
from domain.safety.normalise import plain
from domain.safety.patterns import Dialect, Pattern, compiled
from domain.safety.verdicts import Action, Category, Stage

WITHIN = 300
"""Characters between the parts of a rule with ``together``, if it does not say."""
UNLESS_WITHIN = 100
"""Characters on either side of a finding in which ``unless`` is looked for: some people write pages
without a full stop, and a film on the first is no reason not to hear what is said on the third."""

_T = TypeVar("_T", bound=StrEnum)

_FILE_KEYS = {
    "language",
    "script",
    "negations",
    "common",
    "idioms",
    "groups",
    "rules",
}
_RULE_KEYS = {
    "id",
    "category",
    "stages",
    "patterns",
    "together",
    "within",
    "unless",
    "actions",
}


class Audience(StrEnum):
    """For whom an action is meant."""

    MINOR = "minor"
    ADULT = "adult"


Actions = Mapping[tuple[Stage, Audience], Action]


@frozen(eq=False)
class Rule:
    """One rule, ready to be tried."""

    name: str
    """``<language>/<id>``."""
    category: Category
    language: str | None
    stages: frozenset[Stage]
    is_dense: bool
    actions: Actions
    patterns: tuple[Pattern, ...] = field(repr=False, default=())
    together: tuple[Pattern, ...] = field(repr=False, default=())
    within: int = WITHIN
    unless: tuple[Pattern, ...] = field(repr=False, default=())
    idioms: tuple[Pattern, ...] = field(repr=False, default=())

    def match(self, pattern: Pattern, sentence: str, keys: set[str]) -> str | None:
        """The words of a sentence with these keys that the pattern is found on."""
        idioms: list[tuple[int, int]] | None = None
        for match in pattern.expression.finditer(sentence):
            if idioms is None:
                idioms = _spans(self.idioms, sentence, keys)
            start, end = match.span()
            near = sentence[max(0, start - UNLESS_WITHIN) : end + UNLESS_WITHIN]
            if not _touches((start, end), idioms) and not _any(self.unless, near, keys):
                return match[0].strip()
        return None

    def match_together(self, view: str, keys: set[str]) -> str | None:
        """The words of the first part, where all parts are found near each other in a text."""
        if not all(part.may_be_in(keys) for part in self.together):
            return None
        found = []
        for part in self.together:
            spans = _spans([part], view, keys)
            if not spans:
                return None
            found.append(spans)
        idioms = _spans(self.idioms, view, keys)
        first, *others = ([span for span in spans if not _touches(span, idioms)] for spans in found)
        for start, end in first:
            if all(_is_near(spans, start - self.within, end + self.within) for spans in others):
                near = view[max(0, start - self.within) : end + self.within]
                if not _any(self.unless, near, keys):
                    return view[start:end].strip()
        return None


def _any(patterns: Iterable[Pattern], text: str, keys: set[str]) -> bool:
    return any(pattern.may_be_in(keys) and pattern.expression.search(text) for pattern in patterns)


def _spans(patterns: Iterable[Pattern], text: str, keys: set[str]) -> list[tuple[int, int]]:
    """Where these are found, in order."""
    return sorted(
        match.span()
        for pattern in patterns
        if pattern.may_be_in(keys)
        for match in pattern.expression.finditer(text)
    )


def _touches(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _is_near(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the spans, which are in order, begins between these."""
    at = bisect_left(spans, (start, 0))
    return at < len(spans) and spans[at][0] <= end


def read_common_words(files: Mapping[str, Mapping[str, Any]]) -> CommonWords:
    """The ordinary words of each language, of all its files."""
    return CommonWords.of(
        (file["language"], _folded(file, "common")) for file in files.values() if "language" in file
    )


def read_rules(
    actions: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]]
) -> tuple[Rule, ...]:
    """All rules of these files; ``ValueError`` says what is wrong, and where."""
    by_category = {category: _actions(actions.get(category), category) for category in Category}
    found: dict[str, Rule] = {}
    common: dict[str | None, set[str]] = {}
    for file in files.values():
        common.setdefault(file.get("language"), set()).update(_folded(file, "common"))
    ordinary = {language: frozenset(words) for language, words in common.items()}
    shared: dict[str | None, tuple[Pattern, ...]] = {}
    read: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    for name in sorted(name for name, file in files.items() if "rules" not in file):
        language = files[name].get("language")
        words = read.setdefault((language, files[name].get("script")), {})
        dialect = _dialect_of(name, files[name], ordinary[language], words)
        idioms = _idioms_of(name, files[name], dialect)
        shared[language] = (*shared.get(language, ()), *idioms)
    for name in sorted(name for name, file in files.items() if "rules" in file):
        language = files[name].get("language")
        words = read.setdefault((language, files[name].get("script")), {})
        dialect = _dialect_of(name, files[name], ordinary[language], words)
        idioms = (*shared.get(language, ()), *_idioms_of(name, files[name], dialect))
        for rule in _rules_of(name, files[name], by_category, dialect, idioms):
            if rule.name in found:
                raise ValueError(f"{name}: there are two rules {rule.name}")
            found[rule.name] = rule
    return tuple(found.values())


def _dialect_of(
    name: str, file: Mapping[str, Any], common: frozenset[str], words: dict[str, Any]
) -> Dialect:
    if unknown := file.keys() - _FILE_KEYS:
        raise ValueError(f"{name}: nobody reads {sorted(unknown)}")
    return Dialect(
        groups=file.get("groups", {}),
        negations=frozenset(_folded(file, "negations")),
        common=common,
        words=words,
        is_dense=file.get("script") == "dense",
        umlauts=file.get("language") == "de",
    )


def _idioms_of(name: str, file: Mapping[str, Any], dialect: Dialect) -> tuple[Pattern, ...]:
    return _patterns(file.get("idioms", ()), dialect, name)


def _rules_of(
    name: str,
    file: Mapping[str, Any],
    by_category: Mapping[Category, Actions],
    dialect: Dialect,
    idioms: tuple[Pattern, ...],
) -> Iterable[Rule]:
    language = file.get("language")
    for written in file["rules"]:
        where = f"{name}: rule {written.get('id')!r}"
        if unknown := written.keys() - _RULE_KEYS:
            raise ValueError(f"{where}: nobody reads {sorted(unknown)}")
        if ("patterns" in written) == ("together" in written):
            raise ValueError(f"{where}: either patterns or together")
        category = _one_of(Category, written.get("category"), where)
        yield Rule(
            name=f"{language or 'any'}/{written['id']}",
            category=category,
            language=language,
            stages=frozenset(_one_of(Stage, one, where) for one in written.get("stages", Stage)),
            is_dense=dialect.is_dense,
            actions={**by_category[category], **_overrides(written.get("actions", {}), where)},
            patterns=_patterns(written.get("patterns", ()), dialect, where),
            together=_patterns(written.get("together", ()), dialect, where),
            within=written.get("within", WITHIN),
            unless=_patterns(written.get("unless", ()), dialect, where),
            idioms=idioms,
        )


def _folded(file: Mapping[str, Any], key: str) -> Iterable[str]:
    """The words of a list, as the view has them."""
    return (plain(word).strip() for word in file.get(key, ()))


def _patterns(written: Iterable[str], dialect: Dialect, where: str) -> tuple[Pattern, ...]:
    try:
        return tuple(compiled(one, dialect) for one in written)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _actions(written: Mapping[str, Any] | None, category: Category) -> Actions:
    actions = _overrides(written or {}, f"actions of {category}")
    if len(actions) < len(Stage) * len(Audience):
        raise ValueError(f"actions of {category}: not said for each stage and audience")
    return actions


def _overrides(written: Mapping[str, Any], where: str) -> Actions:
    """``{output = "flag"}``, or by audience: ``{output = {minor = "block", adult = "flag"}}``."""
    found: dict[tuple[Stage, Audience], Action] = {}
    for stage, said in written.items():
        by_audience = said if isinstance(said, Mapping) else dict.fromkeys(Audience, said)
        for audience, action in by_audience.items():
            key = _one_of(Stage, stage, where), _one_of(Audience, audience, where)
            try:
                found[key] = Action[str(action).upper()]
            except KeyError as error:
                raise ValueError(f"{where}: there is no action {action!r}") from error
    return found


def _one_of(kind: type[_T], name: object, where: str) -> _T:
    try:
        return kind(str(name))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
