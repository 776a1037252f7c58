"""What a card must be to be taken: the right types, sensible sizes, and nothing that acts.

Only parts that the product reads or shows are looked at; what other programs keep in
``extensions`` is theirs, and stays as it came.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import define, field

from domain.cards.character import COMPANION, card_id, companion_part
from domain.cards.markup import active_markup
from domain.cards.parts import object_in, text_in, texts_in
from domain.cards.pictures import leads_elsewhere
from domain.errors import InvalidRequest

MAX_ENTRIES: Final = 2_000
MAX_ASSETS: Final = 500
MAX_TEXT: Final = 100_000
MAX_NAME: Final = 200
_MAX_LIST = 200
_MAX_KEYS = 200
_MAX_ALL_KEYS = 20_000
_MAX_KEY = 1_000
_MAX_ADDRESS = 4 * 1024 * 1024
"""An address may be a whole picture in base64; its size is the whole card's."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NAMES = ("nickname", "creator", "character_version")
_TEXTS = (
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
)
_GREETINGS = ("alternate_greetings", "group_only_greetings")
_DATES = ("creation_date", "modification_date")
_ASSET_FIELDS = ("type", "name", "ext")
_BOOLEAN = (bool,)
_NUMBER = (int, float)
_BOOK_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "scan_depth": _NUMBER,
    "token_budget": _NUMBER,
    "recursive_scanning": _BOOLEAN,
    "extensions": (Mapping,),
}
_ENTRY_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "enabled": _BOOLEAN,
    "insertion_order": _NUMBER,
    "case_sensitive": _BOOLEAN,
    "use_regex": _BOOLEAN,
    "constant": _BOOLEAN,
    "selective": _BOOLEAN,
    "priority": _NUMBER,
    "id": (int, float, str),
    "position": (str, int),
    "extensions": (Mapping,),
}
_ENTRY_EXTENSION_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "probability": _NUMBER,
    "useProbability": _BOOLEAN,
    "selectiveLogic": _NUMBER,
}
_KIND_NAMES = {bool: "true or false", int: "a number", str: "a text", Mapping: "an object"}


def check_card(card: Mapping[str, Any]) -> None:
    """Raise ``InvalidRequest`` with the path of the first part that cannot be taken."""
    data = object_in(card, "data")
    name = text_in(data, "name", "data.name", required=True)
    checker = _Checker(text_in(data, "nickname", "data.nickname").strip() or name.strip())
    checker.text(name, "data.name", MAX_NAME)
    if _CONTROLS.search(name.strip()):
        message = "A name is one line, without control characters."
        raise InvalidRequest(message, param="data.name")
    for key in _NAMES:
        checker.text(text_in(data, key, f"data.{key}"), f"data.{key}", MAX_NAME)
    for key in _TEXTS:
        checker.text(text_in(data, key, f"data.{key}"), f"data.{key}")
    for key in _GREETINGS:
        checker.texts(data, key, f"data.{key}")
    checker.texts(data, "tags", "data.tags", each=MAX_NAME)
    checker.texts(data, "source", "data.source", each=MAX_TEXT)
    for key in _DATES:
        checker.typed(data, key, f"data.{key}", _NUMBER)
    notes = object_in(data, "creator_notes_multilingual", "data.creator_notes_multilingual")
    for language in notes:
        path = "data.creator_notes_multilingual"
        checker.text(text_in(notes, language, path), path)
    checker.assets(data.get("assets"))
    checker.ours(card)
    if data.get("character_book") is not None:
        checker.book(object_in(data, "character_book", "data.character_book"))


def check_book(book: Mapping[str, Any]) -> None:
    """The same for a lorebook alone, before it becomes part of a card."""
    _Checker("").book(book)


