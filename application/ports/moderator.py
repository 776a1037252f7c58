"""A second opinion on a text, from a service that was trained for it."""

from collections.abc import Sequence
from typing import Protocol

from domain.safety.verdicts import Flag


class Moderator(Protocol):
    """Says what a text is about, as far as it needs care."""

    async def check(self, text: str, *, is_minor: bool) -> Sequence[Flag]:
        """Flags with what each leads to; none for a text that needs no care.

        ``is_minor`` is for whom the text is, as content rules see it: an unknown age is a minor's.
        Raises ``Unavailable`` within two seconds when there is no answer: whoever asks goes on
        without a second opinion.
        """
        ...
