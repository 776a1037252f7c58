"""What the routes need from the rest of the product; the composition root fills it."""

from attrs import Factory, frozen
from prometheus_client import CollectorRegistry

from application.accounts.authenticate import Authenticate
from application.accounts.erase_account import EraseAccount
from application.accounts.export_account import ExportAccount
from application.accounts.find_users import FindUsers
from application.accounts.issue_token import IssueToken
from application.accounts.log_out import LogOut
from application.accounts.manage_user import ManageUser
from application.accounts.update_profile import UpdateProfile
from application.characters.export_character import ExportCharacter
from application.characters.get_character import GetCharacter
from application.characters.get_picture import GetPicture
from application.characters.import_character import ImportCharacter
from application.characters.import_lorebook import ImportLorebook
from application.characters.list_characters import ListCharacters
from application.characters.list_versions import ListVersions
from application.characters.replace_card import ReplaceCard
from application.chat.create_session import CreateSession
from application.chat.delete_message import DeleteMessage
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
from application.chat.show_prompt import ShowPrompt
from application.chat.stop_turn import StopTurn
from application.chat.turn_runner import TurnRunner
from application.market.cancel_subscription import CancelSubscription
from application.market.get_catalogue import GetCatalogue
from application.market.get_holder import GetHolder
from application.market.get_purchase import GetPurchase
from application.market.get_store_event import GetStoreEvent
from application.market.get_subscription import GetSubscription
from application.market.list_errands import ListErrands
from application.market.list_purchases import ListPurchases
from application.market.list_simulations import ListSimulations
from application.market.list_store_events import ListStoreEvents
from application.market.open_portal import OpenPortal
from application.market.place_order import PlaceOrder
from application.market.receive_store_event import ReceiveStoreEvent
from application.market.replay_store_event import ReplayStoreEvent
from application.market.simulate_store import SimulateStore
from application.memory.add_memory import AddMemory
from application.memory.correct_memory import CorrectMemory
from application.memory.forget_memories import ForgetMemories
from application.memory.list_memories import ListMemories
from application.operations.audit_action import AuditAction
from application.operations.check_invariants import CheckInvariants
from application.operations.check_readiness import CheckReadiness
from application.operations.get_analytics import GetAnalytics
from application.operations.limit_request import LimitRequest
from application.operations.list_audit import ListAudit
from application.operations.run_job import RunJob
from application.ports.clock import Clock
from application.ports.idempotency_store import IdempotencyStore
from application.ports.job_runs import JobRuns
from application.safety.detect_crisis import DetectCrisis
from application.safety.find_due_notices import FindDueNotices
from application.safety.get_counters import GetCounters
from application.safety.list_flags import ListFlags
from application.safety.list_reports import ListReports
from application.safety.review_flag import ReviewFlag
from application.safety.review_report import ReviewReport
from application.wallet.get_balance import GetBalance
from application.wallet.get_pricing import GetPricing
from application.wallet.grant_credits import GrantCredits
from application.wallet.list_transactions import ListTransactions
from entrypoints.card_files.workbench import Workbench


@frozen(kw_only=True)
class Services:
    """Every use case that a route calls, and the few parts that HTTP itself stands on."""

    authenticate: Authenticate
    limit_request: LimitRequest

    send_message: SendMessage
    regenerate_reply: RegenerateReply
    follow_turn: FollowTurn
    get_turn: GetTurn
    stop_turn: StopTurn
    create_session: CreateSession
    list_sessions: ListSessions
    get_session: GetSession
    rename_session: RenameSession
    delete_session: DeleteSession
    delete_message: DeleteMessage
    list_messages: ListMessages
    report_message: ReportMessage

    list_memories: ListMemories
    add_memory: AddMemory
    correct_memory: CorrectMemory
    forget_memories: ForgetMemories

    list_characters: ListCharacters
    get_character: GetCharacter
    get_picture: GetPicture
    list_versions: ListVersions
    import_character: ImportCharacter
    import_lorebook: ImportLorebook
    replace_card: ReplaceCard
    export_character: ExportCharacter
    workbench: Workbench

    get_balance: GetBalance
    list_transactions: ListTransactions
    get_pricing: GetPricing
    grant_credits: GrantCredits

    get_catalogue: GetCatalogue
    place_order: PlaceOrder
    list_purchases: ListPurchases
    get_purchase: GetPurchase
    get_subscription: GetSubscription
    get_holder: GetHolder
    cancel_subscription: CancelSubscription
    open_portal: OpenPortal
    simulate_store: SimulateStore
    list_simulations: ListSimulations
    receive_store_event: ReceiveStoreEvent
    list_store_events: ListStoreEvents
    get_store_event: GetStoreEvent
    replay_store_event: ReplayStoreEvent
    list_errands: ListErrands

    issue_token: IssueToken
    log_out: LogOut
    update_profile: UpdateProfile
    export_account: ExportAccount
    erase_account: EraseAccount
    find_users: FindUsers
    manage_user: ManageUser

    detect_crisis: DetectCrisis
    find_due_notices: FindDueNotices
    show_prompt: ShowPrompt
    list_flags: ListFlags
    review_flag: ReviewFlag
    list_reports: ListReports
    review_report: ReviewReport
    get_counters: GetCounters

    get_analytics: GetAnalytics
    check_readiness: CheckReadiness
    check_invariants: CheckInvariants
    audit_action: AuditAction
    list_audit: ListAudit
    run_job: RunJob
    job_runs: JobRuns

    idempotency: IdempotencyStore
    clock: Clock
    runner: TurnRunner
    registry: CollectorRegistry = Factory(CollectorRegistry)
    """What ``/metrics`` shows; others may have registered theirs before."""


@frozen(kw_only=True)
class HttpSettings:
    """The plain values that the HTTP border depends on; times are in seconds."""

    is_development: bool = False
    """Whether ``/`` is there: a page to chat on, and for programs where to go from it."""
    has_sandbox: bool = False
    """Whether there is a store at which nobody pays, and its page."""
    has_local_issuer: bool = False
    """Whether there is a route that hands out tokens."""
    trusted_proxy_hops: int = 0
    """How many proxies in front of us write ``X-Forwarded-For``; 0: the header is ignored."""
    cors_origins: tuple[str, ...] = ()
    max_body_bytes: int = 256 * 1024
    body_seconds: float = 10.0
    ping_seconds: float = 15.0
    """After how much silence a stream says that it is still there."""
    version: str = "0.1.0"
