"""One entry of a ``character_book``, with what SillyTavern writes under its ``extensions``."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from domain.lorebook.decorators import Decorators, parse_decorators
from domain.lorebook.entries import Entry, Logic, Place, Position
from domain.lorebook.entry_fields import Fields
from domain.lorebook.keys import Key, compile_key

MAX_KEYS = 200
"""Of a kind; those behind are left out."""
MAX_KEY_CHARACTERS = 1_000
"""A longer key is never found."""
_DEFAULT_DEPTH = 4
_ROLES = ("system", "user", "assistant")
# SillyTavern's numbers: before and after the character, above and below the author's note (which
# stands four messages from the end), at a depth of its own, before and after the examples.
_BEFORE_CHAR, _AT_DEPTH, _NOTE = 0, 4, (2, 3)
_POSITIONS: Mapping[str, Position] = {
    "before_char": Position.BEFORE_CHAR,
    "before_desc": Position.BEFORE_CHAR,
}


@frozen
class _Keys:
    cased: bool
    whole: bool | None
    regex: bool

    def compiled(self, sources: Iterable[str]) -> tuple[Key, ...]:
        found = (
            compile_key(source, cased=self.cased, whole=self.whole, regex=self.regex)
            for source in list(sources)[:MAX_KEYS]
            if len(source) <= MAX_KEY_CHARACTERS
        )
        return tuple(key for key in found if key is not None)


def read_entry(number: int, raw: object) -> Entry | None:
    """The entry; None when it is disabled or has nothing to tell.

    Raises ``OddValue`` when a field has the wrong type. Odd extensions are only ignored.
    """
    fields = Fields.of(raw)
    extensions = Fields.of(fields.values.get("extensions"))
    decorators, content = parse_decorators(fields.text("content"))
    is_enabled = fields.flag("enabled", default=True)
    # SillyTavern says use_regex of every entry, and means keys between slashes only.
    is_sillytavern = not {"selectiveLogic", "display_index"}.isdisjoint(extensions.values)
    is_regex = fields.flag("use_regex") and not is_sillytavern
    order = fields.number("insertion_order", 0)
    keys = _Keys(
        cased=fields.flag(
            "case_sensitive", default=bool(extensions.lenient_flag("case_sensitive"))
        ),
        whole=extensions.lenient_flag("match_whole_words"),
        regex=is_regex,
    )
    secondary = keys.compiled(fields.texts("secondary_keys"))
    entry = Entry(
        number=number,
        id=_identity(fields, number),
        name=fields.text("name") or fields.text("comment"),
        content=content,
        keys=keys.compiled(fields.texts("keys")),
        order=order,
        priority=fields.number("priority", order),
        place=_place(fields, extensions, decorators),
        secondary_keys=secondary if fields.flag("selective") and not is_regex else (),
        logic=_logic(extensions),
        additional_keys=tuple(keys.compiled(group) for group in decorators.additional_keys),
        excluded_keys=() if is_regex else keys.compiled(decorators.exclude_keys),
        is_regex=is_regex,
        constant=fields.flag("constant") and not is_regex,
        scan_depth=_scan_depth(extensions, decorators),
        decorators=decorators,
        percent=_percent(extensions),
        groups=tuple(filter(None, map(str.strip, extensions.lenient_text("group").split(",")))),
        group_wins=extensions.lenient_flag("group_override") is True,
        group_weight=max(0.0, extensions.lenient_number("group_weight", 100.0)),
        exclude_recursion=extensions.lenient_flag("exclude_recursion") is True,
        prevent_recursion=extensions.lenient_flag("prevent_recursion") is True,
        recursion_level=_recursion_level(extensions),
        sticky=extensions.lenient_count("sticky"),
        cooldown=extensions.lenient_count("cooldown"),
        delay=extensions.lenient_count("delay"),
    )
    return entry if is_enabled and content.strip() else None


def _identity(fields: Fields, number: int) -> str:
    value = fields.values.get("id")
    return str(value) if isinstance(value, int | float | str) else str(number)


def _place(fields: Fields, extensions: Fields, decorators: Decorators) -> Place:
    role = decorators.role or _ROLES[0]
    if decorators.position is not None:
        return Place(_POSITIONS.get(decorators.position, Position.AFTER_CHAR))
    if decorators.depth is not None:
        return Place(Position.AT_DEPTH, max(0, decorators.depth), role)
    if decorators.reverse_depth is not None:
        # How deep that is depends on how long the conversation is.
        return Place(Position.AT_DEPTH, 0, role)
    return _numbered_place(extensions, decorators.role) or Place(
        _POSITIONS.get(fields.lenient_text("position"), Position.AFTER_CHAR)
    )


def _numbered_place(extensions: Fields, role: str | None) -> Place | None:
    number = extensions.lenient_number("position")
    if number is None:
        return None
    if number == _AT_DEPTH:
        depth = extensions.lenient_number("depth", _DEFAULT_DEPTH)
        by_number = dict(enumerate(_ROLES)).get(int(extensions.lenient_number("role", 0)))
        return Place(Position.AT_DEPTH, max(0, int(depth)), role or by_number or _ROLES[0])
    if number in _NOTE:
        return Place(Position.AT_DEPTH, _DEFAULT_DEPTH, role or _ROLES[0])
    return Place(Position.BEFORE_CHAR if number == _BEFORE_CHAR else Position.AFTER_CHAR)


def _logic(extensions: Fields) -> Logic:
    number = extensions.lenient_number("selectiveLogic", Logic.AND_ANY)
    return Logic(int(number)) if number in set(Logic) else Logic.AND_ANY


def _scan_depth(extensions: Fields, decorators: Decorators) -> int | None:
    if decorators.scan_depth is not None:
        return max(0, decorators.scan_depth)
    number = extensions.lenient_number("scan_depth")
    return None if number is None else max(0, int(number))


def _percent(extensions: Fields) -> float:
    if extensions.lenient_flag("useProbability") is False:
        return 100.0
    return extensions.lenient_number("probability", 100.0)


def _recursion_level(extensions: Fields) -> int:
    if extensions.lenient_flag("delay_until_recursion"):
        return 1
    return extensions.lenient_count("delay_until_recursion")
