"""Those beside the people: an administrator, and visitors whose accounts are erased."""

import asyncio
from typing import Any

import httpx
from attrs import define

from tests.chaos.client import Client
from tests.chaos.people import Person
from tests.chaos.record import Change


@define(eq=False)
class Operator(Client):
    """An administrator, who gives people credits and runs jobs."""

    async def grant(self, person: Person, amount: int, key: str) -> Change:
        path = f"/v1/admin/users/{person.user_id}/credits"
        body = {"amount": amount, "bucket": "promo", "reason": f"chaos {key}"}
        change = Change("grant", person.name, key, "POST", path, body)
        self.record.changes.append(change)
        await self.change(change)
        return change

    async def live(self, until: float, people: list[Person]) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            key = f"grant-{self.chance.getrandbits(60):x}"
            change = await self.grant(self.chance.choice(people), 20, key)
            await asyncio.sleep(self.chance.uniform(0.2, 0.8))
            await self.change(change)

    async def learn_the_rest(self, seconds: float) -> None:
        """The grants that nobody has confirmed."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        grants = [one for one in self.record.changes if one.kind == "grant"]
        while open_ones := [one for one in grants if not one.is_final]:
            if loop.time() > deadline:
                self.record.complain(f"grants without an answer: {[one.key for one in open_ones]}")
                return
            for change in open_ones:
                await self.change(change)
            await asyncio.sleep(0.2)

    async def violations(self) -> list[str]:
        """What the product itself finds in its books."""
        answer = await self.call("GET", "/v1/admin/invariants")
        if answer is None or not answer.is_success:
            return ["the product does not look into its books"]
        found: list[dict[str, Any]] = answer.json()["violations"]
        return [f"the product finds {one}" for one in found]

    async def run_job(self, name: str) -> bool:
        """Whether it ran to its end now."""
        answer = await self.call("POST", f"/v1/admin/jobs/{name}/run")
        return answer is not None and answer.is_success


@define(eq=False)
class Visitor(Person):
    """Somebody who talks once and has the account erased in the middle of it."""

    async def visit(self) -> None:
        turn = self.new_turn(is_stream=True, has_key=False, mood="@@tokens count=12 delay=0.1")
        await self.ask(turn, leave_after=self.chance.randint(1, 4))
        await self.erase()

    async def learn_the_rest(self, seconds: float) -> None:
        """The account is gone, and nobody asks any more."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self.record.erased.get(self.user_id):
            if loop.time() > deadline:
                self.record.complain(f"{self.name} cannot be erased")
                return
            await self.erase()
            await asyncio.sleep(0.2)

    async def erase(self) -> None:
        self.record.erased.setdefault(self.user_id, False)
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await self.http.delete(self.any_url() + "/v1/auth/me", headers=headers)
        except httpx.TransportError:
            return
        self._note(answer, "DELETE /v1/auth/me")
        # Once the account is gone, nobody has this token any more.
        if answer.status_code in {204, 401}:
            self.record.erased[self.user_id] = True
