"""The whole product in this process over real parts, with a clock and a model that do as told."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from attrs import Factory, define, evolve
from quart import Quart
from quart.testing import QuartClient

from adapters.in_memory.clock import InMemoryClock
from adapters.local.postgres_server import EmbeddedPostgres
from adapters.local.valkey_server import EmbeddedValkey
from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage, TextDelta
from application.ports.embedder import Embedder
from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings
from entrypoints.container import build_use_cases
from entrypoints.container.migrations import upgrade
from entrypoints.container.real import build_real
from entrypoints.lifecycle import seed
from entrypoints.metrics import Metrics
from entrypoints.server import make_app

CHARACTER = "mira"
_START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
_REFUSED = 400
_MODEL = "in-memory"
"""A model that has a price."""
_UNLIMITED = RateLimit(amount=1_000_000, seconds=1)
_MOMENT = timedelta(seconds=45)


class Refused(Exception):
    """The product would not have a message because of what it says."""


@define
class WrittenModel:
    """A model whose next reply is written beforehand, and whose last prompt can be read."""

    reply: str = ""
    prompt: ModelRequest | None = None

    async def generate(
        self, request: ModelRequest
    ) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        """The reply in one piece."""
        self.prompt = request
        yield TextDelta((self.reply,))
        yield ModelFinished(_MODEL, "stop", ModelUsage(100, 0, 10))


@define
class Companion:
    """One person's way to the product: over HTTP, as an app would go."""

    app: Quart
    model: WrittenModel
    clock: InMemoryClock
    embedder: Embedder
    person: str
    token: str = Factory(str)

    async def begin(self) -> None:
        """Get an account, and more credits than will be needed."""
        self.clock.set(_START)
        await self.sign_in()
        user = await self.ask("GET", "/v1/auth/me")
        admin = await self._issue("bench-administrator", {"admin": True})
        await self.ask(
            "POST",
            f"/v1/admin/users/{user['id']}/credits",
            {"amount": 1_000_000, "bucket": "promo", "reason": "bench"},
            token=admin,
        )

    async def sign_in(self) -> None:
        """Get a new token: the old one is over when time has passed."""
        self.token = await self._issue(f"bench-{self.person}", {})

    async def go_to(self, day: int) -> None:
        """Let it be the evening of this day."""
        self.clock.set(_START + timedelta(days=day))
        await self.sign_in()

    async def say(self, text: str, reply: str, session_id: str | None) -> dict[str, Any]:
        """One turn that the model answers like this; what the product says of it.

        Raises ``Refused`` when the product will not have it.
        """
        self.clock.advance(_MOMENT)
        self.model.reply, self.model.prompt = reply, None
        body: dict[str, Any] = {
            "model": CHARACTER,
            "messages": [{"role": "user", "content": text}],
        }
        if session_id is not None:
            body["session_id"] = session_id
        answer = await self.ask("POST", "/v1/chat/completions", body)
        companion: dict[str, Any] = answer["companion"]
        return companion

    def reminded_of(self) -> list[str]:
        """The lines that the model got to read last, besides persona and message.

        Without headings; none when the product answered by itself.
        """
        if self.model.prompt is None:
            return []
        return [
            line.removeprefix("- ")
            for message in self.model.prompt.messages[1:-1]
            for line in message.content.splitlines()
            if not line.endswith(":")
        ]

    async def memories(self) -> list[Any]:
        """All that is remembered, when all that was said has been learnt."""
        found: list[Any] = []
        cursor = ""
        while True:
            page = await self.ask("GET", f"/v1/chat/memories?limit=100{cursor}")
            found += page["data"]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    async def forget_memories(self, ids: Sequence[str]) -> None:
        """Delete memories one by one."""
        for one in ids:
            await self.ask("DELETE", f"/v1/chat/memories/{one}")

    async def forget_session(self, session_id: str) -> None:
        """Delete a conversation."""
        await self.ask("DELETE", f"/v1/chat/sessions/{session_id}")

    async def ask(
        self, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> dict[str, Any]:
        """The JSON of an answer, empty for none; raises ``Refused`` or ``RuntimeError``."""
        headers = {
            "Authorization": f"Bearer {token or self.token}",
            "Content-Type": "application/json",
        }
        if path.startswith("/v1/admin"):
            headers["Idempotency-Key"] = f"bench-{self.person}"
        client = cast("QuartClient", self.app.test_client())
        data = b"" if body is None else json.dumps(body).encode()
        response = await client.open(path, method=method, headers=headers, data=data)
        text = await response.get_data(as_text=True)
        if response.status_code >= _REFUSED:
            message = f"{method} {path}: {response.status_code} {text}"
            if json.loads(text)["error"]["code"] == "content_blocked":
                raise Refused(message)
            raise RuntimeError(message)
        found: dict[str, Any] = json.loads(text) if text else {}
        return found

    async def _issue(self, name: str, claims: dict[str, object]) -> str:
        wish = {"user_id": name, "claims": claims}
        return str((await self.ask("POST", "/v1/auth/dev-token", wish))["id_token"])


@asynccontextmanager
async def companion_of(person: str, folder: Path) -> AsyncIterator[Companion]:
    """A product of this person's own, over a new database in ``folder``."""
    postgres, valkey = EmbeddedPostgres(folder, durable=False), EmbeddedValkey(folder)
    try:
        url = postgres.start()
        upgrade(url)
        settings = Settings(
            data_dir=folder,
            database_url=url,
            database_pool_size=4,
            redis_url=valkey.start(),
            xai_api_key="unused",
            rate_limit_per_user=_UNLIMITED,
            rate_limit_per_address=_UNLIMITED,
        )
        clock, model = InMemoryClock(_START), WrittenModel()
        adapters = build_real(settings, lambda _: None, clock)
        adapters = evolve(adapters, model=model, models=(_MODEL,))
        for step in adapters.opening:
            await step()
        use_cases = build_use_cases(settings, adapters)
        await seed(use_cases)
        app = make_app(settings, use_cases, adapters, Metrics())
        made = Companion(app, model, clock, adapters.embedder, person)
        await made.begin()
        yield made
        await use_cases.runner().drain(5)
        await use_cases.memory_tasks().drain(5)
        for step in adapters.closing:
            await step()
    finally:
        valkey.stop()
        postgres.stop()
