"""How a person of the run asks the servers, and notes what comes back."""

import asyncio
import random
import re
from contextlib import aclosing
from typing import Any

import httpx
from attrs import define, field

from tests.acceptance.world import Event, events_of
from tests.chaos.record import PASSING, Answer, Change, Record, Turn
from tests.chaos.site import Process, Site

DOCUMENTED = {200, 201, 204, 400, 401, 402, 403, 404, 409, 422, 429, 503}
TIMEOUT = httpx.Timeout(10, connect=2)
_ID = re.compile(r"(\d+)-(\d+)(?:-(\w+))?")


@define(eq=False)
class Client:
    """One person's way to any of the servers; signs in again when the clock made that necessary."""

    site: Site
    record: Record
    http: httpx.AsyncClient
    chance: random.Random
    name: str
    claims: dict[str, Any] = field(factory=dict)
    token: str = ""
    only: Process | None = None
    """The one server that is asked, for as long as that matters."""

    def any_url(self) -> str:
        return (self.only or self.chance.choice(self.site.servers)).url

    async def learn_the_rest(self, seconds: float) -> None:
        """Ask for so long until it is known what became of everything; all is well by now."""

    async def sign_in(self) -> None:
        body = {"user_id": self.name, "claims": self.claims}
        for _ in range(100):
            try:
                answer = await self.http.post(self.any_url() + "/v1/auth/dev-token", json=body)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.is_success:
                self.token = str(answer.json()["id_token"])
                return
            await asyncio.sleep(0.1)
        raise AssertionError("nobody can sign in")

    async def call(
        self, method: str, path: str, *, key: str | None = None, body: Any = None
    ) -> httpx.Response | None:
        """The answer; None when there was none."""
        answer: httpx.Response | None = None
        for _ in range(3):
            headers = {"Authorization": f"Bearer {self.token}"}
            if key is not None:
                headers["Idempotency-Key"] = key
            try:
                answer = await self.http.request(
                    method, self.any_url() + path, headers=headers, json=body, timeout=TIMEOUT
                )
            except httpx.TransportError:
                return None
            self._note(answer, f"{method} {path}")
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return answer
            await self.sign_in()
        return answer

    async def ask(self, turn: Turn, *, leave_after: int | None = None) -> None:
        """Send the message once; ``leave_after`` so many events of its stream, if given."""
        turn.tries += 1
        if turn.is_stream:
            await self._ask_for_stream(turn, leave_after)
            return
        answer = await self.call("POST", turn.path, key=turn.key, body=turn.body)
        if answer is None:
            turn.lost += 1
        elif answer.is_success:
            said = answer.json()
            [choice] = said["choices"]
            self.answered(
                turn,
                Answer.of(said["companion"], choice["message"]["content"], choice["finish_reason"]),
            )
        else:
            self.refused(turn, self.code_of(answer))

    async def resume(self, turn: Turn) -> None:
        """Follow the stream behind the last event that came."""
        self.record.resumed += 1
        headers = {"Authorization": f"Bearer {self.token}"}
        if turn.last_id is not None:
            headers["Last-Event-ID"] = turn.last_id
        await self._follow(turn, "GET", f"/v1/chat/turns/{turn.turn_id}/stream", headers)

    async def change(self, change: Change) -> None:
        """Ask for a change once."""
        change.tries += 1
        answer = await self.call(change.method, change.path, key=change.key, body=change.body)
        if answer is None:
            return
        change.statuses.append(answer.status_code)
        if answer.is_success:
            given = answer.json() if answer.content else None
            if change.answers and change.answers[0] != given:
                self.record.complain(
                    f"{change.kind} {change.key}: another answer under the same key:"
                    f" {change.answers[0]} and {given}"
                )
            change.answers.append(given)
            change.is_final = True
        elif self.code_of(answer) not in PASSING:
            change.is_final = True

    def answered(self, turn: Turn, answer: Answer) -> None:
        if turn.answers and turn.answers[0] != answer:
            self.record.complain(
                f"turn {turn.marker}: two answers to one request: {turn.answers[0]} and {answer}"
            )
        turn.answers.append(answer)
        turn.turn_id, turn.session_id = answer.turn_id, answer.session_id
        turn.is_final = True

    def refused(self, turn: Turn, code: str) -> None:
        turn.refusals.append(code)
        if code not in PASSING:
            turn.is_final = True
            if turn.answers:
                self.record.complain(f"turn {turn.marker}: answered, then refused as {code}")

    async def _ask_for_stream(self, turn: Turn, leave_after: int | None) -> None:
        turn.begin_stream()
        headers = {"Authorization": f"Bearer {self.token}"}
        if turn.key is not None:
            headers["Idempotency-Key"] = turn.key
        await self._follow(turn, "POST", turn.path, headers, leave_after=leave_after)

    async def _follow(
        self,
        turn: Turn,
        method: str,
        path: str,
        headers: dict[str, str],
        *,
        leave_after: int | None = None,
    ) -> None:
        body = turn.body if method == "POST" else None
        seen = 0
        try:
            async with self.http.stream(
                method, self.any_url() + path, headers=headers, json=body, timeout=TIMEOUT
            ) as response:
                self._note(response, f"{method} {path}")
                if not response.is_success:
                    await response.aread()
                    code = self.code_of(response)
                    if response.status_code == httpx.codes.UNAUTHORIZED:
                        turn.lost += 1
                        await self.sign_in()
                    else:
                        self.refused(turn, code)
                    return
                async with aclosing(events_of(response)) as events:
                    async for event in events:
                        seen += 1
                        if not event.is_done and "error" in event.data:
                            self.refused(turn, event.data["error"]["code"])
                            return
                        self._check_order(turn, event)
                        turn.ending = self._ending_of(event) or turn.ending
                        if event.is_done:
                            self._ended(turn)
                            return
                        if leave_after is not None and seen >= leave_after:
                            return
        except httpx.TransportError:
            pass
        turn.lost += 1

    def _check_order(self, turn: Turn, event: Event) -> None:
        found = _ID.fullmatch(event.id)
        if found is None:
            self.record.complain(f"turn {turn.marker}: an event without an id: {event}")
            return
        seq, offset = int(found[1]), int(found[2])
        turn.text += event.text
        if seq <= turn.seq:
            self.record.complain(
                f"turn {turn.marker}: event {event.id} came after {turn.last_id}: a repeat"
            )
        if offset != len(turn.text):
            self.record.complain(
                f"turn {turn.marker}: event {event.id} with {len(event.text)} characters came"
                f" after {turn.last_id}: a gap or a repeat"
            )
        turn.seq, turn.last_id = seq, event.id
        if event.companion is not None:
            turn.turn_id = event.companion["turn_id"]
            turn.session_id = event.companion["session_id"]

    def _ended(self, turn: Turn) -> None:
        if turn.ending is None:
            self.record.complain(f"turn {turn.marker}: its stream ended without a finish")
            return
        reason, companion = turn.ending
        self.answered(turn, Answer.of(companion, turn.text, reason))

    @staticmethod
    def _ending_of(event: Event) -> tuple[str, Any] | None:
        """The finish reason and the object with the receipt."""
        if event.is_done or not event.data.get("choices"):
            return None
        reason = event.data["choices"][0].get("finish_reason")
        return None if reason is None else (reason, event.companion)

    def code_of(self, response: httpx.Response) -> str:
        """Why a request was refused, in our own words."""
        try:
            return str(response.json()["error"]["code"])
        except (ValueError, KeyError, TypeError):
            what = f"{response.request.method} {response.request.url.path}"
            self.record.complain(
                f"{what}: {response.status_code} with {response.content[:80]!r}, not our own shape,"
                f" after {response.elapsed.total_seconds():.1f} s, headers {dict(response.headers)}"
            )
            return "unavailable"

    def _note(self, response: httpx.Response, what: str) -> None:
        self.record.statuses[response.status_code] += 1
        if response.status_code not in DOCUMENTED:
            self.record.complain(f"{what}: status {response.status_code}")
