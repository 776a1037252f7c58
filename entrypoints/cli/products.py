"""``companion products``: what is on sale."""

import argparse
from pathlib import Path

import msgspec

from domain.errors import DomainError
from entrypoints.cli.environment import run_with_use_cases
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases
from entrypoints.seed.catalogues import catalogue_from_json


def add_parsers(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``products show`` and ``products publish FILE``."""
    parser = subcommands.add_parser("products", help="show or publish what is on sale")
    what = parser.add_subparsers(required=True, metavar="ACTION")
    showing = what.add_parser("show", help="the catalogue in force, as JSON")
    showing.set_defaults(run=show)
    publishing = what.add_parser("publish", help="put a catalogue in force")
    publishing.add_argument("file", type=Path, help="JSON in the shape of `products show`")
    publishing.set_defaults(run=publish)


def show(settings: Settings, options: argparse.Namespace) -> None:  # noqa: ARG001 - as all commands
    """Print the catalogue, ready to be changed and published with a greater version."""

    async def work(use_cases: UseCases, _: Adapters) -> None:
        catalogue = await use_cases.get_catalogue()()
        print(msgspec.json.format(msgspec.json.encode(catalogue)).decode())

    run_with_use_cases(settings, work)


def publish(settings: Settings, options: argparse.Namespace) -> None:
    """Put the catalogue of a file in force."""
    try:
        catalogue = catalogue_from_json(options.file.read_bytes())
    except (OSError, DomainError) as error:
        raise CommandFailed(str(error)) from error

    async def work(use_cases: UseCases, _: Adapters) -> None:
        is_new = await use_cases.publish_products()(catalogue)
        state = "is in force now" if is_new else "was published already"
        print(f"version {catalogue.version} {state}: {len(catalogue.products)} products")

    run_with_use_cases(settings, work)
