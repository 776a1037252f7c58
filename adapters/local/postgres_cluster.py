"""A PostgreSQL cluster, the folder of its data: found whole, or made."""

import os
import shutil
import tempfile
from pathlib import Path
from signal import SIGKILL, SIGTERM

from adapters.local.child_process import ChildProcess, Ending
from adapters.local.errors import NO_SPACE_HINT, EmbeddedPartError, explained
from adapters.local.logs import last_words
from adapters.local.postgres_programs import MAJOR_VERSION, PostgresPrograms

_INIT_SECONDS = 120
_ENDING: Ending = ((SIGTERM, 5), (SIGKILL, 5))
_UNFINISHED = "postgres.new-"
_WAY_OUT = "Move that folder away to begin anew, or set DATA_DIR to another one."


def ensure_cluster(cluster: Path, programs: PostgresPrograms, log: Path, *, durable: bool) -> None:
    """Make the cluster if it is not there.

    It is made beside its place and then moved there, so that a half-made one never is. Raises
    ``EmbeddedPartError`` for what is there but is no cluster of ours, and touches nothing.
    """
    for unfinished in cluster.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    version = cluster / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != MAJOR_VERSION:
            raise EmbeddedPartError(
                f"{cluster} was made by PostgreSQL {found}; this is {MAJOR_VERSION}.", _WAY_OUT
            )
        return
    with explained(f"Cannot make a database in {cluster.parent}"):
        if cluster.exists() and any(cluster.iterdir()):
            raise EmbeddedPartError(
                f"{cluster} holds files, but no database that PostgreSQL could open.", _WAY_OUT
            )
        new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.parent))
        try:
            _initialise(new, programs, log, durable=durable)
            new.rename(cluster)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _initialise(new: Path, programs: PostgresPrograms, log: Path, *, durable: bool) -> None:
    give(new, programs)
    start = log.stat().st_size
    command = [programs.initdb, "-D", str(new), "-U", "postgres", "--auth=trust"]
    # The same order and case rules on every machine, whatever its own language is.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--no-instructions"]
    if not durable:
        command.append("--no-sync")
    child = ChildProcess.spawn(
        command, log=log, cwd=new, env=environment(), ending=_ENDING, user=programs.user
    )
    try:
        code = child.wait(_INIT_SECONDS)
    except TimeoutError:
        code = -1
    finally:
        child.stop()
    if code != 0:
        raise failure("PostgreSQL cannot make its database", log, start)


def give(folder: Path, programs: PostgresPrograms) -> None:
    """Let the programs' user own ``folder``."""
    if programs.user is not None:
        os.chown(folder, programs.user.uid, programs.user.gid)


def environment() -> dict[str, str]:
    """Ours, without what would speak to PostgreSQL: PGPORT, PGDATA, PGOPTIONS and their like."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def failure(message: str, log: Path, start: int) -> EmbeddedPartError:
    """Why the program gave up that wrote to ``log`` from byte ``start`` on."""
    words = last_words(log, start, ("PANIC:", "FATAL:", "error:"))
    if "No space left" in words or "quota" in words:
        return EmbeddedPartError(f"{message}: {words}", NO_SPACE_HINT)
    return EmbeddedPartError(
        f"{message}: {words}",
        f"More is in {log}. Set DATABASE_URL to use a server of yours instead.",
    )
