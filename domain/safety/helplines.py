"""Where people in a crisis find help, by country, and the words that send them there."""

from collections.abc import Mapping
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import min_len

DEFAULT_LANGUAGE = "en"
_Text = TypeVar("_Text")


@frozen
class Helpline:
    """Somebody who answers; ``contact`` is a number as it is dialled there, or an address."""

    name: str = field(validator=min_len(1))
    contact: str = field(validator=min_len(2))
    for_minors: bool = False
    """Meant for children and young people."""

    @property
    def line(self) -> str:
        """As it is written in a referral."""
        return f"{self.name}: {self.contact}"


@frozen
class CountryHelp:
    """The help of one country. Without lines, the international directory stands in."""

    country: str
    """ISO 3166-1 alpha-2."""
    name: str
    """In English, for the published protocol."""
    emergency: str
    language: str = DEFAULT_LANGUAGE
    """What most people there read, for when nothing tells the language of a message."""
    lines: tuple[Helpline, ...] = ()


@frozen
class ReferralText:
    """The sentences of a referral in one language; help comes first."""

    opening: str
    danger: str
    """With ``{emergency}``."""
    danger_anywhere: str
    """For when the country, and so its emergency number, is not known."""
    elsewhere: str
    """With ``{directory}``."""
    closing: str

    def written(self, help_: CountryHelp | None, directory: Helpline) -> str:
        """The whole referral, as plain text of a few short lines."""
        lines = help_.lines if help_ is not None and help_.lines else (directory,)
        danger = (
            self.danger_anywhere if help_ is None else self.danger.format(emergency=help_.emergency)
        )
        if directory not in lines:
            danger = f"{danger} {self.elsewhere.format(directory=directory.contact)}"
        listed = "\n".join(f"• {line.line}" for line in lines)
        return f"{self.opening}\n{listed}\n{danger}\n{self.closing}"


@frozen
class Helplines:
    """All help there is to point at."""

    version: str = field(validator=min_len(1))
    directory: Helpline
    """Finds help in any country."""
    countries: tuple[CountryHelp, ...]

    def find(self, country: str | None) -> CountryHelp | None:
        """The help of this country, in whatever case its code is written."""
        wanted = (country or "").upper()
        return next((one for one in self.countries if one.country == wanted), None)


def base_language(tag: str | None) -> str | None:
    """``pt`` of ``pt-BR``; None of nothing."""
    return tag.replace("_", "-").split("-", 1)[0].lower() if tag else None


def in_language(texts: Mapping[str, _Text], *tags: str | None) -> tuple[str, _Text]:
    """The first of these languages that there is a text in, and that text; English otherwise."""
    known = (language for language in map(base_language, tags) if language in texts)
    language = next((one for one in known if one is not None), DEFAULT_LANGUAGE)
    return language, texts[language]
