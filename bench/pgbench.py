"""pgbench, PostgreSQL's own measure: the same statements with values that do not change.

The script is made of the statements that the product ran for one person, with the values that it
gave them. All that tells one charge from the next is whose it is: every key of these tables begins
with the person's id, so the same charge can be made once for each person.
"""

import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from adapters.postgres.statement import Values, statement

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_FACTS = "SELECT %(turn_id)s, %(status)s, 1"
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)


@frozen
class Script:
    """SQL for pgbench, and the variables that it is given."""

    sql: str
    variables: Mapping[str, str]


@frozen
class Run:
    """How many scripts a second, and the CPU seconds of pgbench itself."""

    per_second: float
    cpu_seconds: float


def shared(sql: str) -> str:
    """The statement, with an id of its own for what is counted without a person.

    ``turn_facts`` is the one table whose key does not begin with the person's id.
    """
    return sql.replace(_FACTS, _FACTS.replace("turn_id", "fact_id"))


def script(steps: Sequence[tuple[str, Values]], *, first: str) -> Script:
    """Each step for person number ``first``, the next time for another one.

    A connection's people are ``:people`` in number, and come one after the other.
    """
    sql = [f"\\set user_id {first} + :client_id * :people + :done", "\\set done :done + 1"]
    variables = {"done": "0"}
    for number, (text, values) in enumerate(steps):
        names = statement(text).parameters
        bound, _ = statement(text).bind({"user_id": "", "fact_id": "", **values})
        wire = dict(zip(names, bound, strict=True))
        own = {name: f"s{number}_{name}" for name in names}
        own["user_id"] = own["fact_id"] = "user_id"
        variables |= {
            own[name]: value.decode()
            for name, value in wire.items()
            if value is not None and own[name] != "user_id"
        }
        sql.append(_PLACEHOLDER.sub(lambda found: _variable(found[1], own, wire), text) + ";")  # noqa: B023 - used at once
    return Script("\n".join(sql) + "\n", variables)


def _variable(name: str, own: Mapping[str, str], wire: Mapping[str, bytes | None]) -> str:
    # pgbench can send no NULL.
    return "NULL" if wire[name] is None else f":{own[name]}"


def run(program: str, url: str, wanted: Script, *, clients: int, each: int, settings: str) -> Run:
    """Every client runs the script ``each`` times, over prepared statements.

    ``settings`` are those of the product's own connections. Raises ``RuntimeError`` unless all
    went well.
    """
    with tempfile.TemporaryDirectory(prefix="companion-pgbench-") as folder:
        file = Path(folder) / "charge.sql"
        file.write_text(wanted.sql)
        variables = {**wanted.variables, "people": str(each)}
        defined = [f"--define={name}={value}" for name, value in variables.items()]
        command = [program, "--no-vacuum", "--protocol=prepared", f"--file={file}", *defined]
        command += [f"--client={clients}", "--jobs=1", f"--transactions={each}", url]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PGOPTIONS": settings},
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate, done = _RATE.search(ended.stdout), _DONE.search(ended.stdout)
    if ended.returncode or not rate or not done or int(done[1]) != clients * each:
        message = f"pgbench: {ended.stderr[-2000:]}"
        raise RuntimeError(message)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(float(rate[1]), cpu)
