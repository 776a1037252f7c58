"""The settings of the stores, and what production demands of them."""

from pathlib import Path

from attrs import field, frozen

from entrypoints.settings_source import SettingsSource

_UNSIGNED = frozenset({"xcode", "localtesting"})
_SIGNED = {"production": "Production", "sandbox": "Sandbox"}
ONLINE_CHECKS = ("if_named", "always", "never")


@frozen
class StoreSettings:
    """Every setting of a store, under its environment name in lower case; absent ones are None.

    A store is on when what it cannot do without is set: Stripe's secret key, Apple's bundle id,
    Google's package name and credentials.
    """

    stripe_secret_key: str | None = field(default=None, repr=False)
    stripe_publishable_key: str | None = None
    stripe_webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    stripe_base_url: str | None = None
    apple_bundle_id: str | None = None
    apple_app_id: int | None = None
    apple_root_certificates: tuple[Path, ...] = ()
    apple_environments: tuple[str, ...] = ()
    apple_issuer_id: str | None = None
    apple_key_id: str | None = None
    apple_private_key_path: Path | None = None
    apple_base_url: str | None = None
    apple_online_checks: str = "if_named"
    apple_customers_consented: bool = False
    google_package_name: str | None = None
    google_credentials_path: Path | None = None
    google_base_url: str | None = None
    google_push_audience: str | None = None
    google_push_email: str | None = None
    google_certificates_url: str | None = None
    google_test_purchases: bool = False


def read_store_settings(source: SettingsSource, *, is_production: bool) -> StoreSettings:
    """The stores' settings out of the environment."""
    app_id = source.whole("APPLE_APP_ID", 0, 0, 2**53)
    environments = source.words("APPLE_ENVIRONMENTS") or ("production", "sandbox")
    known = [_SIGNED[name.lower()] for name in environments if name.lower() in _SIGNED]
    if not app_id and not is_production and "Sandbox" in known:
        known = ["Sandbox"]  # what production signs names the app by its number
    settings = StoreSettings(
        stripe_secret_key=source.text("STRIPE_SECRET_KEY"),
        stripe_publishable_key=source.text("STRIPE_PUBLISHABLE_KEY"),
        stripe_webhook_secrets=source.words("STRIPE_WEBHOOK_SECRET"),
        stripe_base_url=source.web_address("STRIPE_BASE_URL"),
        apple_bundle_id=source.text("APPLE_BUNDLE_ID"),
        apple_app_id=app_id or None,
        apple_root_certificates=tuple(
            Path(name).expanduser() for name in source.words("APPLE_ROOT_CERTIFICATES")
        ),
        apple_environments=tuple(known),
        apple_issuer_id=source.text("APPLE_ISSUER_ID"),
        apple_key_id=source.text("APPLE_KEY_ID"),
        apple_private_key_path=_path(source, "APPLE_PRIVATE_KEY_PATH"),
        apple_base_url=source.web_address("APPLE_BASE_URL"),
        apple_online_checks=source.choice(
            "APPLE_ONLINE_CHECKS", ("always", *ONLINE_CHECKS) if is_production else ONLINE_CHECKS
        ),
        apple_customers_consented=source.flag("APPLE_CUSTOMERS_CONSENTED", default=False),
        google_package_name=source.text("GOOGLE_PACKAGE_NAME"),
        google_credentials_path=_path(source, "GOOGLE_CREDENTIALS_PATH"),
        google_base_url=source.web_address("GOOGLE_BASE_URL"),
        google_push_audience=source.text("GOOGLE_PUSH_AUDIENCE"),
        google_push_email=source.text("GOOGLE_PUSH_EMAIL"),
        google_certificates_url=source.web_address("GOOGLE_CERTIFICATES_URL"),
        google_test_purchases=source.flag("GOOGLE_TEST_PURCHASES", default=not is_production),
    )
    source.problems.extend(_problems(settings, environments))
    return settings


def _problems(settings: StoreSettings, environments: tuple[str, ...]) -> list[str]:
    """What no environment can work with."""
    problems = [
        f"APPLE_ENVIRONMENTS names {name}, whose data nobody signs: anybody could buy for nothing."
        if name.lower().replace("_", "") in _UNSIGNED
        else f"APPLE_ENVIRONMENTS names {name!r}; it must be production, sandbox, or both."
        for name in environments
        if name.lower() not in _SIGNED
    ]
    if settings.apple_bundle_id is not None and not settings.apple_root_certificates:
        problems.append("APPLE_ROOT_CERTIFICATES is not set: nothing could be checked.")
    if (settings.google_package_name is None) != (settings.google_credentials_path is None):
        problems.append("GOOGLE_PACKAGE_NAME and GOOGLE_CREDENTIALS_PATH go together.")
    keys = (settings.apple_issuer_id, settings.apple_key_id, settings.apple_private_key_path)
    if any(keys) and not all(keys):
        problems.append(
            "APPLE_ISSUER_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY_PATH go together: "
            "they are one key of App Store Connect."
        )
    return problems


def production_problems(settings: StoreSettings) -> list[str]:
    """What would lose money, or let anybody in, in production."""
    problems: list[str] = []
    if settings.apple_bundle_id is not None:
        if "Production" in settings.apple_environments and settings.apple_app_id is None:
            problems.append("APPLE_APP_ID is not set: Apple's notifications name it.")
        if settings.apple_online_checks != "always":
            problems.append("APPLE_ONLINE_CHECKS must be always: certificates can be revoked.")
    if settings.google_package_name is not None and (
        settings.google_push_audience is None or settings.google_push_email is None
    ):
        problems.append(
            "GOOGLE_PUSH_AUDIENCE and GOOGLE_PUSH_EMAIL are not set: nobody could tell Google's "
            "notifications from others'."
        )
    problems += [
        f"{name} is set: it is for a store of one's own, and production talks to the real one."
        for name, value in (
            ("APPLE_BASE_URL", settings.apple_base_url),
            ("GOOGLE_BASE_URL", settings.google_base_url),
            ("GOOGLE_CERTIFICATES_URL", settings.google_certificates_url),
        )
        if value is not None
    ]
    return problems


def _path(source: SettingsSource, name: str) -> Path | None:
    text = source.text(name)
    return Path(text).expanduser() if text else None
