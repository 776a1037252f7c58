"""Wires every use case to the roles that it needs."""

from datetime import timedelta

from dependency_injector import containers, providers

from application.accounts.authenticate import Authenticate
from application.accounts.callers import RecentCallers
from application.accounts.erase_account import EraseAccount
from application.accounts.export_account import ExportAccount
from application.accounts.find_users import FindUsers
from application.accounts.issue_token import IssueToken
from application.accounts.log_out import LogOut
from application.accounts.manage_user import ManageUser
from application.accounts.update_profile import UpdateProfile
from application.characters.get_character import GetCharacter
from application.characters.list_characters import ListCharacters
from application.characters.publish_characters import PublishCharacters
from application.chat.create_session import CreateSession
from application.chat.delete_session import DeleteSession
from application.chat.follow_turn import FollowTurn
from application.chat.get_session import GetSession
from application.chat.get_turn import GetTurn
from application.chat.list_messages import ListMessages
from application.chat.list_sessions import ListSessions
from application.chat.regenerate_reply import RegenerateReply
from application.chat.rename_session import RenameSession
from application.chat.report_message import ReportMessage
from application.chat.send_message import SendMessage
from application.chat.stop_turn import StopTurn
from application.chat.stream_slots import StreamSlots
from application.chat.turn_follower import TurnFollower
from application.chat.turn_opener import TurnOpener
from application.chat.turn_order import TurnLimits
from application.chat.turn_runner import TurnRunner
from application.chat.turn_settlement import TurnSettlement
from application.chat.turn_work import TurnWork
from application.keyed_locks import KeyedLocks
from application.memory.add_memory import AddMemory
from application.memory.correct_memory import CorrectMemory
from application.memory.embed_memories import EmbedMemories
from application.memory.forget_memories import ForgetMemories
from application.memory.list_memories import ListMemories
from application.operations.check_invariants import CheckInvariants
from application.operations.check_readiness import CheckReadiness
from application.operations.limit_request import LimitRequest
from application.operations.purge_keys import PurgeKeys
from application.operations.run_job import Job, RunJob
from application.ports.rate_limiter import RateLimit
from application.safety.get_counters import GetCounters
from application.safety.list_flags import ListFlags
from application.safety.list_reports import ListReports
from application.safety.review_flag import ReviewFlag
from application.safety.review_report import ReviewReport
from application.safety.safety_records import SafetyRecords
from application.wallet.get_balance import GetBalance
from application.wallet.get_pricing import GetPricing
from application.wallet.grant_credits import GrantCredits
from application.wallet.list_transactions import ListTransactions
from application.wallet.publish_prices import PublishPrices
from application.wallet.refresh_daily_credits import RefreshDailyCredits
from application.wallet.sweep_holds import SweepHolds
from application.wallet.wallet_changes import WalletChanges
from entrypoints.config import Settings
from entrypoints.container.adapters import Adapters
from entrypoints.safety.policy import load_policy

_PER_ADDRESS = RateLimit(amount=6_000, seconds=60)
"""Of unlike callers: a mobile network may show thousands of people under one address."""


def _turn_limits(settings: Settings) -> TurnLimits:
    return TurnLimits(
        hold_time=timedelta(seconds=settings.hold_seconds),
        streams_per_user=settings.max_streams_per_user,
    )


def _jobs(
    sweep_holds: SweepHolds,
    refresh_daily_credits: RefreshDailyCredits,
    embed_memories: EmbedMemories,
    purge_keys: PurgeKeys,
) -> dict[str, Job]:
    jobs = [
        Job(
            "sweep-holds",
            "Release the holds of turns whose process died",
            timedelta(seconds=15),
            sweep_holds,
        ),
        Job(
            "refresh-daily-credits",
            "Give everybody the day's credits",
            timedelta(hours=1),
            refresh_daily_credits,
        ),
        Job(
            "embed-memories",
            "Make up for vectors that could not be made at once",
            timedelta(minutes=1),
            embed_memories,
        ),
        Job(
            "purge-keys",
            "Delete idempotency keys after 24 hours",
            timedelta(hours=1),
            purge_keys,
        ),
    ]
    return {job.name: job for job in jobs}


