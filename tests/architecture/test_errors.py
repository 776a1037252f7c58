"""Refusals keep the codes that apps switch on."""

import re

from domain import errors
from domain.errors import DomainError
from tests.architecture.source import base_names, classes, imported_modules, name_of, python_files

REFUSALS: list[type[DomainError]] = [
    thing
    for thing in vars(errors).values()
    if isinstance(thing, type) and issubclass(thing, DomainError) and thing is not DomainError
]
EVERY: list[type[DomainError]] = [DomainError, *REFUSALS]


def test_each_code_belongs_to_one_class_and_those_below_it() -> None:
    owners: dict[str, list[str]] = {}
    for refusal in EVERY:
        if "code" in vars(refusal):
            owners.setdefault(refusal.code, []).append(refusal.__name__)
    assert {code: names for code, names in owners.items() if len(names) > 1} == {}


def test_each_code_is_written_in_snake_case() -> None:
    odd = [one.code for one in REFUSALS if not re.fullmatch(r"[a-z]+(_[a-z]+)*", one.code)]
    assert odd == []


def test_no_refusal_falls_back_to_the_code_of_a_fault() -> None:
    assert [one.__name__ for one in REFUSALS if one.code == DomainError.code] == []


def test_all_refusals_are_defined_in_one_file() -> None:
    names = {refusal.__name__ for refusal in EVERY}
    elsewhere = [
        f"{name_of(path)}: {node.name}"
        for path in python_files("domain", "application", "adapters", "entrypoints")
        if name_of(path) != "domain/errors.py" and "domain.errors" in imported_modules(path)
        for node in classes(path)
        if base_names(node) & names
    ]
    assert elsewhere == []


def test_the_docstring_draws_the_whole_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted(refusal.__name__ for refusal in REFUSALS)
