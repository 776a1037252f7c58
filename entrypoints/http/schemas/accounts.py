"""Accounts, as their owners and as administrators see them."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from application.accounts.manage_user import ManageUserCommand
from application.accounts.update_profile import MAX_NAME_CHARACTERS
from application.ports.purchase_store import Holder
from domain import accounts, notices
from domain.accounts import AgeBand, AgeSource, Tier
from domain.notices import NoticeKind
from entrypoints.http.query_input import MAX_TEXT, PageQuery

MAX_TOKEN_CHARACTERS = 8_192
MAX_REASON = 500
Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2.")]


class SignIn(Struct, frozen=True):
    """An ID token of the identity provider."""

    id_token: Annotated[str, Meta(min_length=1, max_length=MAX_TOKEN_CHARACTERS)]


class User(Struct, frozen=True):
    """An account, as its owner sees it."""

    id: str
    subject: Annotated[str | None, Meta(description="The identity provider's id.")]
    display_name: str | None
    country: str | None
    tier: Tier
    age_band: AgeBand
    created_at: datetime
    app_account_token: Annotated[
        str, Meta(description="The UUID by which Apple and Google are to name the account to us.")
    ]

    @classmethod
    def of(cls, user: accounts.User, holder: Holder) -> "User":
        """The account as JSON shows it."""
        return cls(
            id=user.id,
            subject=user.subject,
            display_name=user.display_name,
            country=user.country,
            tier=user.tier,
            age_band=user.age_band,
            created_at=user.created_at,
            app_account_token=holder.store_token,
        )


class Notice(Struct, frozen=True):
    """Something that the person must be told."""

    kind: NoticeKind
    text: str
    version: str

    @classmethod
    def of(cls, notice: notices.Notice) -> "Notice":
        """The notice as JSON shows it."""
        return cls(notice.kind, notice.text, notice.version)


class SignedIn(Struct, frozen=True):
    """The account that belongs to a token."""

    user: User
    created: Annotated[bool, Meta(description="Whether this was its first sight.")]
    notices: list[Notice]


class ProfileChange(Struct, frozen=True):
    """What to change of one's own; a field that is absent or null stays as it is."""

    display_name: (
        Annotated[
            str,
            Meta(max_length=MAX_NAME_CHARACTERS, description="An empty name removes it."),
        ]
        | None
    ) = None
    country: Country | None = None
    age_band: Annotated[AgeBand, Meta(description="Can only lower what is known.")] | None = None


class TokenWish(Struct, frozen=True):
    """Whose token to issue. `claims`, when given, become the account's custom claims."""

    user_id: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
    claims: dict[str, Any] | None = None


class Token(Struct, frozen=True):
    """An ID token of the local issuer."""

    id_token: str
    expires_in: Annotated[int, Meta(description="Seconds.")]


class Standing(Struct, frozen=True):
    """What else is noted of an account: whose word its age is, and what it was told when."""

    age_band_source: AgeSource | None
    age_band_at: datetime | None
    suspended_at: datetime | None
    suspended_reason: str | None
    noticed_at: Annotated[
        dict[str, datetime], Meta(description="When each kind of notice was last given.")
    ]

    @classmethod
    def of(cls, user: accounts.User) -> "Standing":
        """The same as JSON shows it."""
        return cls(
            age_band_source=user.age_band_source,
            age_band_at=user.age_band_at,
            suspended_at=user.suspended_at,
            suspended_reason=user.suspended_reason,
            noticed_at=dict(user.noticed_at),
        )


class Export(Struct, frozen=True):
    """Everything that is held about a person."""

    profile: User
    standing: Standing
    sessions: list[dict[str, Any]]
    memories: list[dict[str, Any]]
    reports: list[dict[str, Any]]
    moderation_flags: list[dict[str, Any]]
    wallet: dict[str, Any]
    transactions: list[dict[str, Any]]
    purchases: list[dict[str, Any]]


class ManagedUser(Struct, frozen=True):
    """An account, as an administrator sees it."""

    id: str
    subject: str | None
    display_name: str | None
    country: str | None
    tier: Tier
    age_band: AgeBand
    age_band_source: AgeSource | None
    age_band_at: datetime | None
    suspended_at: datetime | None
    suspended_reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, user: accounts.User) -> "ManagedUser":
        """The account as JSON shows it."""
        return cls(
            id=user.id,
            subject=user.subject,
            display_name=user.display_name,
            country=user.country,
            tier=user.tier,
            age_band=user.age_band,
            age_band_source=user.age_band_source,
            age_band_at=user.age_band_at,
            suspended_at=user.suspended_at,
            suspended_reason=user.suspended_reason,
            created_at=user.created_at,
        )


class ManagedUserPage(Struct, frozen=True):
    """Some accounts, newest first."""

    data: list[ManagedUser]
    next_cursor: str | None


class UserQuery(PageQuery, frozen=True):
    """Which accounts to list."""

    search: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=MAX_TEXT,
                description="An id, ours or the identity provider's.",
            ),
        ]
        | None
    ) = None


class UserChange(Struct, frozen=True):
    """What to change of an account; a field that is absent or null stays as it is."""

    suspended: bool | None = None
    reason: (
        Annotated[str, Meta(max_length=MAX_REASON, description="Why it is suspended.")] | None
    ) = None
    tier: Tier | None = None
    age_band: AgeBand | None = None

    def command(self, user: accounts.User) -> ManageUserCommand:
        """The same as a command about this account."""
        return ManageUserCommand(
            user,
            suspended=self.suspended,
            reason=self.reason,
            tier=self.tier,
            age_band=self.age_band,
        )


class Suspension(Struct, frozen=True):
    """Why an account is suspended."""

    reason: Annotated[str, Meta(max_length=MAX_REASON)] | None = None
