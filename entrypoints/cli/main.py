"""The command ``companion``: serve, migrate, seed, products, grant, jobs, doctor and others."""

import argparse
import sys
from collections.abc import Sequence

from entrypoints.cli import cards, data, doctor, jobs, people, products, serve
from entrypoints.cli.failures import CommandFailed
from entrypoints.config import SettingsError, load_settings

_FAILED = 1
_MISUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(load_settings(), options) or 0)
    except SettingsError as error:
        print("The settings cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        return _MISUSED
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="companion", description="An AI-companion backend. Settings come from the environment."
    )
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve_parser = subcommands.add_parser("serve", help="start everything and serve HTTP")
    serve_parser.set_defaults(run=serve.serve)

    scheduler_parser = subcommands.add_parser(
        "scheduler", help="run the jobs in a process of their own"
    )
    scheduler_parser.set_defaults(run=serve.scheduler)

    migrate_parser = subcommands.add_parser(
        "migrate", help="bring the database's schema up or down"
    )
    migrate_parser.add_argument("direction", choices=("up", "down", "status"))
    migrate_parser.add_argument(
        "revision", nargs="?", help="head for up, one step for down by default"
    )
    migrate_parser.set_defaults(run=data.migrate)

    seed_parser = subcommands.add_parser("seed", help="publish prices, products and characters")
    seed_parser.add_argument(
        "--users", type=_count, default=0, help="add N test users with history"
    )
    seed_parser.set_defaults(run=data.seed)

    cards.add_parsers(subcommands)
    products.add_parsers(subcommands)

    token_parser = subcommands.add_parser("token", help="print an ID token of the local issuer")
    token_parser.add_argument("user", nargs="?", default="demo", help="the subject (default: demo)")
    token_parser.add_argument("--admin", action="store_true", help="with the claim admin: true")
    token_parser.set_defaults(run=people.token)

    grant_parser = subcommands.add_parser("grant", help="give somebody credits")
    grant_parser.add_argument("user", help="our user id or the identity provider's")
    grant_parser.add_argument("credits", type=int)
    grant_parser.add_argument(
        "--bucket", choices=("promo", "subscription", "purchased"), default="promo"
    )
    grant_parser.add_argument("--reason", default="Granted on the command line")
    grant_parser.set_defaults(run=people.grant)

    jobs_parser = subcommands.add_parser("jobs", help="list or run the scheduled jobs")
    what = jobs_parser.add_subparsers(required=True, metavar="ACTION")
    listing = what.add_parser("list", help="the jobs, how often they run, and their last runs")
    listing.set_defaults(run=jobs.list_jobs)
    running = what.add_parser("run", help="run one job now")
    running.add_argument("name")
    running.set_defaults(run=jobs.run_job)

    analytics_parser = subcommands.add_parser("analytics", help="what is counted by day")
    counting = analytics_parser.add_subparsers(required=True, metavar="ACTION")
    rebuilding = counting.add_parser("rebuild", help="forget every sum and count all days anew")
    rebuilding.set_defaults(run=jobs.rebuild_analytics)

    doctor_parser = subcommands.add_parser("doctor", help="check settings and every dependency")
    doctor_parser.set_defaults(run=doctor.doctor)
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 100_000:  # noqa: PLR2004 - stated in the message
        message = "must be from 0 to 100000"
        raise argparse.ArgumentTypeError(message)
    return number


if __name__ == "__main__":
    sys.exit(main())
