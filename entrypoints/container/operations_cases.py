"""The use cases of days, invariants and clean-up."""

from datetime import timedelta

from dependency_injector import providers

from application.operations.aggregate_analytics import AggregateAnalytics
from application.operations.get_analytics import GetAnalytics
from application.operations.purge_runs import PurgeRuns
from application.operations.purge_sessions import PurgeSessions
from application.operations.recount_analytics import RecountAnalytics
from application.operations.watch_invariants import WatchInvariants
from domain.analytics_costs import ModelCosts
from entrypoints.config import Settings
from entrypoints.container.jobs import make_operations_jobs
from entrypoints.container.market_cases import MarketCases
from entrypoints.container.setting_files import file_of
from entrypoints.seed.costs import read_costs


def _model_costs(settings: Settings) -> ModelCosts:
    with file_of(
        "MODEL_COSTS_PATH", "what models cost, in the shape of entrypoints/seed/costs.json"
    ):
        return read_costs(settings.model_costs_path)


def _session_retention(settings: Settings) -> timedelta | None:
    days = settings.session_retention_days
    return timedelta(days=days) if days else None


class OperationsCases(MarketCases):
    """What is counted, looked at, and thrown away."""

    roles = MarketCases.roles
    settings = MarketCases.settings

    model_costs = providers.Singleton(_model_costs, settings)
    aggregate_analytics = providers.Singleton(AggregateAnalytics, roles.analytics, roles.products)
    recount_analytics = providers.Singleton(RecountAnalytics, roles.analytics)
    get_analytics = providers.Singleton(
        GetAnalytics, roles.analytics, roles.safety_log, model_costs, roles.clock
    )
    watch_invariants = providers.Singleton(
        WatchInvariants, roles.wallets, roles.purchases, roles.clock
    )
    purge_sessions = providers.Singleton(
        PurgeSessions,
        roles.sessions,
        roles.stream,
        roles.clock,
        kept=providers.Callable(_session_retention, settings),
    )
    purge_runs = providers.Singleton(PurgeRuns, roles.job_runs, roles.clock)
    operations_jobs = providers.Singleton(
        make_operations_jobs, aggregate_analytics, watch_invariants, purge_sessions, purge_runs
    )
