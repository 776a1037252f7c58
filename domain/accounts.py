"""Who a person is to us: the verified identity, the account, its tier and age band."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from attrs import Factory, evolve, frozen


class Tier(StrEnum):
    """What a subscription opens, lowest first."""

    FREE = "free"
    PLUS = "plus"
    PREMIUM = "premium"

    @property
    def rank(self) -> int:
        """Position in the order of tiers, 0 for the lowest."""
        return list(Tier).index(self)

    def opens(self, required: "Tier") -> bool:
        """Whether an account of this tier may use what asks for ``required``."""
        return self.rank >= required.rank


class AgeBand(StrEnum):
    """How old a person is known to be; unknown counts as a minor for content rules."""

    UNKNOWN = "unknown"
    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_15"
    FROM_16_TO_17 = "16_17"
    ADULT = "adult"

    def is_younger_than(self, known: "AgeBand") -> bool:
        """Whether this says less than ``known``; an unknown age counts as an adult's here.

        So a declaration can lower what is known, and never raise it.
        """
        order = list(AgeBand)[1:]
        ceiling = AgeBand.ADULT if known is AgeBand.UNKNOWN else known
        return self is not AgeBand.UNKNOWN and order.index(self) < order.index(ceiling)


class AgeSource(StrEnum):
    """Whose word an age band is."""

    IDENTITY = "identity"
    """The identity provider's."""
    STORE = "store"
    """The signal of an app store."""
    ADMINISTRATOR = "administrator"
    DECLARED = "declared"
    """The person's own."""


@frozen
class Identity:
    """What a verified ID token says. ``subject`` is the provider's user id, 1 to 128 characters."""

    subject: str
    issued_at: datetime
    """When the person signed in (``auth_time``): what revocation is compared with."""
    expires_at: datetime
    is_admin: bool = False
    email: str | None = None
    name: str | None = None
    age_band: AgeBand = AgeBand.UNKNOWN


@frozen
class User:
    """An account. ``id`` is ours and opaque; ``subject`` is the provider's, None once erased."""

    id: str
    subject: str | None
    tier: Tier
    created_at: datetime
    display_name: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case, as the person set it."""
    age_band: AgeBand = AgeBand.UNKNOWN
    age_band_source: AgeSource | None = None
    age_band_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_reason: str | None = None
    erased_at: datetime | None = None
    noticed_at: Mapping[str, datetime] = Factory(dict)
    """When each kind of notice was last given. Turns write it, by ``AccountStore.note``."""

    @property
    def is_suspended(self) -> bool:
        """Whether an administrator has closed the account for now."""
        return self.suspended_at is not None

    def with_age_band(self, band: AgeBand, source: AgeSource, now: datetime) -> "User":
        """The account after ``source`` has said how old the person is.

        An administrator's word counts, whatever it is. Of the others unknown says nothing; each
        may lower what is known, though only the person themselves what an administrator set; and
        the identity provider and a store may correct what they said before.
        """
        if source is not AgeSource.ADMINISTRATOR and not self._believes(band, source):
            return self
        return evolve(self, age_band=band, age_band_source=source, age_band_at=now)

    def _believes(self, band: AgeBand, source: AgeSource) -> bool:
        """Whether a word other than an administrator's changes anything."""
        is_lower = band.is_younger_than(self.age_band)
        known = self.age_band_source
        if band is AgeBand.UNKNOWN or source is AgeSource.DECLARED:
            return is_lower
        if self.age_band is AgeBand.UNKNOWN:
            return True
        if known is AgeSource.ADMINISTRATOR:
            return False
        # Whoever confirms a declaration may correct it later.
        confirms = known is AgeSource.DECLARED and band is self.age_band
        return is_lower or confirms or (known is source and band is not self.age_band)
