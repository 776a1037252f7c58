"""The use cases of the market."""

from datetime import timedelta

from dependency_injector import providers

from application.accounts.callers import RecentCallers
from application.background import Background
from application.market.apply_store_events import ApplyStoreEvents
from application.market.cancel_subscription import CancelSubscription
from application.market.errand_work import ErrandWork
from application.market.event_work import EventWork
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
from application.market.perform_errands import PerformErrands
from application.market.place_order import PlaceOrder
from application.market.publish_products import PublishProducts
from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import PurchaseOwners
from application.market.purge_store_events import PurgeStoreEvents
from application.market.receive_store_event import ReceiveStoreEvent
from application.market.reconcile_purchases import ReconcilePurchases
from application.market.renew_subscriptions import RenewSubscriptions
from application.market.replay_store_event import ReplayStoreEvent
from application.market.simulate_store import SimulateStore
from entrypoints.config import Settings
from entrypoints.container.chat_cases import ChatCases
from entrypoints.container.jobs import make_market_jobs


def _message_retention(settings: Settings) -> timedelta:
    return timedelta(days=settings.store_message_retention_days)


class MarketCases(ChatCases):
    """Orders, what the stores say, and what we owe them."""

    roles = ChatCases.roles
    settings = ChatCases.settings
    locks = ChatCases.locks

    recent_callers = providers.Singleton(RecentCallers)
    background = providers.Singleton(Background)
    purchase_owners = providers.Singleton(PurchaseOwners, roles.purchases, roles.clock, roles.ids)
    purchase_changes = providers.Singleton(
        PurchaseChanges,
        roles.purchases,
        purchase_owners,
        roles.products,
        recent_callers,
        locks,
        roles.clock,
    )
    errand_work = providers.Singleton(
        ErrandWork, roles.stores, roles.errand_queue, roles.purchases, background, roles.clock
    )
    event_work = providers.Singleton(
        EventWork, roles.stores, roles.inbox, purchase_changes, errand_work, roles.clock
    )

    get_catalogue = providers.Singleton(GetCatalogue, roles.products)
    publish_products = providers.Singleton(PublishProducts, roles.products)
    place_order = providers.Singleton(
        PlaceOrder,
        roles.stores,
        roles.purchases,
        roles.products,
        purchase_changes,
        errand_work,
        roles.clock,
        roles.ids,
    )
    list_purchases = providers.Singleton(ListPurchases, roles.purchases)
    get_purchase = providers.Singleton(GetPurchase, roles.purchases)
    get_subscription = providers.Singleton(GetSubscription, roles.purchases)
    get_holder = providers.Singleton(GetHolder, roles.purchases)
    cancel_subscription = providers.Singleton(
        CancelSubscription, roles.stores, roles.purchases, purchase_changes
    )
    open_portal = providers.Singleton(OpenPortal, roles.stores, roles.purchases)

    simulate_store = providers.Singleton(
        SimulateStore,
        roles.stores,
        roles.purchases,
        roles.products,
        purchase_changes,
        roles.clock,
    )
    list_simulations = providers.Singleton(
        ListSimulations, roles.stores, roles.purchases, roles.products, roles.clock
    )

    receive_store_event = providers.Singleton(
        ReceiveStoreEvent, roles.stores, roles.inbox, event_work, background, roles.clock
    )
    apply_store_events = providers.Singleton(ApplyStoreEvents, roles.inbox, event_work, roles.clock)
    perform_errands = providers.Singleton(PerformErrands, errand_work)
    renew_subscriptions = providers.Singleton(
        RenewSubscriptions, roles.stores, roles.purchases, purchase_changes, roles.clock
    )
    reconcile_purchases = providers.Singleton(
        ReconcilePurchases, roles.stores, roles.purchases, purchase_changes, roles.clock
    )
    purge_store_events = providers.Singleton(
        PurgeStoreEvents,
        roles.inbox,
        roles.clock,
        kept=providers.Callable(_message_retention, settings),
    )

    list_store_events = providers.Singleton(ListStoreEvents, roles.inbox)
    get_store_event = providers.Singleton(GetStoreEvent, roles.inbox)
    replay_store_event = providers.Singleton(
        ReplayStoreEvent, roles.inbox, event_work, roles.accounts, roles.clock
    )
    list_errands = providers.Singleton(ListErrands, roles.errand_queue)
    market_jobs = providers.Singleton(
        make_market_jobs,
        apply_store_events,
        perform_errands,
        renew_subscriptions,
        reconcile_purchases,
        purge_store_events,
    )
