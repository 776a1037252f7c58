"""What Stripe has on record, for comparing it with ours."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from attrs import evolve

from adapters.stripe.api import Refused, StripeApi, segment
from adapters.stripe.changes import Changes
from adapters.stripe.charges import Charges
from adapters.stripe.checkout import session_outcome, session_report
from adapters.stripe.corrections import corrected
from adapters.stripe.owners import Owners
from adapters.stripe.payments import intent_outcome, intent_report
from adapters.stripe.reporting import Catalogues
from adapters.stripe.shapes import ODD, id_of, read_marks
from adapters.stripe.subscription_records import SubscriptionRecords
from domain.errors import Unavailable
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report

_log = logging.getLogger(__name__)


class StripeRecords:
    """Tells what events would have told, with the times that the records themselves have.

    ``grace`` is how long a subscription stays open while its renewal cannot be had.
    """

    def __init__(
        self, api: StripeApi, catalogue: Catalogues, *, grace: timedelta = timedelta(days=7)
    ) -> None:
        self._api = api
        self._catalogue = catalogue
        self._grace = grace
        self._charges = Charges(api, Owners(api))
        self._changes = Changes(api, self._charges, grace)
        self._subscriptions = SubscriptionRecords(api, self._charges, grace)

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
        try:
            report = await self._look_up(purchase, now, await self._catalogue())
        except Refused:
            raise Unavailable("The payment provider does not tell.") from None
        except ODD:
            _log.exception("A record of Stripe's cannot be read.")
            raise Unavailable("The payment provider's answer cannot be read.") from None
        except Parked as parked:
            # Its event is parked for a person as well.
            _log.warning("A record of Stripe's is left out: %s", parked.reason)
            return None
        if report is None:
            return None
        return evolve(report, facts=corrected(purchase.facts, report.facts, now))

    async def _look_up(
        self, purchase: Purchase, now: datetime, catalogue: Catalogue
    ) -> Report | None:
        reference = purchase.reference or ""
        if reference.startswith("cs_"):
            session = await self._api.find(f"checkout/sessions/{segment(reference)}")
            if session is None:
                return None
            bought = id_of(session.get("payment_intent")) or id_of(session.get("subscription"))
            if not bought:
                return session_report(session, session_outcome(session), now, catalogue)
            reference = bought
        if reference.startswith("sub_"):
            return await self._subscriptions.look_up(reference, purchase, now, catalogue)
        if reference.startswith("pi_"):
            return await self._intent(reference, purchase, now, catalogue)
        return None

    async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        catalogue = await self._catalogue()
        async for told in self._changes.list_all(since, until):
            try:
                report = await told(catalogue)
            except (Refused, *ODD) as error:
                _log.warning("A record of Stripe's cannot be read: %s", type(error).__name__)
            except Parked as parked:
                # What needs a person must not keep the rest from being compared.
                _log.warning("A record of Stripe's is left out: %s", parked.reason)
            else:
                if report is not None:
                    yield report

    async def _intent(
        self, intent_id: str, purchase: Purchase, now: datetime, catalogue: Catalogue
    ) -> Report | None:
        intent = await self._api.find(
            f"payment_intents/{segment(intent_id)}", expand=["latest_charge"]
        )
        if intent is None:
            return None
        marks = read_marks(intent.get("metadata"))
        report = intent_report(intent, marks, intent_outcome(intent), now, catalogue)
        charge = intent.get("latest_charge")
        if not isinstance(charge, dict):
            return report
        facts = await self._charges.later_facts(charge, intent_id, purchase.facts, now)
        return evolve(report, facts=(*report.facts, *facts))
