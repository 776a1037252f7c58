"""The published safety protocol: a page made of the same data that the product runs on."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import Any

from domain.safety.helplines import CountryHelp, Helpline
from domain.safety.jurisdictions import Jurisdiction
from domain.safety.verdicts import Category
from entrypoints.safety.policy import load_policy

_FOLDER = resources.files(__name__.rpartition(".")[0])
_ACTIONS = {"refer": "help is named", "block": "blocked", "flag": "reviewed", "allow": "allowed"}
_CATEGORIES = {
    Category.SELF_HARM: "Suicide and self-harm",
    Category.SELF_HARM_METHOD: "Methods of self-harm",
    Category.EATING_DISORDER: "Encouraging eating disorders",
    Category.SEXUAL_MINORS: "Sexual content with or about minors",
    Category.SEXUAL: "Sexual content",
    Category.VIOLENCE: "Graphic violence",
    Category.WEAPONS: "Making weapons",
    Category.DRUGS: "Making or getting drugs",
    Category.HATE: "Hate",
    Category.HARASSMENT: "Harassment and threats",
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
    "zh": "Chinese",
}  # fmt: skip
_DIALLED = re.compile(r"[+*#]?[\d ()-]{3,}")


@cache
def protocol_page() -> bytes:
    """The page, as HTML that needs no script and no style of its own."""
    policy = load_policy()
    rules = tomllib.loads((_FOLDER / "rules" / "policy.toml").read_text("utf-8"))
    page = Template((_FOLDER / "protocol.html").read_text("utf-8")).substitute(
        version=escape(policy.version),
        rules_version=escape(rules["version"]),
        helplines_version=escape(policy.helplines.version),
        texts_version=escape(policy.texts.version),
        directory=escape(policy.helplines.directory.contact),
        languages=escape(_listed(_rule_languages())),
        categories="\n".join(_category(one, rules["actions"]) for one in Category),
        jurisdictions="\n".join(map(_jurisdiction, policy.jurisdictions)),
        helplines="\n".join(
            map(_country, sorted(policy.helplines.countries, key=lambda one: one.name))
        ),
    )
    return page.encode()


@cache
def protocol_style() -> bytes:
    """The style sheet of the page."""
    return (_FOLDER / "protocol.css").read_bytes()


def _rule_languages() -> list[str]:
    files = (file.name.split(".") for file in (_FOLDER / "rules").iterdir())
    tags = {parts[1] for parts in files if parts[0] == "crisis"}
    return sorted(_LANGUAGES.get(tag, tag) for tag in tags)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _category(category: Category, actions: Mapping[str, Mapping[str, Any]]) -> str:
    cells = []
    for stage in ("input", "output"):
        written = actions[category][stage]
        for audience in ("minor", "adult"):
            action = written if isinstance(written, str) else written[audience]
            cells.append(f"<td>{escape(_ACTIONS[action])}</td>")
    return f'<tr><th scope="row">{escape(_CATEGORIES[category])}</th>{"".join(cells)}</tr>'


def _jurisdiction(jurisdiction: Jurisdiction) -> str:
    rows = []
    for number, rules in enumerate(jurisdiction.rules):
        head = (
            f'<th scope="rowgroup" rowspan="{len(jurisdiction.rules)}">'
            f"{escape(jurisdiction.name)}"
            f'<span class="native">{escape(jurisdiction.version)}</span></th>'
        )
        rows.append(
            f"<tr>{head if number == 0 else ''}"
            f'<td><time datetime="{rules.effective_from}">{rules.effective_from}</time></td>'
            f"<td>{_hours(rules.disclosure_hours)}</td>"
            f"<td>{_hours(rules.minor_disclosure_hours)}</td>"
            f"<td>{_hours(rules.break_hours)}</td>"
            f'<td class="law">{escape(rules.law)}</td></tr>'
        )
    return "\n".join(rows)


def _hours(hours: int) -> str:
    return "each hour" if hours == 1 else f"every {hours} hours"


def _country(country: CountryHelp) -> str:
    native = f'<span class="native">{escape(country.native)}</span>' if country.native else ""
    directory = load_policy().helplines.directory
    lines = country.lines if country.for_everybody else (directory, *country.lines)
    return (
        f'<tr id="{country.country}"><th scope="row">{escape(country.name)}{native}</th>'
        f"<td><ul>{_lines(lines)}</ul></td>"
        f'<td class="number">{escape(country.emergency)}</td></tr>'
    )


def _lines(lines: Iterable[Helpline]) -> str:
    return "".join(
        f'<li>{escape(line.name)}: <span class="number">{_linked(line.contact)}</span>'
        f"{' (children and young people)' if line.for_minors else ''}</li>"
        for line in lines
    )


def _linked(contact: str) -> str:
    """The contact, which can be touched to call it where it is a plain number."""
    shown = escape(contact)
    if _DIALLED.fullmatch(contact):
        return f'<a href="tel:{escape(re.sub("[ ()-]", "", contact))}">{shown}</a>'
    if re.fullmatch(r"[a-z.]+\.[a-z]+", contact):
        return f'<a href="https://{shown}" rel="noreferrer">{shown}</a>'
    return shown
