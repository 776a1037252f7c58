"""Whether a turn costs the same among a thousand users and a million, early and late in a talk.

Whole turns over HTTP, against a model that answers at once. What is compared is turns for a CPU
second of the server and of PostgreSQL together. One database for each number of users, with a
server each; one database for all lengths of conversations, where people differ by what they have
said before. A long conversation has its summary, as the product would have made it, and each
person is at another point between two of them.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import msgspec
import psycopg
import uvloop
from attrs import define, frozen

from adapters.local.token_issuer import LocalTokenIssuer
from adapters.local.valkey_server import EmbeddedValkey
from adapters.system.clock import SystemClock
from bench.charging import publish
from bench.database import Database, running_database
from bench.figures import Figure, Goal, Options, alternate, compare
from bench.load import Client, connect
from bench.population import Crowd, fill, session_id
from bench.processes import companion, cpu_seconds, first_line, process

USERS, QUICK_USERS = (1_000, 100_000, 1_000_000), (500, 2_000, 10_000)
MESSAGES, QUICK_MESSAGES = (10, 1_000, 10_000), (10, 100, 1_000)
SPEAKERS, QUICK_SPEAKERS = 120, 30
"""People who have conversations of one length."""
CONNECTIONS = 16
TURNS_EACH = 2
"""In a round, each of the people that it is about says so much."""
FLAT = Goal(least=0.8, most=1.2)
TEXT = "Tell me something about the sea that few people know, in two sentences."


@define
class Side:
    """One server, and in each round some people of its database."""

    database: Database
    pid: int
    port: int
    rounds: Iterator[Sequence[bytes]]
    """Each round's requests, one a person."""

    def round(self) -> float:
        """Turns for a CPU second."""
        requests = next(self.rounds)
        before = cpu_seconds(self.pid) + self.database.cpu_seconds
        uvloop.run(_say(self.port, requests))
        used = cpu_seconds(self.pid) + self.database.cpu_seconds - before
        return TURNS_EACH * len(requests) / used


@frozen
class Stand:
    """What all servers share: the model, Valkey, and who issues tokens."""

    database: Database
    folder: Path
    model_url: str
    redis_url: str
    issuer: LocalTokenIssuer

    @contextmanager
    def server(self, url: str, number: int) -> Iterator[tuple[int, int]]:
        """A server over one database: its process and its port."""
        extra = {
            "DATABASE_URL": url,
            "REDIS_URL": f"{self.redis_url.rstrip('/')}/{number}",
            "RUN_JOBS": "false",
        }
        with companion(self.model_url, self.folder / "data", extra) as (child, port, _):
            yield child.pid, port

    def requests(self, port: int, crowd: Crowd, people: Sequence[int], session: int) -> list[bytes]:
        """What these people send."""
        body = msgspec.json.encode(
            {
                "model": crowd.character,
                "messages": [{"role": "user", "content": TEXT}],
                "session_id": session_id(session),
            }
        )

        async def tokens() -> list[str]:
            return [(await self.issuer.issue(crowd.subject(one))).id_token for one in people]

        return [Client("127.0.0.1", port, token, body).request() for token in asyncio.run(tokens())]


async def _say(port: int, requests: Sequence[bytes]) -> None:
    """Each request so many times, on a few connections."""
    left = iter(requests)

    async def one() -> None:
        connection = await connect("127.0.0.1", port)
        for request in left:
            for _ in range(TURNS_EACH):
                await connection.ask(request)
        connection.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


def measure(options: Options) -> list[Figure]:
    """By the number of users, and by the length of their conversations."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="companion-bench-")))
        database = stack.enter_context(running_database(durable=False))
        valkey = EmbeddedValkey(folder)
        stack.callback(valkey.stop)
        redis_url = valkey.start()
        model = stack.enter_context(process(["-m", "bench.model"]))
        issuer = LocalTokenIssuer(folder / "data" / "identity", SystemClock())
        stand = Stand(database, folder, first_line(model), redis_url, issuer)
        return [*_by_users(stand, options), *_by_messages(stand, options)]


def _by_users(stand: Stand, options: Options) -> list[Figure]:
    sizes = QUICK_USERS if options.quick else USERS
    each = 40 if options.quick else 300
    with ExitStack() as stack:
        sides = []
        for number, size in enumerate(sizes):
            crowd = Crowd(size)
            url = _filled(stand, f"users_{size}", [crowd])
            pid, port = stack.enter_context(stand.server(url, number))
            rounds = _drawn(stand, port, crowd, each, options.rounds + 1)
            sides.append(Side(stand.database, pid, port, rounds))
        taken = _alternated(options, [side.round for side in sides])
    return [
        compare(
            f"turns, {size:,} users", "/CPU s", ours, f"{sizes[0]:,} users", taken[0],
            goal=FLAT, headline=size == sizes[-1],
            note="CPU of the server and of PostgreSQL; each round other people, drawn from all.",
        )
        for size, ours in zip(sizes[1:], taken[1:], strict=True)
    ]  # fmt: skip


def _by_messages(stand: Stand, options: Options) -> list[Figure]:
    lengths = QUICK_MESSAGES if options.quick else MESSAGES
    people = QUICK_SPEAKERS if options.quick else SPEAKERS
    rounds = options.rounds + 1
    # Those with short conversations begin each round in another one, which is as short again.
    crowds = [
        Crowd(people, turns=length // 2, sessions=rounds if place == 0 else 1, first=place * people)
        for place, length in enumerate(lengths)
    ]
    url = _filled(stand, "messages", crowds)
    with stand.server(url, len(QUICK_USERS)) as (pid, port):
        sides = []
        for crowd in crowds:
            all_of_them = range(crowd.first, crowd.first + people)
            asked = iter(
                [
                    stand.requests(port, crowd, all_of_them, min(number, crowd.sessions))
                    for number in range(1, rounds + 1)
                ]
            )
            sides.append(Side(stand.database, pid, port, asked))
        taken = _alternated(options, [side.round for side in sides])
    return [
        compare(
            f"turns, conversations of {length:,} messages", "/CPU s", ours,
            f"{lengths[0]:,} messages", taken[0], goal=FLAT, headline=length == lengths[-1],
            note="CPU of the server and of PostgreSQL; long ones are summed up now and then.",
        )
        for length, ours in zip(lengths[1:], taken[1:], strict=True)
    ]  # fmt: skip


def _alternated(options: Options, sides: Sequence[Callable[[], float]]) -> list[list[float]]:
    """All rounds but the first, which warms up."""
    print(f"  {options.rounds + 1} rounds", flush=True)
    return [side[1:] for side in alternate(options.rounds + 1, *sides)]


def _drawn(
    stand: Stand, port: int, crowd: Crowd, each: int, rounds: int
) -> Iterator[Sequence[bytes]]:
    """People from all over the crowd, others in each round as far as there are enough."""
    chance = Random(1)  # noqa: S311 - the same people each time
    drawn = chance.sample(range(crowd.people), min(each * rounds, crowd.people))
    parts = [
        [drawn[(number * each + place) % len(drawn)] for place in range(each)]
        for number in range(rounds)
    ]
    return iter([stand.requests(port, crowd, part, 1) for part in parts])


def _filled(stand: Stand, name: str, crowds: Sequence[Crowd]) -> str:
    started = time.perf_counter()
    url = stand.database.create(name)
    uvloop.run(publish(url))
    with psycopg.connect(url, autocommit=True) as connection:
        fill(connection, *crowds)
        connection.execute("CHECKPOINT")
    print(f"  {name} filled in {time.perf_counter() - started:.0f} s", flush=True)
    return url
