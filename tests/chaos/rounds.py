"""One round: people are busy, faults strike, all is healed, and everything is looked at."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
from attrs import define, field

from tests.chaos.audit import Audit
from tests.chaos.client import Client
from tests.chaos.faults import LOAD_SECONDS, Fault
from tests.chaos.logs import fault_in
from tests.chaos.others import Operator, Visitor
from tests.chaos.people import Person
from tests.chaos.record import Record
from tests.chaos.site import START_SECONDS, Site

PEOPLE = 8
CREDITS = 3_000
PATIENCE = 90.0
"""Seconds that only bound a failure."""
LONG = "@@tokens count=35 delay=0.1"
"""Four seconds of a reply: enough to be killed in it."""
ORPHANS_TRIED = 20
MEANWHILE = 1200.0
"""Seconds of the product's clock after which every claim and every pause of its work is over."""


@define(eq=False)
class Run:
    """All rounds of one seed over one site."""

    site: Site
    seed: str
    http: httpx.AsyncClient
    record: Record = field(factory=Record)
    audit: Audit = field(init=False)
    operator: Operator = field(init=False)
    people: list[Person] = field(factory=list)
    rounds: int = 0
    faults: Counter[str] = field(factory=Counter)
    _read: dict[Path, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.audit = Audit(self.site.database.url, self.site.clock, self.record)
        self.operator = Operator(
            self.site,
            self.record,
            self.http,
            random.Random(f"{self.seed} operator"),
            "chaos-operator",
            claims={"admin": True},
        )

    async def begin(self) -> None:
        await self.operator.sign_in()
        for number in range(PEOPLE):
            chance = random.Random(f"{self.seed} person {number}")
            name = f"chaos-{number}"
            person = Person(self.site, self.record, self.http, chance, name, number=number)
            await person.join()
            await self.operator.grant(person, CREDITS, f"start-{number}")
            self.people.append(person)

    async def round(self, number: int, faults: tuple[Fault, ...]) -> list[str]:
        """What was broken by it, in words."""
        chance = random.Random(f"{self.seed} round {number}")
        self.rounds += 1
        self.faults.update(fault.name for fault in faults)
        visitor = Visitor(
            self.site, self.record, self.http, chance, f"visitor-{number}", number=1000 + number
        )
        await visitor.join()
        until = asyncio.get_running_loop().time() + LOAD_SECONDS
        strikes = [
            asyncio.create_task(fault.strike(self.site, random.Random(f"{chance.random()}")))
            for fault in faults
        ]
        load = [asyncio.create_task(person.live(until)) for person in self.people]
        load.append(asyncio.create_task(self.operator.live(until, self.people)))
        load.append(asyncio.create_task(self._visit(visitor, chance.uniform(1, 4))))
        async with asyncio.timeout(2 * START_SECONDS):
            await asyncio.gather(*strikes)
            await asyncio.to_thread(self.site.start_again)
            await asyncio.gather(*load)
        await self._orphan(chance)
        await self._come_to_rest(visitor)
        broken = await asyncio.to_thread(self.audit.look)
        return [*broken, *await self.operator.violations(), *self._faults_in_logs()]

    async def end(self) -> list[str]:
        """Afterwards everybody is served as before: no slot, no lock and no claim is left."""
        await asyncio.gather(*map(self._is_served, self.people))
        await self._until_none(self.audit.open_turns)
        await self._until_none(self.audit.work_behind, meanwhile=MEANWHILE)
        return await asyncio.to_thread(self.audit.look)

    async def _is_served(self, person: Person) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        for is_stream in (True, False):
            while True:
                turn = person.new_turn(is_stream=is_stream, has_key=False, mood="")
                await person.ask(turn)
                if turn.answers:
                    break
                if loop.time() > deadline:
                    self.record.complain(f"{person.name} is not served: {turn.refusals}")
                    return
                await asyncio.sleep(0.5)

    async def _orphan(self, chance: random.Random) -> None:
        """In every round a server dies in the middle of a reply: only the sweeper ends that."""
        for _ in range(ORPHANS_TRIED):
            server, person = chance.choice(self.site.servers), chance.choice(self.people)
            turn = person.new_turn(is_stream=True, has_key=True, mood=LONG)
            person.only = server
            await person.ask(turn, leave_after=2)
            person.only = None
            if turn.turn_id is None or turn.is_final:
                continue  # signed in anew, or out of credits
            server.kill()
            is_orphan = await asyncio.to_thread(self.audit.is_orphan, turn.turn_id)
            await asyncio.to_thread(self.site.start_again)
            if is_orphan:
                return
        self.record.complain("no server could be killed in the middle of a reply")

    async def _visit(self, visitor: Visitor, pause: float) -> None:
        await asyncio.sleep(pause)
        await visitor.visit()

    async def _come_to_rest(self, visitor: Visitor) -> None:
        """Everybody learns what became of what is open, and the product does what it owes."""
        await self._until_none(self.audit.open_turns)
        everybody: list[Client] = [*self.people, visitor, self.operator]
        await asyncio.gather(*(one.learn_the_rest(PATIENCE) for one in everybody))
        await self._until_none(self.audit.open_turns)
        await self._until_none(self.audit.work_behind, meanwhile=MEANWHILE)

    async def _until_none(self, jobs_due: Callable[[], list[str]], *, meanwhile: float = 0) -> None:
        """Run the jobs that are due until none is; the audit tells what stayed.

        ``meanwhile`` is by how much the clock is moved before each try.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while loop.time() < deadline:
            jobs = await asyncio.to_thread(jobs_due)
            if not jobs:
                return
            self.site.clock.jump(meanwhile)
            for job in jobs:
                await self.operator.run_job(job)
            await asyncio.sleep(0.3)

    def _faults_in_logs(self) -> list[str]:
        lines = self.site.new_log_lines(self._read)
        return [found for line in lines if (found := fault_in(line)) is not None]
