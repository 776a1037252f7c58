"""Which of a card's files shows the character."""

from collections.abc import Collection, Mapping
from typing import Any, Final

EMBEDDED: Final = ("embeded://", "embedded://", "__asset:")
"""How addresses of files inside the card's own file begin; the first is the specification's."""
OWN_PICTURE: Final = "assets/icon/images/main"
"""Where a picture is kept that is the card's file itself, without the ending of its kind."""

_ICONS = "assets/icon/"


def main_picture(card: Mapping[str, Any], images: Collection[str]) -> str | None:
    """The name among ``images``: the main icon, or the picture that the card was hidden in."""
    icons = [one for one in _assets(card) if one.get("type") == "icon"]
    # The specification calls the main one so; programs that have only one may not.
    for icon in sorted(icons, key=lambda one: one.get("name") != "main"):
        name = embedded_name(icon.get("uri"))
        if name in images:
            return name
    own = [one for one in images if one.rpartition(".")[0] == OWN_PICTURE]
    likely = own or [one for one in images if one.startswith(_ICONS)]
    return min(likely, default=None)


def main_picture_address(card: Mapping[str, Any]) -> str | None:
    """The address of the main icon as the card has it, None if it names none."""
    for asset in _assets(card):
        if asset.get("type") == "icon" and asset.get("name") == "main":
            uri = asset.get("uri")
            return uri if isinstance(uri, str) else None
    return None


def embedded_name(uri: object) -> str | None:
    """The name of the file that an asset's address points to, None when it lies elsewhere."""
    if isinstance(uri, str):
        for scheme in EMBEDDED:
            if uri.startswith(scheme):
                return uri.removeprefix(scheme)
    return None


def leads_elsewhere(uri: str) -> bool:
    """Whether an address means a file of the computer, not of the card or of the web."""
    if uri.strip().lower().startswith("file:"):
        return True
    name = embedded_name(uri)
    return name is not None and (
        name.startswith("/") or "\\" in name or ".." in name.split("/") or "\x00" in name
    )


def _assets(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    data = card.get("data")
    assets = data.get("assets") if isinstance(data, Mapping) else None
    found = assets if isinstance(assets, list) else []
    return [one for one in found if isinstance(one, Mapping)]
