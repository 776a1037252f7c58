"""Applies all migrations to the database whose URL comes on standard input.

In a process of its own because of what it loads; a URL on the command line would be seen by all.
"""

import sys

from entrypoints.container.migrations import MigrationFailed, upgrade


def main() -> int:
    """Returns the process's exit code; says on standard error what went wrong."""
    try:
        upgrade(sys.stdin.read().strip())
    except MigrationFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
