"""``make bench-turn``: what a whole turn costs beside a bare route that only calls the model.

Both talk to the same zero-delay loopback model in the same run, in alternating rounds. Figures
are requests per second of the server process's own CPU time, so a busy machine moves both alike.
"""

import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path

from attrs import define, field

from bench.load import Client, chat_body, run
from bench.processes import (
    companion,
    cpu_seconds,
    cpu_seconds_of_children,
    first_line,
    post,
    process,
    resident_megabytes,
)

ROUNDS = 5
SECONDS = 3.0
CONNECTIONS = 32
TEXT = "Tell me something about the sea that few people know, in two sentences."
PIECES = "@@tokens count=50"
"""Tells the loopback model to stream fifty pieces, as a reply of some length would come."""


@define
class Series:
    """One side's rounds: requests per CPU second."""

    name: str
    pid: int
    clients: list[Client]
    per_cpu_second: list[float] = field(factory=list)
    per_second: list[float] = field(factory=list)

    def round(self) -> None:
        """Load this side for a while and note what it did with its CPU time."""
        before = cpu_seconds(self.pid)
        done = asyncio.run(run(self.clients, SECONDS))
        used = cpu_seconds(self.pid) - before
        self.per_cpu_second.append(done / used)
        self.per_second.append(done / SECONDS)

    @property
    def median(self) -> float:
        """The median of requests per CPU second."""
        return statistics.median(self.per_cpu_second)


def measure(whole: Series, bare: Series) -> float:
    """Alternate the two sides; the median of the ratios, whole over bare, round by round."""
    for side in (whole, bare):
        asyncio.run(run(side.clients, 1.0))
    for _ in range(ROUNDS):
        whole.round()
        bare.round()
    ratios = [
        one / other for one, other in zip(whole.per_cpu_second, bare.per_cpu_second, strict=True)
    ]
    print(
        f"  {whole.name:12} {whole.median:7.0f} per CPU second"
        f" ({min(whole.per_cpu_second):.0f} to {max(whole.per_cpu_second):.0f}),"
        f" {statistics.median(whole.per_second):.0f} per second"
    )
    print(
        f"  {bare.name:12} {bare.median:7.0f} per CPU second"
        f" ({min(bare.per_cpu_second):.0f} to {max(bare.per_cpu_second):.0f}),"
        f" {statistics.median(bare.per_second):.0f} per second"
    )
    return statistics.median(ratios)


def signed_in(port: int) -> list[str]:
    """Tokens of users who can pay for the run."""
    url = f"http://127.0.0.1:{port}/v1"
    admin = post(f"{url}/auth/dev-token", {"user_id": "boss", "claims": {"admin": True}})
    tokens = []
    for number in range(CONNECTIONS):
        name = f"bench-{number}"
        token = post(f"{url}/auth/dev-token", {"user_id": name})["id_token"]
        post(f"{url}/auth/login", {"id_token": token})
        post(
            f"{url}/admin/users/{name}/credits",
            {"amount": 1_000_000, "bucket": "promo", "reason": "bench"},
            {"Authorization": f"Bearer {admin['id_token']}", "Idempotency-Key": name},
        )
        tokens.append(token)
    return tokens


def clients(port: int, tokens: list[str], *, model: str, stream: bool) -> list[Client]:
    """One client a connection."""
    body = chat_body(model, PIECES if stream else TEXT, stream=stream)
    return [Client("127.0.0.1", port, token, body) for token in tokens]


def main() -> None:
    """Measure, print, and write ``bench/results/turn.json``."""
    with (
        tempfile.TemporaryDirectory(prefix="companion-bench-") as folder,
        process(["-m", "tests.loopback.model_server", "--port", "0"]) as model,
    ):
        model_url = first_line(model)
        data_dir = Path(folder) / "data"
        with companion(model_url, data_dir) as (_, _, cold):
            pass
        with (
            companion(model_url, data_dir) as (server, port, warm),
            process(["-m", "bench.bare", model_url]) as bare_server,
        ):
            memory_at_start = resident_megabytes(server.pid)
            bare_port = json.loads(first_line(bare_server))["port"]
            tokens = signed_in(port)
            results: dict[str, float] = {"cold_start_s": cold, "warm_start_s": warm}
            for stream in (False, True):
                kind = "stream" if stream else "answer"
                pieces = ", 50 pieces" if stream else ""
                print(
                    f"{kind}{pieces} (zero-delay model, {CONNECTIONS} connections, {ROUNDS} rounds)"
                )
                postgres = cpu_seconds_of_children(server.pid, "postgres")
                whole = Series(
                    "whole turn",
                    server.pid,
                    clients(port, tokens, model="mira", stream=stream),
                )
                bare = Series(
                    "bare route",
                    bare_server.pid,
                    clients(bare_port, tokens, model="grok-4.5", stream=stream),
                )
                ratio = measure(whole, bare)
                postgres = cpu_seconds_of_children(server.pid, "postgres") - postgres
                turns = sum(whole.per_second) * SECONDS
                results[f"{kind}_ratio"] = ratio
                results[f"{kind}_postgres_ms"] = 1000 * postgres / turns
                print(f"  requests per CPU second, whole turn / bare route: {ratio:.2f}")
                print(f"  CPU per request, whole turn / bare route: {1 / ratio:.2f}")
                print(f"  Postgres CPU a turn: {1000 * postgres / turns:.2f} ms")
            results["resident_mb_at_start"] = memory_at_start
            results["resident_mb_after"] = resident_megabytes(server.pid)
    print(f"start to ready: first {cold:.1f} s, again {warm:.1f} s")
    print(
        f"resident memory of the server process: {results['resident_mb_at_start']:.0f} MB at start,"
        f" {results['resident_mb_after']:.0f} MB after the load"
    )
    target = Path("bench/results")
    target.mkdir(exist_ok=True)
    (target / "turn.json").write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
