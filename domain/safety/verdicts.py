"""What the rules say about a text: flags, each with what it leads to."""

from enum import IntEnum, StrEnum

from attrs import frozen


class Category(StrEnum):
    """What a text is about, as far as it needs care."""

    SELF_HARM = "self_harm"
    """Somebody means to die or to hurt themselves."""
    SELF_HARM_METHOD = "self_harm_method"
    """How it is done: never written by us, and a crisis when it is asked for."""
    EATING_DISORDER = "eating_disorder"
    SEXUAL_MINORS = "sexual_minors"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    WEAPONS = "weapons"
    DRUGS = "drugs"
    HATE = "hate"
    HARASSMENT = "harassment"


class Stage(StrEnum):
    """Whose words they are."""

    INPUT = "input"
    OUTPUT = "output"


class Action(IntEnum):
    """What a flag leads to; of several, the greatest counts."""

    ALLOW = 0
    FLAG = 1
    """Goes on, and is kept for review."""
    BLOCK = 2
    """Is refused, or cut where it stands."""
    REFER = 3
    """The product itself answers, with where to find help."""


@frozen
class Flag:
    """One finding: which rule of which version, on which words."""

    category: Category
    action: Action
    rule: str
    """``<source>/<name>``, such as ``en/wants-to-die`` or ``openai/self-harm/intent``."""
    version: str
    excerpt: str
    """The words it was found on, at most 200 characters, as they were written."""
    language: str | None = None
    """ISO 639-1, of the rule that matched."""


@frozen
class Verdict:
    """All that was found in one text; nothing found is no flag."""

    flags: tuple[Flag, ...] = ()

    @property
    def action(self) -> Action:
        """What it leads to."""
        return max((flag.action for flag in self.flags), default=Action.ALLOW)

    @property
    def decisive(self) -> Flag | None:
        """The first flag that leads to ``action``."""
        return next((flag for flag in self.flags if flag.action == self.action), None)
