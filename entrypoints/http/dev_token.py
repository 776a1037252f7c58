"""Tokens without an identity provider, where the local issuer runs."""

from application.accounts.issue_token import IssueTokenCommand
from entrypoints.http.answers import Answer, answer
from entrypoints.http.json_input import check_values
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Rate, Routes
from entrypoints.http.schemas.accounts import Token, TokenWish

routes = Routes("Accounts")


@routes.add(
    "POST",
    "/v1/auth/dev-token",
    access=Access.PUBLIC,
    rate=Rate.NORMAL,
    body=TokenWish,
    answers=Token,
)
async def issue_token(call: Call[TokenWish, NoQuery]) -> Answer:
    """Issue an ID token for anybody, in development only.

    The token is as good as one of Firebase's: `{"admin": true}` as claims makes an administrator.
    """
    check_values(call.body.claims)
    issued = await call.services.issue_token(IssueTokenCommand(call.body.user_id, call.body.claims))
    return answer(Token(issued.id_token, issued.expires_in))
