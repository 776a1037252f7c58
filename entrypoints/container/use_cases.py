"""Wires every use case to the roles that it needs."""

from dependency_injector import providers

from application.accounts.authenticate import Authenticate
from application.accounts.erase_account import EraseAccount
from application.accounts.export_account import ExportAccount
from application.accounts.find_users import FindUsers
from application.accounts.issue_token import IssueToken
from application.accounts.log_out import LogOut
from application.accounts.manage_user import ManageUser
from application.accounts.record_age_signal import RecordAgeSignal
from application.accounts.update_profile import UpdateProfile
from application.characters.export_character import ExportCharacter
from application.characters.get_character import GetCharacter
from application.characters.get_picture import GetPicture
from application.characters.import_character import ImportCharacter
from application.characters.import_lorebook import ImportLorebook
from application.characters.list_characters import ListCharacters
from application.characters.list_versions import ListVersions
from application.characters.publish_characters import PublishCharacters
from application.characters.replace_card import ReplaceCard
from application.operations.audit_action import AuditAction
from application.operations.check_invariants import CheckInvariants
from application.operations.check_readiness import CheckReadiness
from application.operations.limit_request import LimitRequest
from application.operations.list_audit import ListAudit
from application.operations.purge_keys import PurgeKeys
from application.operations.run_job import RunJob
from application.ports.rate_limiter import RateLimit
from application.wallet.get_balance import GetBalance
from application.wallet.get_pricing import GetPricing
from application.wallet.grant_credits import GrantCredits
from application.wallet.list_transactions import ListTransactions
from application.wallet.publish_prices import PublishPrices
from application.wallet.refresh_daily_credits import RefreshDailyCredits
from application.wallet.sweep_holds import SweepHolds
from entrypoints.card_files.workbench import Workbench
from entrypoints.container.jobs import by_name, make_jobs
from entrypoints.container.operations_cases import OperationsCases

_PER_ADDRESS = RateLimit(amount=6_000, seconds=60)
"""Of unlike callers: a mobile network may show thousands of people under one address."""


class UseCases(OperationsCases):
    """All subjects together."""

    roles = OperationsCases.roles
    embed_memories = OperationsCases.embed_memories
    learn_memories = OperationsCases.learn_memories
    recent_callers = OperationsCases.recent_callers
    runner = OperationsCases.runner
    settings = OperationsCases.settings
    wallet_changes = OperationsCases.wallet_changes

    # operations
    limit_request = providers.Singleton(
        LimitRequest,
        roles.limiter,
        roles.prices,
        per_user=settings.provided.rate_limit_per_user,
        per_address=providers.Callable(
            lambda settings: settings.rate_limit_per_address or _PER_ADDRESS, settings
        ),
    )
    check_readiness = providers.Singleton(CheckReadiness, roles.probes)
    check_invariants = providers.Singleton(CheckInvariants, roles.wallets, roles.purchases)
    audit_action = providers.Singleton(AuditAction, roles.audit_log, roles.clock, roles.ids)
    list_audit = providers.Singleton(ListAudit, roles.audit_log)
    purge_keys = providers.Singleton(PurgeKeys, roles.idempotency, roles.clock)

    # accounts
    authenticate = providers.Singleton(
        Authenticate,
        roles.identities,
        roles.accounts,
        recent_callers,
        roles.limiter,
        roles.clock,
        roles.ids,
    )
    log_out = providers.Singleton(LogOut, roles.identities, recent_callers)
    update_profile = providers.Singleton(UpdateProfile, roles.accounts, recent_callers, roles.clock)
    export_account = providers.Singleton(ExportAccount, roles.accounts)
    erase_account = providers.Singleton(
        EraseAccount,
        accounts=roles.accounts,
        identities=roles.identities,
        recent=recent_callers,
        runner=runner,
        stream=roles.stream,
        limiter=roles.limiter,
        clock=roles.clock,
    )
    issue_token = providers.Singleton(IssueToken, roles.issuer)
    find_users = providers.Singleton(FindUsers, roles.accounts)
    manage_user = providers.Singleton(ManageUser, roles.accounts, recent_callers, roles.clock)
    record_age_signal = providers.Singleton(
        RecordAgeSignal, roles.accounts, recent_callers, roles.clock
    )

    # characters
    list_characters = providers.Singleton(ListCharacters, roles.characters)
    get_character = providers.Singleton(GetCharacter, roles.characters)
    publish_characters = providers.Singleton(PublishCharacters, roles.characters)
    get_picture = providers.Singleton(GetPicture, roles.characters)
    list_versions = providers.Singleton(ListVersions, roles.characters)
    import_character = providers.Singleton(ImportCharacter, roles.characters)
    import_lorebook = providers.Singleton(ImportLorebook, roles.characters)
    replace_card = providers.Singleton(ReplaceCard, roles.characters)
    export_character = providers.Singleton(ExportCharacter, roles.characters)
    workbench = providers.Singleton(Workbench)

    # wallet
    get_balance = providers.Singleton(GetBalance, wallet_changes, roles.prices, roles.clock)
    list_transactions = providers.Singleton(ListTransactions, roles.wallets)
    get_pricing = providers.Singleton(GetPricing, roles.prices)
    publish_prices = providers.Singleton(PublishPrices, roles.prices)
    grant_credits = providers.Singleton(
        GrantCredits, roles.accounts, wallet_changes, roles.clock, roles.ids
    )
    sweep_holds = providers.Singleton(SweepHolds, roles.wallets, wallet_changes, roles.clock)
    refresh_daily_credits = providers.Singleton(
        RefreshDailyCredits, roles.wallets, wallet_changes, roles.prices, roles.clock
    )

    # jobs
    core_jobs = providers.Singleton(
        make_jobs,
        sweep_holds,
        refresh_daily_credits,
        learn_memories,
        embed_memories,
        purge_keys,
    )
    jobs = providers.Singleton(
        by_name, core_jobs, OperationsCases.market_jobs, OperationsCases.operations_jobs
    )
    run_job = providers.Singleton(RunJob, jobs, roles.job_runs, roles.clock, roles.ids)
