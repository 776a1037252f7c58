"""What all use cases stand on."""

from datetime import timedelta

from dependency_injector import containers, providers

from application.chat.turn_order import TurnLimits
from application.keyed_locks import KeyedLocks
from application.wallet.wallet_changes import WalletChanges
from entrypoints.config import Settings
from entrypoints.container.adapters import Adapters


def _turn_limits(settings: Settings) -> TurnLimits:
    return TurnLimits(
        hold_time=timedelta(seconds=settings.hold_seconds),
        streams_per_user=settings.max_streams_per_user,
    )


class Foundation(containers.DeclarativeContainer):
    """Settings, adapters, and the few helpers that several subjects share.

    The containers of the subjects build on each other, each on the one whose parts it needs; each
    provider is a singleton under the name of what it makes.
    """

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    adapters: providers.Dependency[Adapters] = providers.Dependency(instance_of=Adapters)
    roles = adapters.provided

    locks = providers.Singleton(KeyedLocks)
    limits = providers.Singleton(_turn_limits, settings)
    wallet_changes = providers.Singleton(WalletChanges, roles.wallets, locks)
