"""The parts of a card by name and type. ``null`` counts as absent: many programs write it."""

from collections.abc import Mapping
from typing import Any

from domain.errors import InvalidRequest


def object_in(parent: Mapping[str, Any], key: str, path: str | None = None) -> Mapping[str, Any]:
    """The object under this key, empty if there is none; raises ``InvalidRequest``."""
    value = parent.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"{key} must be an object.", param=path or key)
    return value


def text_in(parent: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> str:
    """The text under this key, empty if there is none; raises ``InvalidRequest``."""
    value = parent.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        wanted = "a text that is not empty" if required else "a text"
        raise InvalidRequest(f"{key} must be {wanted}.", param=path)
    return value


def texts_in(parent: Mapping[str, Any], key: str, path: str) -> list[str]:
    """The texts under this key, none if there are none; raises ``InvalidRequest``."""
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidRequest(f"{key} must be a list of texts.", param=path)
    return value
