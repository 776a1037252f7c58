"""Where people in a crisis find help, by country, and the words that send them there."""

from collections.abc import Mapping
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import min_len

DEFAULT_LANGUAGE = "en"
_MOST_GUESSED = 4
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
    native: str = ""
    """Its name for those who live there, where that is not the English one."""
    language: str = DEFAULT_LANGUAGE
    """What most people there read, for when nothing tells the language of a message."""
    lines: tuple[Helpline, ...] = ()

    @property
    def for_everybody(self) -> tuple[Helpline, ...]:
        """The lines that answer people of any age."""
        return tuple(line for line in self.lines if not line.for_minors)


@frozen
class Referral:
    """What a referral has to say, before it is put into words."""

    lines: tuple[str, ...]
    emergency: str | None
    """None where the country is not known."""
    directory: str | None
    """None where it is among the lines already."""


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

    def written(self, referral: Referral) -> str:
        """The whole referral, as plain text of a few short lines."""
        listed = "\n".join(f"• {line}" for line in referral.lines)
        further = [
            self.danger_anywhere
            if referral.emergency is None
            else self.danger.format(emergency=referral.emergency)
        ]
        if referral.directory is not None:
            further.append(self.elsewhere.format(directory=referral.directory))
        return f"{self.opening}\n{listed}\n{' '.join(further)}\n{self.closing}"


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

    def referral(self, country: str | None, language: str) -> Referral:
        """Whom to point at: the country's own, or what there is for those who speak the language.

        Somebody whose country is not known is shown the directory first, and then lines that say
        of which country they are.
        """
        help_ = self.find(country)
        if help_ is None:
            named = [
                f"{one.native or one.name} – {one.for_everybody[0].line}"
                for one in self.countries
                if one.language == language and one.for_everybody
            ]
            return Referral((self.directory.line, *named[:_MOST_GUESSED]), None, None)
        if not help_.for_everybody:
            lines = (self.directory, *help_.lines)
            return Referral(tuple(line.line for line in lines), help_.emergency, None)
        lines = help_.lines
        return Referral(tuple(line.line for line in lines), help_.emergency, self.directory.contact)


def base_language(tag: str | None) -> str | None:
    """``pt`` of ``pt-BR``; None of nothing."""
    return tag.replace("_", "-").partition("-")[0].lower() if tag else None


def in_language(texts: Mapping[str, _Text], *tags: str | None) -> tuple[str, _Text]:
    """The first of these languages that there is a text in, and that text; English otherwise."""
    known = (language for language in map(base_language, tags) if language in texts)
    language = next((one for one in known if one is not None), DEFAULT_LANGUAGE)
    return language, texts[language]