class UseCases(containers.DeclarativeContainer):
    """Each provider is a singleton under the use case's name."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    adapters: providers.Dependency[Adapters] = providers.Dependency(instance_of=Adapters)
    _a = adapters.provided

    locks = providers.Singleton(KeyedLocks)
    limits = providers.Singleton(_turn_limits, settings)
    wallet_changes = providers.Singleton(WalletChanges, _a.wallets, locks)

    # operations
    limit_request = providers.Singleton(
        LimitRequest,
        _a.limiter,
        _a.prices,
        per_user=settings.provided.rate_limit_per_user,
        per_address=providers.Callable(
            lambda settings: settings.rate_limit_per_address or _PER_ADDRESS, settings
        ),
    )
    check_readiness = providers.Singleton(CheckReadiness, _a.probes)
    check_invariants = providers.Singleton(CheckInvariants, _a.wallets)
    purge_keys = providers.Singleton(PurgeKeys, _a.idempotency, _a.clock)

    # safety
    safety_policy = providers.Singleton(load_policy)
    safety_records = providers.Singleton(SafetyRecords, _a.safety_log, _a.clock, _a.ids)
    list_flags = providers.Singleton(ListFlags, _a.safety_log)
    review_flag = providers.Singleton(ReviewFlag, _a.safety_log, _a.clock)
    list_reports = providers.Singleton(ListReports, _a.safety_log)
    review_report = providers.Singleton(ReviewReport, _a.safety_log, _a.clock)
    get_counters = providers.Singleton(GetCounters, _a.safety_log, _a.clock)

    # the turns of chat
    slots = providers.Singleton(StreamSlots, _a.limiter, limits.provided.streams_per_user)
    runner = providers.Singleton(TurnRunner, _a.stream, slots)
    settlement = providers.Singleton(TurnSettlement, _a.turns, _a.wallets, locks, _a.clock, _a.ids)
    work = providers.Singleton(
        TurnWork,
        model=_a.model,
        embedder=_a.embedder,
        memories=_a.memories,
        settlement=settlement,
        slots=slots,
        limits=limits,
    )
    opener = providers.Singleton(
        TurnOpener,
        turns=_a.turns,
        prices=_a.prices,
        slots=slots,
        runner=runner,
        work=work,
        locks=locks,
        clock=_a.clock,
        ids=_a.ids,
        limits=limits,
        models=_a.models,
    )
    follower = providers.Singleton(
        TurnFollower,
        runner=runner,
        stream=_a.stream,
        turns=_a.turns,
        memories=_a.memories,
        wallets=_a.wallets,
    )
    send_message = providers.Singleton(SendMessage, opener, follower, _a.clock, _a.ids)
    regenerate_reply = providers.Singleton(RegenerateReply, opener, follower)
    follow_turn = providers.Singleton(FollowTurn, follower)
    stop_turn = providers.Singleton(StopTurn, _a.turns, runner, _a.stream, follower)
    get_turn = providers.Singleton(GetTurn, _a.turns)

    # the sessions of chat
    create_session = providers.Singleton(
        CreateSession, _a.characters, _a.sessions, _a.clock, _a.ids
    )
    list_sessions = providers.Singleton(ListSessions, _a.sessions)
    get_session = providers.Singleton(GetSession, _a.sessions)
    rename_session = providers.Singleton(RenameSession, _a.sessions, _a.clock)
    delete_session = providers.Singleton(DeleteSession, _a.sessions, _a.stream)
    list_messages = providers.Singleton(ListMessages, _a.sessions)
    report_message = providers.Singleton(
        ReportMessage, _a.sessions, safety_records, _a.clock, _a.ids
    )

    # accounts
    recent_callers = providers.Singleton(RecentCallers)
    authenticate = providers.Singleton(
        Authenticate, _a.identities, _a.accounts, recent_callers, _a.limiter, _a.clock, _a.ids
    )
    log_out = providers.Singleton(LogOut, _a.identities, recent_callers)
    update_profile = providers.Singleton(UpdateProfile, _a.accounts, recent_callers, _a.clock)
    export_account = providers.Singleton(ExportAccount, _a.accounts)
    erase_account = providers.Singleton(
        EraseAccount,
        accounts=_a.accounts,
        identities=_a.identities,
        recent=recent_callers,
        runner=runner,
        stream=_a.stream,
        limiter=_a.limiter,
        clock=_a.clock,
    )
    issue_token = providers.Singleton(IssueToken, _a.issuer)
    find_users = providers.Singleton(FindUsers, _a.accounts)
    manage_user = providers.Singleton(ManageUser, _a.accounts, recent_callers, _a.clock)

    # characters
    list_characters = providers.Singleton(ListCharacters, _a.characters)
    get_character = providers.Singleton(GetCharacter, _a.characters)
    publish_characters = providers.Singleton(PublishCharacters, _a.characters)

    # memory
    list_memories = providers.Singleton(ListMemories, _a.memories)
    add_memory = providers.Singleton(
        AddMemory, _a.memories, _a.characters, _a.embedder, _a.clock, _a.ids
    )
    correct_memory = providers.Singleton(CorrectMemory, _a.memories, _a.embedder)
    forget_memories = providers.Singleton(ForgetMemories, _a.memories)
    embed_memories = providers.Singleton(EmbedMemories, _a.memories, _a.embedder)

    # wallet
    get_balance = providers.Singleton(GetBalance, wallet_changes, _a.prices, _a.clock)
    list_transactions = providers.Singleton(ListTransactions, _a.wallets)
    get_pricing = providers.Singleton(GetPricing, _a.prices)
    publish_prices = providers.Singleton(PublishPrices, _a.prices)
    grant_credits = providers.Singleton(GrantCredits, _a.accounts, wallet_changes, _a.clock, _a.ids)
    sweep_holds = providers.Singleton(SweepHolds, _a.wallets, wallet_changes, _a.clock)
    refresh_daily_credits = providers.Singleton(
        RefreshDailyCredits, _a.wallets, wallet_changes, _a.prices, _a.clock
    )

    # jobs
    jobs = providers.Singleton(
        _jobs, sweep_holds, refresh_daily_credits, embed_memories, purge_keys
    )
    run_job = providers.Singleton(RunJob, jobs, _a.job_runs, _a.clock, _a.ids)
