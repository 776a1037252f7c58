"""``companion migrate`` and ``companion seed``."""

import argparse

from application.chat.send_message import SendMessageCommand
from application.chat.turn_plan import TurnOptions
from domain.accounts import Tier, User
from domain.errors import InsufficientCredits
from entrypoints.cli.environment import parts, run_with_use_cases
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases
from entrypoints.lifecycle import seed as publish_seed

_CHATTER = (
    "Hello! I just moved to Lisbon and I am still unpacking boxes.",
    "My sister Clara visits on Friday, she loves old radios.",
    "What would you cook for two people with one small pan?",
)


def migrate(settings: Settings, options: argparse.Namespace) -> None:
    """Move the schema, or show where it stands."""
    from entrypoints.container.migrations import MigrationFailed, downgrade, status, upgrade

    with parts(settings) as filled:
        url = filled.database_migration_url or filled.database_url or ""
        try:
            if options.direction == "up":
                upgrade(url, options.revision or "head")
            elif options.direction == "down":
                downgrade(url, options.revision or "-1")
            steps = status(url)
        except MigrationFailed as error:
            raise CommandFailed(str(error)) from error
    for step in steps:
        print(
            f"{'applied' if step.is_applied else 'pending':8} {step.revision}  {step.description}"
        )


def seed(settings: Settings, options: argparse.Namespace) -> None:
    """Publish prices and characters, and add test users if asked for."""

    async def work(use_cases: UseCases, adapters: Adapters) -> None:
        await publish_seed(use_cases)
        page = await use_cases.list_characters()(limit=100, cursor=None)
        print(f"{len(page.items)} characters: {', '.join(one.id for one in page.items)}")
        for number in range(options.users):
            await _add_test_user(use_cases, adapters, number)
        if options.users:
            print(f"{options.users} test users: test-user-0 to test-user-{options.users - 1}")

    run_with_use_cases(settings, work, stand_in_model=True)


async def _add_test_user(use_cases: UseCases, adapters: Adapters, number: int) -> None:
    """A user of any tier with a session of a few turns; one that exists talks on."""
    tier = list(Tier)[number % len(Tier)]
    user = User(
        id=adapters.ids.new("usr"),
        subject=f"test-user-{number}",
        tier=tier,
        created_at=adapters.clock.now(),
        display_name=f"Test user {number}",
    )
    user = await adapters.accounts.add(user)
    session_id: str | None = None
    for line in _CHATTER:
        command = SendMessageCommand(
            user_id=user.id,
            character_id="mira",
            content=line,
            session_id=session_id,
            options=TurnOptions(max_tokens=100),
        )
        try:
            feed = await use_cases.send_message()(command)
        except InsufficientCredits:
            return
        session_id = feed.turn.session_id
        async for _ in feed.events:
            pass
