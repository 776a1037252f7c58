"""The environments of the App Store whose purchases count."""

from collections.abc import Iterable
from enum import StrEnum


class StoreEnvironment(StrEnum):
    """Those that sign what they say. App Review and TestFlight buy in the sandbox."""

    PRODUCTION = "Production"
    SANDBOX = "Sandbox"


UNSIGNED = frozenset({"xcode", "localtesting"})
"""Environments of developers' machines: Apple's library takes their data unsigned."""


def read_environments(names: Iterable[str]) -> tuple[StoreEnvironment, ...]:
    """The environments with these names, whatever their case; production first.

    Raises ``ValueError`` for names that are unknown or whose data is unsigned: no verifier for
    them can be built.
    """
    wanted = {_plain(name) for name in names if name.strip()}
    unsigned = sorted(wanted & UNSIGNED)
    if unsigned:
        message = f"the environments {unsigned} accept data that nobody signed"
        raise ValueError(message)
    known = {environment.value.lower(): environment for environment in StoreEnvironment}
    unknown = sorted(wanted - known.keys())
    if unknown:
        message = f"the App Store has no environments {unknown}"
        raise ValueError(message)
    return tuple(environment for name, environment in known.items() if name in wanted)


def refused_settings(names: Iterable[str], *, app_apple_id: int | None) -> list[str]:
    """What speaks against selling with these environments, in plain words; empty if nothing."""
    try:
        environments = read_environments(names)
    except ValueError as error:
        return [str(error)]
    if not environments:
        return ["no environment of the App Store is accepted"]
    if StoreEnvironment.PRODUCTION in environments and app_apple_id is None:
        return ["the production environment needs the app's Apple id"]
    return []


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "").replace("-", "")
