"""Sign out everywhere."""

from application.accounts.authenticate import Authenticate, Caller
from application.ports.identity_provider import IdentityProvider


class LogOut:
    """Revokes the user's sign-ins at the identity provider; older tokens end with it."""

    def __init__(self, identities: IdentityProvider, authenticate: Authenticate) -> None:
        self._identities = identities
        self._authenticate = authenticate

    async def __call__(self, caller: Caller) -> None:
        """Raises ``Unavailable`` when the provider does not answer."""
        await self._identities.revoke(caller.identity.subject)
        self._authenticate.forget(caller.user.id)
