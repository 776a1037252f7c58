"""The programs that this suite runs: those of ``make deploy-tools`` and of the system."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
_OWN = ROOT / ".tools" / "deploy" / "bin"
_SYSTEM = "/usr/sbin:/usr/local/sbin:/sbin"


class ToolMissing(Exception):
    """A program is not installed; the suite fails, because what it checks is then unknown."""


def tool(name: str) -> str:
    """The path of a program; raises ``ToolMissing``, which says how to get it."""
    found = shutil.which(name, path=f"{_OWN}:{os.environ.get('PATH', '')}:{_SYSTEM}")
    if found is None:
        raise ToolMissing(f"{name} is not installed. Run: make deploy-tools")
    return found


def run(
    name: str, *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end; its exit code is the caller's to judge."""
    return subprocess.run(
        [tool(name), *arguments],
        cwd=cwd,
        env=None if env is None else {"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def check(name: str, *arguments: str, **more: Any) -> str:
    """What a program prints; fails with all it said when it does not end well."""
    done = run(name, *arguments, **more)
    assert done.returncode == 0, f"{name} {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def yaml_documents(*texts: str) -> list[Any]:
    """The documents of YAML texts, in order; empty ones are left out."""
    script = (
        "import json, sys, yaml; texts = json.load(sys.stdin);"
        "json.dump([one for text in texts for one in yaml.safe_load_all(text) if one], sys.stdout)"
    )
    done = subprocess.run(
        [_python(), "-c", script],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    documents: list[Any] = json.loads(done.stdout)
    return documents


def yaml_file(path: Path) -> Any:
    """The one document of a YAML file."""
    (document,) = yaml_documents(path.read_text(encoding="utf-8"))
    return document


def _python() -> str:
    python = _OWN / "python"
    if not python.exists():
        raise ToolMissing(f"{python} is not there. Run: make deploy-tools")
    return str(python)
