"""What can be tried at the sandbox."""

from typing import Annotated

from msgspec import Meta, Struct

from application.market.list_simulations import Simulation
from domain.market.simulation import Action
from entrypoints.http.schemas.market import Purchase


class SimulatedAction(Struct, frozen=True):
    """Something that a real store would do, or somebody who uses it."""

    action: Annotated[
        Action,
        Meta(
            description="`succeed` and `fail` a payment that is waited for; `refund` and "
            "`reverse_refund`; `open_dispute`, `win_dispute` and `lose_dispute`. For "
            "subscriptions: `renew` now, `fail_renewal` (a week of grace), `hold`, `recover`, "
            "`pause`, `cancel`, `resume`, `lapse`."
        ),
    ]
    percent: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=100,
                description="How much more of the latest payment a refund or a dispute takes "
                "back; all that is left of it, when absent.",
            ),
        ]
        | None
    ) = None


class SandboxPurchase(Struct, frozen=True):
    """A purchase, and what can happen to it now: nothing, if a real store sold it."""

    purchase: Purchase
    actions: list[Action]

    @classmethod
    def of(cls, simulation: Simulation) -> "SandboxPurchase":
        """The same as JSON shows it."""
        return cls(Purchase.of(simulation.purchase), list(simulation.actions))


class SandboxPurchasePage(Struct, frozen=True):
    """Some purchases, newest first."""

    data: list[SandboxPurchase]
    next_cursor: str | None
