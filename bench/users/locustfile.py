"""People as locust drives them: they sign in, look around, talk, leave, come back, and pay.

``python -m bench.users`` starts locust with this file; ``COMPANION_LOAD_FACTS`` is where the facts
of the run go. Every answer is expected or a failure: there is nothing in between.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random
from typing import Any

from locust import HttpUser, between, task
from locust.exception import StopUser

from bench.users import facts
from bench.users.book_keeping import COUNTS, PEOPLE
from bench.users.events import EventReader
from bench.users.facts import FIRST_TOKEN
from bench.users.manners import Manner, reading_seconds, refusal
from bench.users.reply import Reply

_RUN = uuid.uuid4().hex[:8]
_NUMBERS = count(1)
_OK = 200
_LONGEST_WAIT = 10.0
_PATIENCE = (5.0, 60.0)
"""Seconds to connect, and between two pieces of an answer."""
_PACK = "credits_500"


class Failed(Exception):
    """An answer that nobody should get; it is counted under its text."""


class Person(HttpUser):
    """Somebody with the app open; waits a little between one thing and the next."""

    wait_time = between(0.5, 2.0)

    def on_start(self) -> None:
        """Sign in, as the app does when it opens, and begin a conversation."""
        number = next(_NUMBERS)
        self.name = f"load-{_RUN}-{number}"
        PEOPLE.append(self.name)
        self.manner = Manner(number)
        self.chance = Random(number)  # noqa: S311 - people are no secrets
        self.session: str | None = None
        self.character = self.talks_to = ""
        self.turns = 0
        self.client.trust_env = False  # neither a proxy nor a .netrc of this machine
        asked = {"user_id": self.name}
        token = self.ask("POST", "/v1/auth/dev-token", "get a token", json=asked)
        signed_in = token and self.ask(
            "POST", "/v1/auth/login", "sign in", json={"id_token": token["id_token"]}
        )
        if not signed_in:
            raise StopUser
        self.client.headers["Authorization"] = f"Bearer {token['id_token']}"
        self.look_around()
        if self.character:
            self.talk()

    @task(4)
    def look_around(self) -> None:
        """Browse the characters, and one of them closely."""
        page = self.ask("GET", "/v1/config/characters", "browse characters")
        open_ones = [one["id"] for one in (page or {}).get("data", ()) if not one["locked"]]
        if open_ones:
            one = self.chance.choice(open_ones)
            self.character = one
            self.ask("GET", f"/v1/config/characters/{one}", "look at a character")

    @task(16)
    def talk(self) -> None:
        """Say something, read the answer as it comes, and think about it."""
        reply = self.say("chat", leaves_after=None)
        if reply is not None and self.holds(reply, "chat"):
            COUNTS[facts.READ] += 1
            time.sleep(reading_seconds(reply.text))

    @task(4)
    def leave_and_come_back(self) -> None:
        """Lose the connection in the middle of an answer, and go on reading a moment later."""
        reply = self.say("chat, left", leaves_after=self.chance.randrange(2, 30))
        if reply is None or reply.turn_id is None:
            return
        time.sleep(self.chance.uniform(0.1, 1.5))
        COUNTS[facts.LEFT] += 1
        path = f"/v1/chat/turns/{reply.turn_id}"
        headers = {"Last-Event-ID": reply.last_id or ""}
        if not reply.is_done and not self.stream(
            "GET", f"{path}/stream", "resume a stream", reply, headers=headers
        ):
            return
        turn = self.ask("GET", path, "look at a turn")
        kept = (turn or {}).get("message") or {}
        if self.holds(reply, "resume a stream", kept.get("content", "")):
            COUNTS[facts.RESUMED] += 1
            time.sleep(reading_seconds(reply.text))

    @task(2)
    def see_memories(self) -> None:
        """See what the character remembers."""
        self.ask("GET", "/v1/chat/memories?limit=20", "list memories")

    @task(2)
    def look_back(self) -> None:
        """Read what was said before."""
        page = self.ask("GET", "/v1/chat/sessions?limit=10", "list sessions")
        for session in (page or {}).get("data", ())[:1]:
            self.ask("GET", f"/v1/chat/sessions/{session['id']}/messages", "read a conversation")

    @task(2)
    def look_at_balance(self) -> None:
        """Whether it suffices; it has to add up in any case."""
        wallet = self.ask("GET", "/v1/wallet/balance", "look at the balance")
        if wallet and (
            wallet["available"] != wallet["balance"] - wallet["held"] or wallet["available"] < 0
        ):
            self.complain("look at the balance", "the balance does not add up")

    @task(1)
    def start_over(self) -> None:
        """Begin another conversation with the next message."""
        self.session = None

    # what they are made of

    def say(self, name: str, *, leaves_after: int | None) -> Reply | None:
        """Send a message and read its answer, or as many events of it; None when refused."""
        self.turns = self.turns + 1 if self.session else 0
        asked: dict[str, Any] = {
            "model": self.character,
            "stream": True,
            "messages": [{"role": "user", "content": self.manner.says(self.chance, self.turns)}],
        }
        if self.manner.longest_reply is not None:
            asked["max_tokens"] = self.manner.longest_reply
        if self.session is not None:
            asked["session_id"] = self.session
            asked["model"] = self.talks_to
        reply = Reply()
        path = "/v1/chat/completions"
        if not self.stream("POST", path, name, reply, leaves_after=leaves_after, json=asked):
            return None
        self.session, self.talks_to = reply.session_id, asked["model"]
        return reply

    def stream(
        self,
        method: str,
        path: str,
        name: str,
        reply: Reply,
        *,
        leaves_after: int | None = None,
        **more: Any,  # noqa: ANN401 - handed on to requests
    ) -> bool:
        """Read a stream into ``reply``; whether there was one. Its time is that of all of it."""
        began = time.perf_counter()
        with self.answered(method, path, name, stream=True, **more) as response:
            if response is None:
                return False
            reader, seen, size = EventReader(), 0, 0
            is_new = reply.first_at is None
            for piece in response.iter_content(chunk_size=None):
                size += len(piece)
                for event in reader.feed(piece)[
                    : None if leaves_after is None else leaves_after - seen
                ]:
                    reply.take(event, time.perf_counter())
                    seen += 1
                if seen == leaves_after:
                    break
            response.close()
            taken = 1000 * (time.perf_counter() - began)
            response.request_meta.update(response_time=taken, response_length=size)
        if is_new and reply.first_at is not None:
            waited = 1000 * (reply.first_at - began)
            self.note(FIRST_TOKEN, waited, None)
        return True

    def ask(self, method: str, path: str, name: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """The JSON of an answer as it should be; None of any other."""
        with self.answered(method, path, name, **more) as response:
            return None if response is None else response.json()

    @contextmanager
    def answered(self, method: str, path: str, name: str, **more: Any) -> Iterator[Any]:  # noqa: ANN401
        """The response with status 200 or 201; None when they were refused, or should not be."""
        broke = False
        with self.client.request(
            method, path, name=name, catch_response=True, timeout=_PATIENCE, **more
        ) as response:
            if response.status_code in {_OK, 201}:
                yield response
                return
            why = refusal(response.status_code, _json(response))
            if why is None:
                response.failure(f"{name}: {response.status_code} {_code(response)}".strip())
            else:
                COUNTS[why] += 1
                response.request_meta["name"] = f"{name}, {why}"
                response.success()
            broke = why == facts.BROKE
            wait = float(response.headers.get("Retry-After", 0)) if why == facts.FAST else 0.0
        if broke and self.manner.buys:
            self.buy()
        time.sleep(min(wait, _LONGEST_WAIT))
        yield None

    def buy(self) -> None:
        """Pay at the sandbox store; the credits have to be there at once."""
        before = self.ask("GET", "/v1/wallet/balance", "look at the balance")
        placed = self.ask(
            "POST",
            "/v1/market/purchases",
            "buy credits",
            json={"product_id": _PACK, "provider": "sandbox"},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        after = self.ask("GET", "/v1/wallet/balance", "look at the balance")
        if not (before and placed and after):
            return
        if placed["purchase"]["status"] != "completed" or after["balance"] <= before["balance"]:
            self.complain("buy credits", "what was bought is not there")
            return
        COUNTS[facts.BOUGHT] += 1

    def holds(self, reply: Reply, name: str, kept: str | None = None) -> bool:
        """Whether the whole reply is as it should be."""
        fault = reply.fault(kept)
        if fault is not None:
            self.complain(name, fault)
        return fault is None

    def complain(self, name: str, fault: str) -> None:
        """An answer was wrong in what it said; in locust's tables it is a row of its own."""
        self.note(f"{name}, checked", 0.0, Failed(f"{name}: {fault}"))

    def note(self, name: str, milliseconds: float, failure: Failed | None) -> None:
        """Put something that is no request into locust's tables."""
        self.environment.events.request.fire(
            request_type="SSE" if failure is None else "CHECK",
            name=name,
            response_time=milliseconds,
            response_length=0,
            exception=failure,
            context={},
        )


def _json(response: Any) -> dict[str, Any]:  # noqa: ANN401 - of requests
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _code(response: Any) -> str:  # noqa: ANN401 - of requests
    error = _json(response).get("error")
    if isinstance(error, dict):
        return str(error.get("code"))
    return str(response.error or "") if response.status_code == 0 else ""
