"""What waits on the console for a person."""

from attrs import evolve

from application.ports.inbox import InboxState
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, StoreEvent
from domain.safety.reviews import FlagRecord
from domain.safety.verdicts import Action, Category, Flag, Stage
from tests.http.api import FREE_CHARACTER, Api


async def flagged(api: Api, by: str = "ann") -> str:
    """A flag; its id."""
    user_id = await api.user_id(by)
    found = Flag(Category.SELF_HARM, Action.REFER, "en/x", "2026.1", "<b>no more</b>", "en")
    record = FlagRecord(
        id="flg_1",
        user_id=user_id,
        stage=Stage.INPUT,
        flag=found,
        created_at=api.adapters.clock.now(),
        character_id=FREE_CHARACTER,
    )
    await api.adapters.safety_log.record(
        user_id, [record], ["crisis_referral_input"], record.created_at
    )
    return record.id


async def reported(api: Api, reason: str = "rude") -> str:
    """A report of a greeting; its id."""
    body = {"character_id": FREE_CHARACTER}
    session = (await api("POST", "/v1/chat/sessions", body=body)).json["id"]
    [greeting] = (await api("GET", f"/v1/chat/sessions/{session}/messages")).json["data"]
    path = f"/v1/chat/messages/{greeting['id']}/report"
    return str((await api("POST", path, body={"reason": reason})).json["id"])


async def parked(api: Api, name: str = "evt_1") -> str:
    """A dead letter of a store that is not there; its id."""
    now = api.adapters.clock.now()
    event = StoreEvent(Provider.STRIPE, name, "charge.refunded", now, b'{"amount": 5}')
    await api.adapters.inbox.add(event, now)
    message = await api.adapters.inbox.get(Provider.STRIPE, name)
    ended = evolve(
        message, state=InboxState.PARKED, attempts=3, reason="Whose is it?", finished_at=now
    )
    await api.adapters.inbox.finish(ended)
    return ended.id


async def owed(api: Api) -> None:
    """A parked errand of Ann's."""
    now = api.adapters.clock.now()
    errand = Errand(ErrandKind.ACKNOWLEDGE, Provider.GOOGLE, "token_1")
    await api.adapters.errand_queue.add(await api.user_id("ann"), [errand], now)
    [queued] = await api.adapters.errand_queue.claim(now=now, until=now, limit=1)
    refused = evolve(queued, attempts=9, reason="Google says no", is_parked=True)
    await api.adapters.errand_queue.postpone(refused)
