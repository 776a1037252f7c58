"""The stores that are configured, by what they can do."""

from collections.abc import Mapping

from attrs import Factory, frozen

from application.ports.payment_gateway import PaymentGateway
from application.ports.store_errands import StoreErrands
from application.ports.store_events import StoreEvents
from application.ports.store_records import StoreRecords
from application.ports.store_verifier import StoreVerifier
from domain.errors import InvalidRequest, NotFound
from domain.market.products import Provider


@frozen
class Stores:
    """Each role by provider; a provider that is not configured has none."""

    gateways: Mapping[Provider, PaymentGateway] = Factory(dict)
    verifiers: Mapping[Provider, StoreVerifier] = Factory(dict)
    events: Mapping[Provider, StoreEvents] = Factory(dict)
    records: Mapping[Provider, StoreRecords] = Factory(dict)
    errands: Mapping[Provider, StoreErrands] = Factory(dict)

    def gateway(self, provider: Provider) -> PaymentGateway:
        """The store that takes orders; raises ``InvalidRequest`` when it is not configured."""
        try:
            return self.gateways[provider]
        except KeyError:
            raise self.unknown(provider) from None

    def verifier(self, provider: Provider) -> StoreVerifier | None:
        """The store that sells in the app; None for one that takes orders."""
        return self.verifiers.get(provider)

    def sender(self, provider: Provider) -> StoreEvents:
        """The store that sends messages; raises ``NotFound`` when it is not configured."""
        try:
            return self.events[provider]
        except KeyError:
            message = "This store is not configured."
            raise NotFound(message) from None

    def unknown(self, provider: Provider) -> InvalidRequest:
        """The refusal of a store that is not configured."""
        known = ", ".join(sorted({*self.gateways, *self.verifiers})) or "none"
        message = f"The store {provider} is not configured here; configured: {known}."
        return InvalidRequest(message, param="provider")
