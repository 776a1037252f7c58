"""A development token."""

from collections.abc import Mapping

from attrs import frozen

from application.ports.identity_provider import IssuedToken, TokenIssuer
from domain.errors import NotFound


@frozen
class IssueTokenCommand:
    """A token for ``subject``; ``claims``, when given, become the account's custom claims."""

    subject: str
    claims: Mapping[str, object] | None = None


class IssueToken:
    """Issues ID tokens where the local issuer runs, which is in development only."""

    def __init__(self, issuer: TokenIssuer | None) -> None:
        self._issuer = issuer

    async def __call__(self, command: IssueTokenCommand) -> IssuedToken:
        """The token; raises ``NotFound`` without a local issuer, ``InvalidRequest``."""
        if self._issuer is None:
            message = "There is no such route."
            raise NotFound(message)
        return await self._issuer.issue(command.subject, command.claims)