def lorebook_entries(card: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each entry of a checked card's lorebook with its path."""
    book = card["data"].get("character_book") or {}
    for number, entry in enumerate(book.get("entries") or ()):
        yield f"data.character_book.entries[{number}]", entry


@define
class _Checker:
    """Looks at one part after the other."""

    _name: str = field(alias="name")
    """What ``{{char}}`` stands for in its texts."""

    def text(self, text: str, path: str, limit: int = MAX_TEXT) -> None:
        if len(text) > limit:
            raise InvalidRequest(f"The text has more than {limit} characters.", param=path)
        found = active_markup(text, self._name)
        if found:
            raise InvalidRequest(f"The text contains {found}.", param=path)

    def texts(
        self,
        parent: Mapping[str, Any],
        key: str,
        path: str,
        *,
        each: int = MAX_TEXT,
        most: int = _MAX_LIST,
    ) -> None:
        found = texts_in(parent, key, path)
        if len(found) > most:
            raise InvalidRequest(f"{key} has more than {most} items.", param=path)
        for one in found:
            self.text(one, path, each)

    def typed(
        self, parent: Mapping[str, Any], key: str, path: str, kinds: tuple[type, ...]
    ) -> None:
        value = parent.get(key)
        # In Python a truth value is a number, in JSON it is not.
        is_odd = isinstance(value, bool) and bool not in kinds
        if value is not None and (is_odd or not isinstance(value, kinds)):
            raise InvalidRequest(f"{key} must be {_KIND_NAMES[kinds[0]]}.", param=path)

    def assets(self, assets: object) -> None:
        if assets is None:
            return
        path = "data.assets"
        if not isinstance(assets, list) or not all(isinstance(one, Mapping) for one in assets):
            raise InvalidRequest("assets must be a list of objects.", param=path)
        if len(assets) > MAX_ASSETS:
            raise InvalidRequest(f"A card has at most {MAX_ASSETS} assets.", param=path)
        for number, asset in enumerate(assets):
            here = f"{path}[{number}]"
            for key in _ASSET_FIELDS:
                self.text(text_in(asset, key, f"{here}.{key}"), f"{here}.{key}", MAX_NAME)
            uri = text_in(asset, "uri", f"{here}.uri", required=True)
            self.text(uri, f"{here}.uri", _MAX_ADDRESS)
            if leads_elsewhere(uri):
                message = "The address leads out of the card."
                raise InvalidRequest(message, param=f"{here}.uri")

    def ours(self, card: Mapping[str, Any]) -> None:
        card_id(card)
        part = companion_part(card)
        for key, limit in (("tagline", MAX_NAME), ("summary", MAX_NAME * 10)):
            self.text(text_in(part, key, f"{COMPANION}.{key}"), f"{COMPANION}.{key}", limit)

    def book(self, book: Mapping[str, Any]) -> None:
        path = "data.character_book"
        self.text(text_in(book, "name", f"{path}.name"), f"{path}.name", MAX_TEXT)
        self.text(text_in(book, "description", f"{path}.description"), f"{path}.description")
        for key, kinds in _BOOK_TYPES.items():
            self.typed(book, key, f"{path}.{key}", kinds)
        entries = book.get("entries")
        if not isinstance(entries, list):
            raise InvalidRequest("entries must be a list.", param=f"{path}.entries")
        if len(entries) > MAX_ENTRIES:
            message = f"A lorebook has at most {MAX_ENTRIES} entries."
            raise InvalidRequest(message, param=f"{path}.entries")
        keys_left = _MAX_ALL_KEYS
        for number, entry in enumerate(entries):
            here = f"{path}.entries[{number}]"
            keys_left -= self._entry(entry, here)
            if keys_left < 0:
                message = f"A lorebook has at most {_MAX_ALL_KEYS} keys."
                raise InvalidRequest(message, param=f"{here}.keys")

    def _entry(self, entry: object, path: str) -> int:
        """Look at one entry; returns how many keys it has."""
        if not isinstance(entry, Mapping):
            raise InvalidRequest("An entry must be an object.", param=path)
        for key in ("keys", "secondary_keys"):
            self.texts(entry, key, f"{path}.{key}", each=_MAX_KEY, most=_MAX_KEYS)
        if entry.get("keys") is None:
            raise InvalidRequest("keys must be a list of texts.", param=f"{path}.keys")
        for key in ("name", "comment"):
            self.text(text_in(entry, key, f"{path}.{key}"), f"{path}.{key}")
        if not isinstance(entry.get("content"), str):
            raise InvalidRequest("content must be a text.", param=f"{path}.content")
        self.text(entry["content"], f"{path}.content")
        for key, kinds in _ENTRY_TYPES.items():
            self.typed(entry, key, f"{path}.{key}", kinds)
        extensions = object_in(entry, "extensions", f"{path}.extensions")
        for key, kinds in _ENTRY_EXTENSION_TYPES.items():
            self.typed(extensions, key, f"{path}.extensions.{key}", kinds)
        return len(entry["keys"]) + len(entry.get("secondary_keys") or ())
