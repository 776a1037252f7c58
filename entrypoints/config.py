"""Settings: read once from the environment and ``.env``, checked all together."""

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import Factory, evolve, field, frozen

from application.ports.rate_limiter import RateLimit
from entrypoints.settings_source import SettingsSource, read_env_file
from entrypoints.store_settings import StoreSettings, production_problems, read_store_settings

LOCAL_MODEL = "smollm2-135m-instruct"
DEFAULT_MODELS = ("grok-4.5", "grok-4.3")
DEFAULT_SECRET_KEY = "development-only"  # noqa: S105 - refused in production
_SHORTEST_SECRET = 32
_EMBEDDED = {
    "DATABASE_URL": "PostgreSQL",
    "REDIS_URL": "Valkey",
    "XAI_API_KEY": "the local language model",
    "OPENAI_API_KEY": "the local embeddings",
    "FIREBASE_PROJECT_ID": "the local token issuer",
    "STRIPE_SECRET_KEY": "the sandbox store",
}
_EMULATORS = (
    "FIREBASE_AUTH_EMULATOR_HOST",
    "FIRESTORE_EMULATOR_HOST",
    "FIREBASE_STORAGE_EMULATOR_HOST",
    "FIREBASE_DATABASE_EMULATOR_HOST",
)


class SettingsError(Exception):
    """The settings cannot be used; ``problems`` says why, all at once, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@frozen
class Settings:
    """Every setting, under its environment name in lower case; absent ones are None.

    Times are seconds. Secrets are kept out of ``repr``.
    """

    environment: str = "development"
    stack: str = "embedded"
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path(".data")
    database_url: str | None = field(default=None, repr=False)
    database_migration_url: str | None = field(default=None, repr=False)
    database_pool_size: int = 10
    redis_url: str | None = field(default=None, repr=False)
    xai_api_key: str | None = field(default=None, repr=False)
    xai_base_url: str = "https://api.x.ai/v1"
    xai_models: tuple[str, ...] = DEFAULT_MODELS
    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str = "https://api.openai.com/v1"
    embedding_model: str = "text-embedding-3-small"
    firebase_project_id: str | None = None
    firebase_credentials_path: Path | None = None
    firebase_certificates_url: str | None = None
    firebase_auth_emulator_host: str | None = None
    secret_key: str = field(default=DEFAULT_SECRET_KEY, repr=False)
    stores: StoreSettings = Factory(StoreSettings)
    cors_origins: tuple[str, ...] = ()
    log_level: str = "INFO"
    otel_exporter_otlp_endpoint: str | None = None
    otel_service_name: str = "companion"
    rate_limit_per_user: RateLimit | None = None
    rate_limit_per_address: RateLimit | None = None
    max_streams_per_user: int = 2
    trusted_proxy_hops: int = 0
    turn_first_token_seconds: float = 30.0
    turn_idle_seconds: float = 30.0
    turn_total_seconds: float = 300.0
    hold_seconds: float = 600.0
    shutdown_seconds: float = 25.0
    run_jobs: bool = True
    scheduler_port: int = 0
    session_retention_days: int = 0
    store_message_retention_days: int = 90
    model_costs_path: Path | None = None

    @property
    def is_production(self) -> bool:
        """Whether nothing may be embedded, emulated or a default."""
        return self.environment == "production"

    @property
    def has_sandbox(self) -> bool:
        """Whether there is a store at which nobody pays: in development, or in place of Stripe."""
        is_stand_in = self.stores.stripe_secret_key is None and not self.is_production
        return is_stand_in or self.environment == "development"

    @property
    def sandbox_page(self) -> str:
        """Where the sandbox store's page is, for whoever develops on this machine."""
        return f"{local_url(self.host, self.port)}/sandbox"

    @property
    def is_memory(self) -> bool:
        """Whether the in-memory adapters serve."""
        return self.stack == "memory"

    @property
    def uses_local_issuer(self) -> bool:
        """Whether tokens come from ourselves."""
        return self.firebase_project_id is None

    @property
    def uses_local_model(self) -> bool:
        """Whether the small local model answers."""
        return self.xai_api_key is None and not self.is_memory

    @property
    def embeds_postgres(self) -> bool:
        """Whether we run PostgreSQL ourselves."""
        return self.database_url is None and not self.is_memory

    @property
    def embeds_valkey(self) -> bool:
        """Whether we run Valkey ourselves."""
        return self.redis_url is None and not self.is_memory

    def with_local_model(self, base_url: str) -> "Settings":
        """The settings that make the Grok adapter talk to the local model server.

        On a busy machine that model takes a while to read a long prompt, so unless somebody chose
        a deadline for its first word, it gets the whole turn.
        """
        default = Settings().turn_first_token_seconds
        patience = self.turn_first_token_seconds
        return evolve(
            self,
            xai_api_key="local",
            xai_base_url=base_url,
            xai_models=(LOCAL_MODEL,),
            turn_first_token_seconds=(self.turn_total_seconds if patience == default else patience),
        )


