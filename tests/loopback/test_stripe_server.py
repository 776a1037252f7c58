"""The loopback Stripe as others meet it: a process that sends signed webhooks."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from tests.loopback.stripe_objects import Json
from tests.loopback.stripe_signature import sign

ROOT = Path(__file__).parents[2]
SECRET = "whsec_process"
HEADERS = {"Authorization": "Bearer sk_test_x"}


class Receiver:
    def __init__(self) -> None:
        self.url = ""
        self.events: list[Json] = []
        self.news = asyncio.Condition()

    async def hear(self, request: web.Request) -> web.Response:
        body, header = await request.read(), request.headers["Stripe-Signature"]
        stamp = int(header.partition(",")[0].removeprefix("t="))
        assert header == sign(body, SECRET, stamp)
        async with self.news:
            self.events.append(json.loads(body))
            self.news.notify_all()
        return web.Response(status=202)

    async def wait_for(self, name: str) -> Json:
        async with asyncio.timeout(30), self.news:
            await self.news.wait_for(lambda: any(one["type"] == name for one in self.events))
        return next(one for one in self.events if one["type"] == name)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
def base_url(receiver: Receiver) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.loopback.stripe_server", "--shape", "acacia"]
    command += ["--webhook", receiver.url, "--secret", SECRET]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


async def test_it_sells_and_tells_of_it(base_url: str, receiver: Receiver) -> None:
    async with ClientSession(base_url, headers=HEADERS) as session:

        async def post(path: str, form: dict[str, str]) -> Json:
            async with session.post(path, data=form) as answer:
                assert answer.status == 200
                return dict(await answer.json())

        async def control(verb: str, what: Json) -> int:
            async with session.post(f"/_control/{verb}", json=what) as answer:
                return answer.status

        assert await control("price", {"id": "price_plus", "amount": 999}) == 200
        customer = await post("/v1/customers", {"metadata[user_id]": "usr_1"})
        asked = {
            "customer": customer["id"],
            "items[0][price]": "price_plus",
            "metadata[purchase_id]": "pur_1",
        }
        made = await post("/v1/subscriptions", asked)
        told = await receiver.wait_for("customer.subscription.created")
        assert told["data"]["object"]["id"] == made["id"]
        assert told["data"]["object"]["current_period_end"] > told["created"]

        assert await control("pay", {"id": made["id"]}) == 200
        paid = await receiver.wait_for("invoice.paid")
        assert paid["data"]["object"]["subscription"] == made["id"]
        assert await control("pay", {"id": "pi_gone"}) == 404
        assert await control("send", paid | {"type": "of.mine"}) == 200
        assert receiver.events[-1]["type"] == "of.mine"
        async with session.get("/_control/requests") as answer:
            assert [one["path"] for one in await answer.json()] == [
                "/v1/customers",
                "/v1/subscriptions",
            ]
