"""Asks a vulnerability service about every locked package; says so when none could be asked.

    audit.py requirements/runtime.txt requirements/dev.txt
    OSV_URL=https://osv.example.com/v1/query audit.py requirements/runtime.txt

Called by ``make audit`` with the Python of ``.tools/deploy``, whose pip-audit does the asking:
first the package index, then OSV, or only the OSV of your own that ``OSV_URL`` names (for a network
that is closed). The exit code is 0 when every package is known and has no known hole, 1 when one
has or is not known, 3 when nobody could be asked: then nothing is known, which is no good news.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NOTHING_KNOWN = 3
_SECONDS = "15"


def main(files: list[str]) -> int:
    """Audit the lock files; the exit code."""
    url = os.environ.get("OSV_URL")
    own = ["--vulnerability-service", "osv", "--osv-url", url] if url else []
    services = {url: own} if url else {"pypi": ["-s", "pypi"], "osv": ["-s", "osv"]}
    for name, options in services.items():
        known = [_asked(file, options) for file in files]
        found = [one for packages in known for one in packages or ()]
        if any("vulns" in one for one in found) and None not in known:
            return _judged(name, found)
        print(f"audit: the service {name} could not be asked", file=sys.stderr)
    print(
        "audit: NOT DONE. No vulnerability service can be reached from here, so nothing is known\n"
        "audit: of holes in the packages. Run it where the network reaches one, or name a mirror\n"
        "audit: of OSV's query service: make audit OSV_URL=https://osv.example.com/v1/query",
        file=sys.stderr,
    )
    return NOTHING_KNOWN


def _asked(file: str, options: list[str]) -> list[dict[str, Any]] | None:
    """What is known of each package of a lock file; None when the service is away."""
    done = subprocess.run(  # noqa: S603 - a program of ours, and names of files in this repository
        [str(Path(sys.executable).parent / "pip-audit"), "--no-deps", "--disable-pip",
         "--progress-spinner", "off", "--timeout", _SECONDS, "--format", "json",
         *options, "--requirement", file],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return packages


def _judged(service: str, packages: list[dict[str, Any]]) -> int:
    bad = 0
    for one in packages:
        if "vulns" not in one:
            print(f"{one['name']}: not known to {service}: {one['skip_reason']}")
            bad += 1
        for hole in one.get("vulns", ()):
            fixed = ", ".join(hole["fix_versions"]) or "none yet"
            print(f"{one['name']} {one['version']}: {hole['id']}, mended in: {fixed}")
            bad += 1
    print(f"audit: {len(packages)} locked packages, {bad or 'no'} findings (asked: {service})")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
