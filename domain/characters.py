"""Characters: who one can talk to. The card is kept whole; these are the parts we use."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import frozen

from domain.accounts import Tier, User
from domain.errors import Forbidden, NotFound, TierRequired
from domain.safety.policy import is_minor


class Rating(StrEnum):
    """For whom a character is; an adult one is only for people who are known to be adults."""

    GENERAL = "general"
    ADULT = "adult"


@frozen
class CardFile:
    """A file that came with a card, such as a picture; its bytes are kept beside it."""

    name: str
    """Its path inside the card's archive, such as ``assets/icon/images/main.png``."""
    media_type: str
    size: int
    """In bytes."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""


@frozen
class Character:
    """One published version of a character; versions count from 1 and never change.

    ``card`` is the Character Card V3 it came from, as JSON values.
    """

    id: str
    version: int
    name: str
    tagline: str
    description: str
    """For the catalogue; never part of a prompt."""
    greeting: str
    persona: str
    """What the model is told about the character, macros not yet replaced."""
    tags: tuple[str, ...]
    min_tier: Tier
    card: Mapping[str, Any]
    avatar_url: str | None = None
    """A picture that lies elsewhere; ``picture`` goes before it."""
    rating: Rating = Rating.GENERAL
    files: tuple[CardFile, ...] = ()
    """What came with the card, by name."""
    picture: str | None = None
    """The name of the file that shows the character."""

    def file(self, name: str) -> CardFile:
        """The file of this name; raises ``NotFound``."""
        for one in self.files:
            if one.name == name:
                return one
        raise NotFound("The character has no such file.")

    def admit(self, user: User, *, param: str) -> None:
        """Let this person in; what they asked with is named by ``param``.

        Raises ``TierRequired``, and ``Forbidden`` when the character is for adults and the person
        may not be one.
        """
        if not user.tier.opens(self.min_tier):
            message = f"{self.name} is open from the tier {self.min_tier} on."
            raise TierRequired(message, param=param)
        if self.rating is Rating.ADULT and is_minor(user.age_band):
            message = "This character is for people who are known to be adults."
            raise Forbidden(message, param=param)
