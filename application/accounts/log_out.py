"""Sign out everywhere."""

from application.accounts.callers import Caller, RecentCallers
from application.ports.identity_provider import IdentityProvider


class LogOut:
    """Revokes the user's sign-ins at the identity provider; older tokens end with it."""

    def __init__(self, identities: IdentityProvider, recent: RecentCallers) -> None:
        self._identities = identities
        self._recent = recent

    async def __call__(self, caller: Caller) -> None:
        """Raises ``Unavailable`` when the provider does not answer."""
        await self._identities.revoke(caller.identity.subject)
        self._recent.forget_user(caller.user.id)
