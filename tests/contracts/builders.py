"""Small values of the domain: each builder fills in what a test does not care about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from attrs import evolve

from application.ports.job_runs import JobRun
from application.ports.turn_store import IdempotencyKey, TurnClosing, TurnOpening
from domain.accounts import AgeBand, AgeSource, Tier, User
from domain.characters import Character
from domain.chat import Message, MessageStatus, Receipt, Role, Session, Turn, TurnStatus
from domain.holds import hold, settle
from domain.ledger import EntryKind
from domain.lots import Allocation, Bucket, credits_by_bucket
from domain.memory.facts import Exchange
from domain.memory.memories import Embedding, Memory
from domain.pricing import PriceTable, Rate, TierTerms, Usage
from domain.wallet import Wallet, grant

NOW = datetime(2026, 3, 10, 12, 30, 15, 123456, tzinfo=UTC)
DIMENSIONS = 256

_numbers = count(1)


def new_id(prefix: str) -> str:
    """An id that sorts behind all earlier ones."""
    return f"{prefix}_{next(_numbers):032x}"


def at(seconds: float) -> datetime:
    """A moment, counted from ``NOW``."""
    return NOW + timedelta(seconds=seconds)


def make_user(name: str = "ann", **changes: Any) -> User:
    user = User(new_id("usr"), f"subject-of-{name}", Tier.FREE, created_at=NOW)
    return evolve(user, **changes)


def with_every_field(user: User) -> User:
    """The account with each field set to something else than it is by default."""
    return evolve(
        user,
        tier=Tier.PREMIUM,
        display_name="Änn 🙂",
        country="DE",
        age_band=AgeBand.FROM_16_TO_17,
        age_band_source=AgeSource.ADMINISTRATOR,
        age_band_at=at(1),
        suspended_at=at(2),
        suspended_reason="because",
    )


def erased(user: User) -> User:
    """What is left of an account in its own row."""
    return evolve(user, subject=None, display_name=None, country=None, erased_at=at(60))


def make_character(character_id: str = "luna", **changes: Any) -> Character:
    card: Mapping[str, Any] = {"spec": "chara_card_v3", "data": {"name": "Luna", "tags": ["warm"]}}
    character = Character(
        id=character_id,
        version=1,
        name="Luna",
        tagline="Listens",
        description="For the catalogue",
        greeting="Hi {{user}}!",
        persona="{{char}} listens to {{user}}.",
        tags=("warm", "calm"),
        min_tier=Tier.FREE,
        card=card,
    )
    return evolve(character, **changes)


def make_session(user: User, **changes: Any) -> Session:
    session = Session(
        id=new_id("ses"),
        user_id=user.id,
        character_id="luna",
        character_version=1,
        title="A walk",
        created_at=NOW,
        updated_at=NOW,
    )
    return evolve(session, **changes)


def make_message(session: Session, position: int, **changes: Any) -> Message:
    """A message; even positions are the user's, odd ones the character's."""
    message = Message(
        id=new_id("msg"),
        session_id=session.id,
        position=position,
        role=Role.ASSISTANT if position % 2 else Role.USER,
        content=f"message {position}",
        status=MessageStatus.COMPLETE,
        created_at=at(position),
    )
    return evolve(message, **changes)


def make_memory(**changes: Any) -> Memory:
    memory = Memory(
        id=new_id("mem"),
        character_id="luna",
        text="I have a dog called Rex",
        source_message_ids=(),
        created_at=NOW,
    )
    return evolve(memory, **changes)


def make_embedding(*head: float, model: str = "words") -> Embedding:
    """A vector that begins with ``head``; the rest is zero."""
    return Embedding(model, (*head, *(0.0 for _ in range(DIMENSIONS - len(head)))))


def make_prices(version: int = 1, **changes: Any) -> PriceTable:
    table = PriceTable(
        version=version,
        minimum=1,
        models={"grok": Rate(10, 2, 30), "small": Rate(1, 1, 2)},
        tiers={
            Tier.FREE: TierTerms(percent=100, daily_credits=50, requests_per_minute=20),
            Tier.PLUS: TierTerms(percent=80, daily_credits=200, requests_per_minute=60),
            Tier.PREMIUM: TierTerms(percent=60, daily_credits=500, requests_per_minute=120),
        },
    )
    return evolve(table, **changes)


def make_run(job: str = "sweep", slot: float = 0, **changes: Any) -> JobRun:
    """A run of a tick ``slot`` seconds after ``NOW``, begun at that moment."""
    return evolve(JobRun(new_id("run"), job, slot=at(slot), started_at=at(slot)), **changes)


def granted(wallet: Wallet, amount: int, **changes: Any) -> Wallet:
    """The wallet after a purchase."""
    facts: dict[str, Any] = {
        "kind": EntryKind.PURCHASE,
        "bucket": Bucket.PURCHASED,
        "reference": new_id("pur"),
        "description": "Credits",
        "now": NOW,
        **changes,
    }
    return grant(wallet, credits=amount, **facts)


def make_opening(
    wallet: Wallet,
    session: Session,
    *,
    position: int = 2,
    amount: int = 10,
    is_new: bool = False,
    key: IdempotencyKey | None = None,
    expires_at: datetime | None = None,
    answers: Message | None = None,
) -> TurnOpening:
    """A turn about to begin: a new message at ``position``, or another reply to ``answers``."""
    said = answers or make_message(session, position, content=f"hello {position}")
    turn = Turn(
        id=new_id("turn"),
        user_id=wallet.user_id,
        session_id=session.id,
        character_id=session.character_id,
        user_message_id=said.id,
        message_id=new_id("msg"),
        status=TurnStatus.RUNNING,
        created_at=NOW,
        held=amount,
        price_version=1,
        stream=True,
        include_usage=True,
    )
    held = hold(wallet, turn_id=turn.id, amount=amount, now=NOW, expires_at=expires_at or at(600))
    return TurnOpening(
        turn=turn,
        wallet=held,
        session=session if is_new else None,
        messages=() if answers else (said,),
        idempotency=key,
    )


def make_closing(
    opening: TurnOpening,
    wallet: Wallet | None,
    *,
    charge: int = 3,
    text: str | None = "a reply",
    status: TurnStatus = TurnStatus.COMPLETED,
    work_until: datetime | None = None,
    position: int = 3,
) -> TurnClosing:
    """The end of ``opening``'s turn, settled on ``wallet`` as it is now (None: no money moves)."""
    turn = opening.turn
    settled: Wallet | None = None
    parts: tuple[Allocation, ...] = ()
    if wallet is None:
        charge = 0
    else:
        settled, parts = settle(
            wallet, turn_id=turn.id, charge=charge, now=at(5), description="Reply"
        )
    usage = Usage(prompt=100, cached=20, completion=30, reported=True)
    receipt = Receipt(turn.held, charge, turn.held - charge, 1, usage, credits_by_bucket(parts))
    reply = None
    if text is not None:
        reply = Message(
            id=turn.message_id,
            session_id=turn.session_id,
            position=position,
            role=Role.ASSISTANT,
            content=text,
            status=MessageStatus.COMPLETE,
            created_at=at(5),
            turn_id=turn.id,
            receipt=receipt,
        )
    return TurnClosing(
        turn=evolve(
            turn, status=status, finish_reason="stop", receipt=receipt, memory_ids=("mem_1",)
        ),
        wallet=settled,
        reply=reply,
        now=at(5),
        work_until=work_until,
    )


def make_exchange(text: str, **changes: Any) -> Exchange:
    """What somebody said to Luna, who replied."""
    exchange = Exchange(
        user_id="usr_1",
        turn_id=new_id("turn"),
        session_id="ses_1",
        character_id="luna",
        character_name="Luna",
        user_name="Ann",
        user_message_id=new_id("msg"),
        user_text=text,
        reply_message_id=new_id("msg"),
        reply_text="I see.",
        said_at=NOW,
    )
    return evolve(exchange, **changes)
