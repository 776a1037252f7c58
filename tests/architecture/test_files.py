"""Files stay small, and name no place that packages come from."""

import os
from pathlib import Path

from tests.architecture.source import ROOT, name_of, python_files

MOST_LINES = 300
SOURCE = ("domain", "application", "adapters", "entrypoints", "bench", "requirements")
LEFT_OUT = {
    ".git",
    ".venv",
    ".data",
    ".tools",
    "node_modules",
    "__pycache__",
    "build",
    "dist",
    "htmlcov",
}
# Written in two parts, so that this file does not name them either.
REGISTRIES = [
    f"{name}.{end}"
    for name, ends in {
        "pypi": "org",
        "pythonhosted": "org",
        "anaconda": "org",
        "npmjs": "org com",
        "yarnpkg": "com",
        "ghcr": "io",
        "gcr": "io",
        "quay": "io",
        "docker": "io",
        "huggingface": "co",
        "jsdelivr": "net",
        "unpkg": "com",
        "cdnjs": "com cloudflare.com",
    }.items()
    for end in ends.split()
]


def _project_files() -> list[Path]:
    """Every file that belongs to the project, as far as its place tells."""
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in LEFT_OUT and not name.endswith(("_cache", ".egg-info"))
        ]
        found.extend(Path(folder) / name for name in files if name != ".env")
    return sorted(found)


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files(*SOURCE)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_file_names_a_registry() -> None:
    named = [
        f"{name_of(path)} names {host}"
        for path in _project_files()
        for host in REGISTRIES
        if host.encode() in path.read_bytes().lower()
    ]
    assert named == []
