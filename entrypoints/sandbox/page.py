"""The page's files, as they are served."""

from typing import Final

from entrypoints.pages.files import page_file, style_sheet

_PACKAGE: Final = __name__.rpartition(".")[0]


def sandbox_page() -> bytes:
    """The page itself; all that changes on it comes from the script."""
    return page_file(_PACKAGE, "page.html")


def sandbox_style() -> bytes:
    """Its style sheet."""
    return style_sheet(_PACKAGE)


def sandbox_script() -> bytes:
    """Its script, which needs nothing but a browser and what all pages share."""
    return page_file(_PACKAGE, "script.js")
