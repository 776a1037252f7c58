"""``companion token`` and ``companion grant``."""

import argparse
import asyncio

from application.accounts.issue_token import IssueToken, IssueTokenCommand
from application.wallet.grant_credits import GrantCreditsCommand
from domain.errors import DomainError
from domain.lots import Bucket
from entrypoints.cli.environment import run_with_use_cases
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases


def token(settings: Settings, options: argparse.Namespace) -> None:
    """Print an ID token; works whether or not a server runs, as the key is in DATA_DIR."""
    if settings.is_memory or not settings.uses_local_issuer:
        where = "the server alone has the key" if settings.is_memory else "Firebase issues tokens"
        message = (
            f"There is no local issuer here: {where}.\nUse POST /v1/auth/dev-token or Firebase."
        )
        raise CommandFailed(message)
    from entrypoints.container.embedded import local_issuer

    claims = {"admin": True} if options.admin else None
    command = IssueTokenCommand(options.user, claims)
    try:
        issued = asyncio.run(IssueToken(local_issuer(settings))(command))
    except DomainError as error:
        raise CommandFailed(error.message) from error
    print(issued.id_token)


def grant(settings: Settings, options: argparse.Namespace) -> None:
    """Give credits to an account that has signed in once."""

    async def work(use_cases: UseCases, _: Adapters) -> None:
        user = await use_cases.find_users().one(options.user)
        command = GrantCreditsCommand(
            user_id=user.id,
            amount=options.credits,
            bucket=Bucket(options.bucket),
            reason=options.reason,
        )
        wallet = await use_cases.grant_credits()(command)
        print(
            f"{user.subject} ({user.id}) has {wallet.balance} credits, {wallet.held} of them held."
        )

    run_with_use_cases(settings, work)
