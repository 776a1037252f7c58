"""The page's files, as they are served."""

from typing import Final

from entrypoints.pages.files import page_file, shared_script, style_sheet

_PACKAGE: Final = __name__.rpartition(".")[0]
SCRIPTS: Final = (
    "api.js",
    "conversation.js",
    "dialog.js",
    "main.js",
    "memories.js",
    "messages.js",
    "open_turn.js",
    "people.js",
    "screen.js",
    "stream.js",
    "trouble.js",
    "wallet.js",
)


def chat_page() -> bytes:
    """The page itself; all that changes on it comes from its scripts."""
    return page_file(_PACKAGE, "page.html")


def chat_file(name: str) -> bytes | None:
    """A file that the page loads, None if it has none of this name."""
    if name == "style.css":
        return style_sheet(_PACKAGE)
    if name == "dom.js":
        return shared_script()
    return page_file(_PACKAGE, name) if name in SCRIPTS else None
