"""The load: people who talk, in every way in which people do, and buy something now and then."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from attrs import define, field

from tests.acceptance.world import CHARACTER
from tests.chaos.client import Client
from tests.chaos.record import Change, Turn
from tests.chaos.site import WEBHOOK_SECRET
from tests.loopback.stripe_objects import Json
from tests.loopback.stripe_signature import sign

TOLD = (
    "My sister is called Anna.", "I work as a nurse in Leeds.", "I like rain and old trains.",
    "We moved to Porto last year.", "My dog is called Rex.", "I am learning Danish.",
    "What would you cook tonight?", "Tell me something nice.", "How was your day?", "Go on.",
)  # fmt: skip
LENGTHS = ("", "", "@@tokens count=8 delay=0.03", "@@tokens count=25 delay=0.04",
           "@@tokens count=12 delay=0.1")  # fmt: skip
FAILURES = (
    "@@rate_limited", "@@server_error", "@@content_refused", "@@key_forbidden", "@@stall",
    "@@disconnect after=3", "@@html", "@@empty", "@@broken_chunk after=2", "@@model_gone",
    "@@no_finish after=3", "@@stall after=3",
)  # fmt: skip
REFUSED_FOR_GOOD = 3
"""What is refused so often when all is well again is what became of it."""
PACK, CREDITS = "credits_500", 500


@define(eq=False)
class Person(Client):
    """Somebody who does one thing after the other; ``is_leaving`` ends that."""

    number: int = 0
    user_id: str = ""
    sessions: list[str] = field(factory=list)
    deleting: set[str] = field(factory=set)
    """Sessions of which nobody has said yet that they are gone."""
    undelivered: list[Json] = field(factory=list)
    """Events of Stripe that no server has taken yet."""
    _count: int = 0

    async def join(self) -> None:
        await self.sign_in()
        me = await self.call("GET", "/v1/auth/me")
        assert me is not None, "nobody can join"
        assert me.is_success, me.text
        self.user_id = str(me.json()["id"])

    async def live(self, until: float) -> None:
        """Do things at random until then (the event loop's time)."""
        acts: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (30, self.talk),
            (26, self.listen),
            (8, self.leave_and_return),
            (7, self.stop),
            (6, self.insist),
            (6, self.talk_at_once),
            (5, self.ask_again),
            (4, self.delete),
            (4, self.remember),
            (3, self.begin_session),
            (4, self.buy),
            (3, self.pay),
        ]
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            [act] = self.chance.choices([act for _, act in acts], [weight for weight, _ in acts])
            await act()
            await asyncio.sleep(self.chance.uniform(0, 0.15))

    def new_turn(self, *, is_stream: bool, has_key: bool, mood: str | None = None) -> Turn:
        self._count += 1
        marker = f"zq{self.number}x{self._count}q"
        if mood is None:
            mood = self.chance.choice(FAILURES if self.chance.random() < 0.1 else LENGTHS)
        words = f"{self.chance.choice(TOLD)} ({marker}) {mood}".strip()
        body: dict[str, Any] = {
            "model": CHARACTER,
            "messages": [{"role": "user", "content": words}],
            "max_tokens": 400,
        }
        if is_stream:
            body["stream"] = True
        if self.sessions and self.chance.random() < 0.6:
            body["session_id"] = self.chance.choice(self.sessions)
        key = f"key-{marker}" if has_key else None
        turn = Turn(marker, self.name, "/v1/chat/completions", body, key, is_stream)
        self.record.turns.append(turn)
        return turn

    async def talk(self) -> None:
        turn = self.new_turn(is_stream=False, has_key=self.chance.random() < 0.7)
        await self.ask(turn)
        await self._come_again(turn)

    async def listen(self) -> None:
        turn = self.new_turn(is_stream=True, has_key=self.chance.random() < 0.7)
        await self.ask(turn)
        await self._come_again(turn)

    async def leave_and_return(self) -> None:
        turn = self.new_turn(is_stream=True, has_key=True, mood="@@tokens count=25 delay=0.04")
        await self.ask(turn, leave_after=self.chance.randint(1, 12))
        await asyncio.sleep(self.chance.uniform(0, 1.5))
        await self._come_again(turn)

    async def stop(self) -> None:
        turn = self.new_turn(is_stream=True, has_key=True, mood="@@tokens count=30 delay=0.08")
        await self.ask(turn, leave_after=self.chance.randint(2, 12))
        if turn.turn_id is not None and not turn.is_final:
            turn.was_stopped = True
            self.record.stopped += 1
            await self.call("POST", f"/v1/chat/turns/{turn.turn_id}/stop")
        await self._come_again(turn)

    async def insist(self) -> None:
        """The same request three times at once, at whatever server."""
        turn = self.new_turn(is_stream=False, has_key=True)
        await asyncio.gather(self.ask(turn), self.ask(turn), self.ask(turn))
        await self._come_again(turn)

    async def talk_at_once(self) -> None:
        """Two messages to the same wallet, and perhaps to the same conversation."""
        turns = [self.new_turn(is_stream=number == 0, has_key=True) for number in range(2)]
        await asyncio.gather(*map(self.ask, turns))
        for turn in turns:
            await self._come_again(turn)

    async def ask_again(self) -> None:
        """Another reply to an earlier message."""
        earlier = [
            turn
            for turn in self.record.turns[-60:]
            if turn.person == self.name and turn.answers and turn.session_id in self.sessions
        ]
        if not earlier:
            return
        self._count += 1
        chosen = self.chance.choice(earlier).answers[0]
        path = f"/v1/chat/messages/{chosen.message_id}/regenerate"
        key = f"again-{self.number}x{self._count}"
        is_stream = self.chance.random() < 0.5
        body: dict[str, Any] = {"max_tokens": 300, "stream": is_stream}
        turn = Turn("", self.name, path, body, key, is_stream)
        self.record.turns.append(turn)
        await self.ask(turn)
        await self._come_again(turn)

    async def _come_again(self, turn: Turn) -> None:
        """As long as nobody knows what became of it: a few times now, and at last at the end."""
        for _ in range(self.chance.randint(0, 3)):
            if turn.is_final:
                break
            await asyncio.sleep(self.chance.uniform(0.05, 0.6))
            await self.try_again(turn)
        session = turn.session_id
        if session is not None and session not in self.sessions and turn.answers:
            self.sessions.append(session)
            del self.sessions[:-4]
        if turn.answers and turn.key is not None and self.chance.random() < 0.15:
            await self.ask(turn)

    async def try_again(self, turn: Turn) -> None:
        """Follow its stream further, or send it once more; without a key it may not be."""
        if turn.is_stream and turn.turn_id is not None:
            await self.resume(turn)
        elif turn.key is not None:
            await self.ask(turn)

    # ------------------------------------------------------------------------- everything else

    async def delete(self) -> None:
        """Delete a conversation, perhaps while somebody speaks in it."""
        if not self.sessions:
            return
        session = self.sessions.pop(self.chance.randrange(len(self.sessions)))
        if self.chance.random() < 0.5:
            turn = self.new_turn(is_stream=True, has_key=True, mood="@@tokens count=12 delay=0.1")
            turn.body["session_id"] = session
            await self.ask(turn, leave_after=self.chance.randint(1, 4))
        self.record.deleted_sessions.add(session)
        self.deleting.add(session)
        await self.delete_session(session)

    async def delete_session(self, session: str) -> None:
        answer = await self.call("DELETE", f"/v1/chat/sessions/{session}")
        if answer is not None and answer.status_code in {204, 404}:
            self.deleting.discard(session)

    async def remember(self) -> None:
        self._count += 1
        text = f"Likes the number {self.number}x{self._count}."
        body = {"character_id": CHARACTER, "text": text}
        await self._change("memory", "/v1/chat/memories", body)

    async def begin_session(self) -> None:
        self._count += 1
        body = {"character_id": CHARACTER, "title": f"Session {self.number}x{self._count}"}
        await self._change("session", "/v1/chat/sessions", body)

    async def buy(self) -> None:
        """At the sandbox, where nobody pays."""
        body = {"product_id": PACK, "provider": "sandbox"}
        await self._change("purchase", "/v1/market/purchases", body)

    async def pay(self) -> None:
        """At Stripe, which tells of it by webhooks, more than once."""
        body = {"product_id": PACK, "provider": "stripe"}
        order = await self._change("purchase", "/v1/market/purchases", body)
        if not order.answers:
            return
        placed = order.answers[0]
        intent = str(placed["payment"]["client_secret"]).partition("_secret")[0]
        told = await asyncio.to_thread(self.site.stripe.pay, intent)
        self.record.payments[placed["purchase"]["id"]] = CREDITS
        self.undelivered += told * self.chance.randint(1, 2)
        await self.deliver()

    async def deliver(self) -> None:
        """What no server takes is delivered later, as Stripe does."""
        left: list[Json] = []
        for event in self.undelivered:
            body = json.dumps(event).encode()
            headers = {"Stripe-Signature": sign(body, WEBHOOK_SECRET, self._stripe_time())}
            url = self.any_url() + "/v1/market/webhooks/stripe"
            try:
                answer = await self.http.post(url, content=body, headers=headers)
            except httpx.TransportError:
                left.append(event)
                continue
            self._note(answer, "POST /v1/market/webhooks/stripe")
            if not answer.is_success:
                left.append(event)
        self.undelivered = left

    def _stripe_time(self) -> float:
        return self.site.clock.now().timestamp()

    # ------------------------------------------------------------------------------ afterwards

    async def learn_the_rest(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        refused: Counter[Turn] = Counter()
        while loop.time() < deadline:
            turns, changes = self._open_turns(), self._open_changes()
            if not (turns or changes or self.undelivered or self.deleting):
                return
            for turn in turns:
                before = len(turn.refusals)
                await self.try_again(turn)
                refused[turn] += len(turn.refusals) - before
                turn.is_final = turn.is_final or refused[turn] == REFUSED_FOR_GOOD
            for change in changes:
                await self.change(change)
            for session in sorted(self.deleting):
                await self.delete_session(session)
            await self.deliver()
            await asyncio.sleep(0.2)
        told = [(one.marker or one.key, one.refusals[-2:]) for one in self._open_turns()]
        told += [(one.key, [str(code) for code in one.statuses]) for one in self._open_changes()]
        self.record.complain(
            f"{self.name} never learns what became of {told}, the sessions {sorted(self.deleting)}"
            f" and {len(self.undelivered)} webhooks"
        )

    def _open_turns(self) -> list[Turn]:
        return [
            turn
            for turn in self.record.turns
            if turn.person == self.name
            and not turn.is_final
            and (turn.key is not None or turn.turn_id is not None)
        ]

    def _open_changes(self) -> list[Change]:
        return [
            change
            for change in self.record.changes
            if change.person == self.name and not change.is_final and change.kind != "grant"
        ]

    async def _change(self, kind: str, path: str, body: dict[str, Any]) -> Change:
        self._count += 1
        key = f"{kind}-{self.number}x{self._count}"
        change = Change(kind, self.name, key, "POST", path, body)
        self.record.changes.append(change)
        await self.change(change)
        for _ in range(self.chance.randint(0, 2)):
            if change.is_final and self.chance.random() < 0.8:
                break
            await asyncio.sleep(self.chance.uniform(0.05, 0.5))
            await self.change(change)
        return change
