"""``companion import-card`` and ``companion export-card``."""

import argparse
import sys
from pathlib import Path

from application.characters.export_character import CharacterExport
from application.characters.import_character import ImportCharacterCommand
from domain.cards.slugs import checked_slug
from domain.errors import DomainError
from entrypoints.cli.environment import run_with_use_cases
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases


def import_card(settings: Settings, options: argparse.Namespace) -> None:
    """Publish the characters of these files; the first that cannot be taken ends it."""
    commands = [(path, _command(path, options.id)) for path in options.files]

    async def work(use_cases: UseCases, _: Adapters) -> None:
        for path, command in commands:
            character = await use_cases.import_character()(command)
            print(f"{path}: {character.name} is {character.id}, version {character.version}")

    run_with_use_cases(settings, work)


def export_card(settings: Settings, options: argparse.Namespace) -> None:
    """Write a character's card to a file, or to standard output for ``-``."""
    from entrypoints.card_files.writing import write_card

    async def work(use_cases: UseCases, _: Adapters) -> CharacterExport:
        return await use_cases.export_character()(
            options.character, options.version, with_files=options.format != "json"
        )

    found = run_with_use_cases(settings, work)
    character = found.character
    file = write_card(
        options.format, character.card, found.files, name=character.id, picture=character.picture
    )
    if options.output == "-":
        sys.stdout.buffer.write(file.content)
        return
    path = Path(options.output or file.name)
    try:
        path.write_bytes(file.content)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{path}: {character.name}, version {character.version}")


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Both commands with their options."""
    importing = commands.add_parser("import-card", help="publish characters from card files")
    importing.add_argument("files", nargs="+", metavar="FILE", help="JSON, PNG, APNG or CHARX")
    importing.add_argument("--id", help="for a card that has no id of its own")
    importing.set_defaults(run=import_card)

    exporting = commands.add_parser("export-card", help="write a character to a card file")
    exporting.add_argument("character", metavar="ID")
    exporting.add_argument("--format", choices=("json", "png", "charx"), default="json")
    exporting.add_argument("--version", type=int, help="the latest by default")
    exporting.add_argument(
        "--output", "-o", metavar="FILE", help="ID and the format by default; - prints it"
    )
    exporting.set_defaults(run=export_card)


def _command(path: str, character_id: str | None) -> ImportCharacterCommand:
    from entrypoints.card_files.reading import read_card

    try:
        if character_id is not None:
            checked_slug(character_id, "--id")
        bundle = read_card(_content(Path(path)))
    except DomainError as error:
        where = f" ({error.param})" if error.param else ""
        raise CommandFailed(f"{path}: {error.message}{where}") from error
    return ImportCharacterCommand(
        card=bundle.card,
        files=bundle.files,
        media_types=bundle.media_types,
        character_id=character_id,
        keeps_files=bundle.container == "json",
    )


def _content(path: Path) -> bytes:
    from entrypoints.card_files.limits import MAX_FILE

    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from error