def local_url(host: str, port: int) -> str:
    """Where whoever is on this machine reaches a server that listens there."""
    known = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 # nosec B104 - everywhere
    return f"http://[{known}]:{port}" if ":" in known else f"http://{known}:{port}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process: the environment over ``.env`` in the current folder.

    Raises ``SettingsError`` with every problem there is.
    """
    if environ is None:
        try:
            environ = {**read_env_file(Path(".env")), **os.environ}
        except (OSError, UnicodeError) as error:
            raise SettingsError([".env cannot be read as text in UTF-8."]) from error
    source = SettingsSource(environ)
    settings = _read(source)
    problems = source.problems
    if settings.is_production:
        problems = problems + _production_problems(settings, source)
    if problems:
        raise SettingsError(problems)
    return settings


def _read(source: SettingsSource) -> Settings:
    environment = source.choice("ENVIRONMENT", ("development", "staging", "production"))
    credentials = source.text("FIREBASE_CREDENTIALS_PATH")
    models = source.words("XAI_MODEL") + source.words("XAI_FAILOVER_MODELS")
    defaults = Settings()
    return Settings(
        environment=environment,
        stack=source.choice("STACK", ("embedded", "memory")),
        host=source.text("HOST") or defaults.host,
        port=source.whole("PORT", defaults.port, 0, 65_535),
        data_dir=Path(source.text("DATA_DIR") or defaults.data_dir).expanduser().absolute(),
        database_url=source.database("DATABASE_URL"),
        database_migration_url=source.database("DATABASE_MIGRATION_URL"),
        database_pool_size=source.whole("DATABASE_POOL_SIZE", defaults.database_pool_size, 1, 500),
        redis_url=source.redis("REDIS_URL"),
        xai_api_key=source.text("XAI_API_KEY"),
        xai_base_url=source.web_address("XAI_BASE_URL") or defaults.xai_base_url,
        xai_models=tuple(dict.fromkeys(models)) or defaults.xai_models,
        openai_api_key=source.text("OPENAI_API_KEY"),
        openai_base_url=source.web_address("OPENAI_BASE_URL") or defaults.openai_base_url,
        embedding_model=source.text("EMBEDDING_MODEL") or defaults.embedding_model,
        firebase_project_id=source.text("FIREBASE_PROJECT_ID"),
        firebase_credentials_path=Path(credentials).expanduser() if credentials else None,
        firebase_certificates_url=source.web_address("FIREBASE_CERTIFICATES_URL"),
        firebase_auth_emulator_host=source.text("FIREBASE_AUTH_EMULATOR_HOST"),
        secret_key=source.text("SECRET_KEY") or DEFAULT_SECRET_KEY,
        stores=read_store_settings(source, is_production=environment == "production"),
        cors_origins=source.origins("CORS_ORIGINS"),
        log_level=source.choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
        otel_exporter_otlp_endpoint=source.web_address("OTEL_EXPORTER_OTLP_ENDPOINT"),
        otel_service_name=source.text("OTEL_SERVICE_NAME") or defaults.otel_service_name,
        rate_limit_per_user=source.rate("RATE_LIMIT_PER_USER"),
        rate_limit_per_address=source.rate("RATE_LIMIT_PER_ADDRESS"),
        max_streams_per_user=source.whole(
            "MAX_STREAMS_PER_USER", defaults.max_streams_per_user, 1, 100_000
        ),
        trusted_proxy_hops=source.whole("TRUSTED_PROXY_HOPS", 0, 0, 10),
        turn_first_token_seconds=source.seconds(
            "TURN_FIRST_TOKEN_SECONDS", defaults.turn_first_token_seconds
        ),
        turn_idle_seconds=source.seconds("TURN_IDLE_SECONDS", defaults.turn_idle_seconds),
        turn_total_seconds=source.seconds("TURN_TOTAL_SECONDS", defaults.turn_total_seconds),
        hold_seconds=source.seconds("HOLD_SECONDS", defaults.hold_seconds),
        shutdown_seconds=source.seconds("SHUTDOWN_SECONDS", defaults.shutdown_seconds),
        run_jobs=source.flag("RUN_JOBS", default=True),
        scheduler_port=source.whole("SCHEDULER_PORT", defaults.scheduler_port, 0, 65_535),
        session_retention_days=source.whole(
            "SESSION_RETENTION_DAYS", defaults.session_retention_days, 0, 36_500
        ),
        store_message_retention_days=source.whole(
            "STORE_MESSAGE_RETENTION_DAYS", defaults.store_message_retention_days, 7, 36_500
        ),
        model_costs_path=source.file("MODEL_COSTS_PATH"),
    )


def _production_problems(settings: Settings, source: SettingsSource) -> list[str]:
    """Everything embedded, emulated, or a default; production starts with none of it."""
    problems = [
        f"{name} is not set: {part} would run embedded, which is for development."
        for name, part in _EMBEDDED.items()
        if source.text(name) is None
    ]
    if settings.is_memory:
        problems.append("STACK=memory loses everything at the end: it is for tests.")
    problems += [
        f"{name} is set: an emulator checks no signatures."
        for name in _EMULATORS
        if source.text(name) is not None
    ]
    if settings.secret_key == DEFAULT_SECRET_KEY or len(settings.secret_key) < _SHORTEST_SECRET:
        problems.append(
            f"SECRET_KEY must be a random text of at least {_SHORTEST_SECRET} characters."
        )
    if settings.hold_seconds <= settings.turn_total_seconds:
        problems.append("HOLD_SECONDS must exceed TURN_TOTAL_SECONDS: holds outlive their turns.")
    if settings.firebase_credentials_path is None:
        problems.append(
            "FIREBASE_CREDENTIALS_PATH is not set: without it there is no telling whose tokens "
            "were revoked or whose account was disabled."
        )
    if "*" in settings.cors_origins:
        problems.append("CORS_ORIGINS must name the origins; * opens the API to every site.")
    problems += [
        f"{name} must begin with https://."
        for name in ("XAI_BASE_URL", "OPENAI_BASE_URL", "STRIPE_BASE_URL")
        if (source.text(name) or "https://").split("://", 1)[0] != "https"
    ]
    if source.text("FIREBASE_CERTIFICATES_URL") is not None:
        problems.append("FIREBASE_CERTIFICATES_URL is set: tokens must be checked with Google's.")
    return problems + production_problems(settings.stores)
