"""What administrators change, by the API or on the console: each change goes on record here.

Nothing else in this package may call the use cases that are called here.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from attrs import frozen

from application.accounts.manage_user import ManageUserCommand
from application.characters.import_character import ImportCharacterCommand
from application.characters.replace_card import ReplaceCardCommand
from application.operations.audit_action import AuditActionCommand
from application.ports.inbox import InboxMessage
from application.ports.job_runs import JobRun
from application.wallet.grant_credits import GrantCreditsCommand
from domain.accounts import User
from domain.cards.character import card_id
from domain.cards.slugs import slug_of
from domain.characters import Character
from domain.errors import Conflict, NotFound
from domain.safety.reviews import Decision, FlagRecord, ReportRecord, Review
from domain.wallet import Wallet
from entrypoints.card_files.bundle import CardBundle
from entrypoints.card_files.reading import read_card, read_lorebook, read_v3
from entrypoints.http.routing import Call

AnyCall = Call[Any, Any]
Facts = Mapping[str, Any]
T = TypeVar("T")


@frozen
class Imported:
    """A character, and the file that it came from."""

    character: Character
    bundle: CardBundle


async def manage_user(call: AnyCall, action: str, command: ManageUserCommand) -> User:
    """Suspend or readmit an account, set its tier or age band."""
    return await _audited(
        call,
        action,
        command.user.id,
        lambda: call.services.manage_user(command),
        _user,
        before=_user(command.user),
    )


async def grant_credits(call: AnyCall, command: GrantCreditsCommand) -> Wallet:
    """Give credits; ``command.key`` is the client's own, told apart by administrator here."""
    # The ledger shows it to the account's owner, whom the administrator's id does not concern.
    name = hashlib.sha256(f"{call.user.id} {command.key}".encode()).hexdigest()[:32]
    once = GrantCreditsCommand(
        user_id=command.user_id,
        amount=command.amount,
        bucket=command.bucket,
        reason=command.reason,
        key=name,
    )
    latest = await call.services.list_transactions(command.user_id, limit=1, cursor=None)

    def facts(wallet: Wallet) -> Facts:
        return {
            "balance": wallet.balance,
            "amount": command.amount,
            "bucket": command.bucket,
            "reason": command.reason,
        }

    return await _audited(
        call,
        "user.grant",
        command.user_id,
        lambda: call.services.grant_credits(once),
        facts,
        before={"balance": latest.items[0].balance_after if latest.items else 0},
    )


async def import_card(call: AnyCall, raw: bytes, character_id: str | None) -> Imported:
    """Publish the character of a card's file."""
    bench = call.services.workbench
    async with bench.place():
        bundle = await bench.do(read_card, raw)
        command = ImportCharacterCommand(
            card=bundle.card,
            files=bundle.files,
            media_types=bundle.media_types,
            character_id=character_id,
            keeps_files=bundle.container == "json",
        )
        subject = card_id(bundle.card) or character_id or slug_of(str(bundle.card["data"]["name"]))
        character = await _audited(
            call,
            "character.import",
            subject,
            lambda: call.services.import_character(command),
            _character,
            before=await _published(call, subject),
        )
    return Imported(character, bundle)


async def replace_card(
    call: AnyCall, character_id: str, raw: bytes, action: str = "character.edit"
) -> Character:
    """Publish the next version of a character, from a card that is JSON."""
    bench = call.services.workbench
    async with bench.place():
        bundle = await bench.do(read_v3, raw)
        command = ReplaceCardCommand(character_id, bundle.card, bundle.files, bundle.media_types)
        return await _audited(
            call,
            action,
            character_id,
            lambda: call.services.replace_card(command),
            _character,
            before=await _published(call, character_id),
        )


async def import_lorebook(call: AnyCall, character_id: str, raw: bytes) -> Character:
    """Publish a version of a character with the lorebook of a file."""
    bench = call.services.workbench
    async with bench.place():
        book = await bench.do(read_lorebook, raw)
        return await _audited(
            call,
            "character.lorebook",
            character_id,
            lambda: call.services.import_lorebook(character_id, book),
            _character,
            before=await _published(call, character_id),
        )


async def review_flag(
    call: AnyCall, user_id: str, flag_id: str, decision: Decision, note: str
) -> FlagRecord:
    """Decide on a flag."""
    return await _audited(
        call,
        "flag.review",
        flag_id,
        lambda: call.services.review_flag(
            user_id, flag_id, decision=decision, note=note, reviewer=call.user.id
        ),
        lambda flag: _review(flag.review),
    )


async def review_report(
    call: AnyCall, user_id: str, report_id: str, decision: Decision, note: str
) -> ReportRecord:
    """Decide on a report."""
    return await _audited(
        call,
        "report.review",
        report_id,
        lambda: call.services.review_report(
            user_id, report_id, decision=decision, note=note, reviewer=call.user.id
        ),
        lambda report: _review(report.review),
    )


async def replay_event(call: AnyCall, event_id: str, user_id: str | None = None) -> InboxMessage:
    """Apply a message from a store again, as that person's if one is named."""
    before = await call.services.get_store_event(event_id)
    return await _audited(
        call,
        "event.assign" if user_id else "event.replay",
        before.id,
        lambda: call.services.replay_store_event(event_id, user_id=user_id),
        _event,
        before=_event(before),
    )


async def run_job(call: AnyCall, name: str) -> JobRun:
    """Run a job now; raises ``NotFound``, and ``Conflict`` while it is running."""
    if name not in call.services.run_job.jobs:
        raise NotFound("There is no such job.")

    async def run() -> JobRun:
        done = await call.services.run_job(name, by_hand=True)
        if done is None:
            raise Conflict("The job is running now.")
        return done

    latest = await call.services.job_runs.list(job=name, limit=1)
    before = _run(latest[0]) if latest else {}
    return await _audited(call, "job.run", name, run, _run, before=before)


async def _audited(
    call: AnyCall,
    action: str,
    subject: str,
    work: Callable[[], Awaitable[T]],
    facts: Callable[[T], Facts],
    *,
    before: Facts | None = None,
) -> T:
    command = AuditActionCommand(
        actor_id=call.user.id,
        action=action,
        subject=subject,
        channel="api" if call.request.path.startswith("/v1/") else "console",
        request_id=call.request.id,
        before=before,
    )
    result: T = await call.services.audit_action(command, work, facts)
    return result


def _user(user: User) -> Facts:
    return {
        "tier": user.tier,
        "age_band": user.age_band,
        "suspended_at": user.suspended_at.isoformat() if user.suspended_at else None,
        "suspended_reason": user.suspended_reason,
    }


async def _published(call: AnyCall, character_id: str) -> Facts:
    try:
        return _character(await call.services.get_character(character_id))
    except NotFound:
        return {}


def _character(character: Character) -> Facts:
    card = msgspec.json.encode(character.card, order="deterministic")
    return {
        "id": character.id,
        "version": character.version,
        "name": character.name,
        "card_sha256": hashlib.sha256(card).hexdigest(),
    }


def _review(review: Review | None) -> Facts:
    return {"decision": review.decision, "note": review.note} if review else {}


def _event(message: InboxMessage) -> Facts:
    return {
        "state": message.state,
        "attempts": message.attempts,
        "reason": message.reason,
        "user_id": message.user_id,
    }


def _run(run: JobRun) -> Facts:
    return {"run": run.id, "outcome": run.outcome, "error": run.error}
