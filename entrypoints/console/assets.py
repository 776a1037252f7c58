"""What the pages load: a style sheet, a script, and htmx out of the package that brings it."""

from functools import cache
from importlib.resources import files
from typing import Final

_PLACES: Final = {
    "console.css": ("entrypoints.console", "static/console.css"),
    "console.js": ("entrypoints.console", "static/console.js"),
    "icon.svg": ("entrypoints.console", "static/icon.svg"),
    "htmx.min.js": ("js_lib_htmx", "static/htmx/htmx.min.js"),
}
MEDIA_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def asset(name: str) -> bytes | None:
    """The file of this name, None if the pages have none."""
    if name not in _PLACES:
        return None
    package, path = _PLACES[name]
    return files(package).joinpath(path).read_bytes()
