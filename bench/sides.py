"""Who is measured: the product, a bare route, a forwarding proxy, all before the same model."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import field, frozen

from bench import litellm
from bench.load import Client, chat_body
from bench.processes import (
    companion,
    cpu_seconds,
    cpu_seconds_of_children,
    first_line,
    post,
    process,
    resident_megabytes,
)

USERS = 32
CHARACTER = "mira"
REMEMBERED = (
    "Grew up in a village by the sea and learnt to sail there.",
    "Is afraid of deep water since a storm some years ago.",
    "Has a dog called Biscuit who loves the beach.",
)
WHOLE, BARE, LITELLM = "whole turn", "bare route", "LiteLLM"


@frozen
class Cpu:
    """Seconds of processor time of a side's server process, and of the servers behind it."""

    server: float
    behind: float = 0.0

    def __sub__(self, earlier: "Cpu") -> "Cpu":
        """What was used since then."""
        return Cpu(self.server - earlier.server, self.behind - earlier.behind)

    @property
    def all(self) -> float:
        """Everything that this side has used."""
        return self.server + self.behind


@frozen
class Side:
    """One server: where it listens, what it calls the model, and who may ask it."""

    name: str
    pid: int
    port: int
    model: str
    tokens: list[str] = field(factory=lambda: ["anybody"] * USERS)

    def clients(self, text: str, *, stream: bool) -> list[Client]:
        """One client for each of its users, all saying this."""
        body = chat_body(self.model, text, stream=stream)
        return [Client("127.0.0.1", self.port, token, body) for token in self.tokens]

    def request(self, text: str, number: int) -> bytes:
        """A stream's request as bytes, by its users in turn."""
        token = self.tokens[number % len(self.tokens)]
        body = chat_body(self.model, text, stream=True)
        return Client("127.0.0.1", self.port, token, body).request()

    def cpu(self) -> Cpu:
        """What it has used so far; PostgreSQL and Valkey are behind."""
        behind = sum(cpu_seconds_of_children(self.pid, name) for name in ("postgres", "valkey"))
        return Cpu(cpu_seconds(self.pid), behind)


@frozen
class Stand:
    """What one measurement runs on. ``whole`` is the product, the others stand beside it."""

    model_pid: int
    model_url: str
    whole: Side
    bare: Side
    proxy: Side | None
    cold_start_seconds: float
    warm_start_seconds: float
    resident_mb: float

    @property
    def sides(self) -> list[Side]:
        """All that are there."""
        return [one for one in (self.whole, self.bare, self.proxy) if one is not None]


@contextmanager
def started(*, with_proxy: bool = True) -> Iterator[Stand]:
    """Start the model and every side, each with what it needs; the product starts twice.

    The proxy is left out where it is not installed.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="companion-bench-")))
        model = stack.enter_context(process(["-m", "bench.model"]))
        model_url = first_line(model)
        bare = stack.enter_context(process(["-m", "bench.bare", model_url]))
        bare_port = int(json.loads(first_line(bare))["port"])
        with companion(model_url, folder / "data") as (_, _, cold):
            pass
        server, port, warm = stack.enter_context(companion(model_url, folder / "data"))
        resident = resident_megabytes(server.pid)
        proxy = None
        if with_proxy and litellm.is_installed():
            child, proxy_port = stack.enter_context(litellm.proxy(model_url, folder))
            tokens = [litellm.MASTER_KEY] * USERS
            proxy = Side(LITELLM, child.pid, proxy_port, litellm.MODEL, tokens)
        whole = Side(WHOLE, server.pid, port, CHARACTER, signed_in(port))
        other = Side(BARE, bare.pid, bare_port, "grok-4.5")
        time.sleep(1.0)  # what starting leaves to be done
        yield Stand(model.pid, model_url, whole, other, proxy, cold, warm, resident)


def signed_in(port: int) -> list[str]:
    """Tokens of users who can pay for the run, each with something to be remembered."""
    url = f"http://127.0.0.1:{port}/v1"
    admin = post(f"{url}/auth/dev-token", {"user_id": "boss", "claims": {"admin": True}})
    tokens = []
    for number in range(USERS):
        name = f"bench-{number}"
        token = post(f"{url}/auth/dev-token", {"user_id": name})["id_token"]
        headers = {"Authorization": f"Bearer {token}"}
        post(f"{url}/auth/login", {"id_token": token})
        post(
            f"{url}/admin/users/{name}/credits",
            {"amount": 1_000_000, "bucket": "promo", "reason": "bench"},
            {"Authorization": f"Bearer {admin['id_token']}", "Idempotency-Key": name},
        )
        for text in REMEMBERED:
            post(f"{url}/chat/memories", {"character_id": CHARACTER, "text": text}, headers)
        tokens.append(token)
    return tokens
