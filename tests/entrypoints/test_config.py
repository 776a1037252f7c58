"""Settings: what is set is read, what is wrong is said, all of it at once."""

from pathlib import Path

import pytest
from attrs import fields

from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings, SettingsError, load_settings, local_url

GOOD_FOR_PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://app@db/companion",
    "REDIS_URL": "rediss://cache:6379/0",
    "XAI_API_KEY": "xai-key",
    "OPENAI_API_KEY": "openai-key",
    "FIREBASE_PROJECT_ID": "companion-live",
    "FIREBASE_CREDENTIALS_PATH": "/run/secrets/firebase.json",
    "STRIPE_SECRET_KEY": "sk_live_key",
    "SECRET_KEY": "k" * 32,
}
MUST_BE_SET = sorted(GOOD_FOR_PRODUCTION.keys() - {"ENVIRONMENT", "SECRET_KEY"})
REFUSED_IN_PRODUCTION = {
    "STACK": "memory",
    "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
    "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8080",
    "FIREBASE_STORAGE_EMULATOR_HOST": "127.0.0.1:9199",
    "FIREBASE_DATABASE_EMULATOR_HOST": "127.0.0.1:9000",
    "FIREBASE_CERTIFICATES_URL": "https://example.com/certificates",
    "SECRET_KEY": "k" * 31,
    "CORS_ORIGINS": "https://app.example.com,*",
    "XAI_BASE_URL": "http://models.example.com/v1",
    "OPENAI_BASE_URL": "http://models.example.com/v1",
    "STRIPE_BASE_URL": "http://127.0.0.1:8420",
    "HOLD_SECONDS": "300",
}
WRONG = {
    "ENVIRONMENT": ("prod", "PRODUCTION"),
    "STACK": ("fake",),
    "PORT": ("-1", "65536", "http", "80.5"),
    "DATABASE_POOL_SIZE": ("0", "501", "many"),
    "LOG_LEVEL": ("loud", "debug"),
    "RATE_LIMIT_PER_USER": ("600", "0/minute", "600/month", "-1/minute", "six/minute"),
    "RATE_LIMIT_PER_ADDRESS": ("600 per minute",),
    "MAX_STREAMS_PER_USER": ("0",),
    "TRUSTED_PROXY_HOPS": ("-1", "11"),
    "TURN_FIRST_TOKEN_SECONDS": ("0", "-1", "nan", "inf", "soon"),
    "TURN_IDLE_SECONDS": ("0",),
    "TURN_TOTAL_SECONDS": ("0",),
    "HOLD_SECONDS": ("0",),
    "SHUTDOWN_SECONDS": ("-1",),
    "RUN_JOBS": ("yes", "1"),
    "XAI_BASE_URL": ("api.x.ai", "localhost:8080/v1", "ftp://models", "https://", "http://h:no/v1"),
    "OPENAI_BASE_URL": ("nonsense",),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("otel-collector:4317",),
    "FIREBASE_CERTIFICATES_URL": ("file:///certificates",),
    "STRIPE_BASE_URL": ("127.0.0.1:8420",),
    "APPLE_BASE_URL": ("http://[::1",),
    "GOOGLE_BASE_URL": ("//play",),
    "GOOGLE_CERTIFICATES_URL": ("certificates",),
    "CORS_ORIGINS": ("app.example.com", "https://app.example.com/", "https://a.example/path"),
}
ADDRESSES_WITH_SECRETS = {
    "DATABASE_URL": ("hush", "mysql://app:hush@db/companion?ssl=on", "http://hush@db"),
    "DATABASE_MIGRATION_URL": ("sqlite:///hush",),
    "REDIS_URL": ("hush", "cache:6379", "http://:hush@cache", "redis://:hush@cache:port/0"),
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    return refused.value.problems


def test_nothing_has_to_be_set() -> None:
    settings = load_settings({})
    assert settings.embeds_postgres
    assert settings.embeds_valkey
    assert settings.uses_local_model
    assert settings.uses_local_issuer
    assert not settings.is_production


def test_an_empty_value_counts_as_absent() -> None:
    names = [*MUST_BE_SET, *WRONG, *REFUSED_IN_PRODUCTION]
    assert load_settings(dict.fromkeys(names, " ")) == load_settings({})


def test_what_is_set_is_not_embedded() -> None:
    settings = load_settings(GOOD_FOR_PRODUCTION)
    assert settings.is_production
    assert not settings.embeds_postgres
    assert not settings.embeds_valkey
    assert not settings.uses_local_model
    assert not settings.uses_local_issuer


def test_the_memory_stack_embeds_nothing() -> None:
    settings = load_settings({"STACK": "memory"})
    assert settings.is_memory
    assert not settings.embeds_postgres
    assert not settings.embeds_valkey
    assert not settings.uses_local_model


def test_values_are_read_into_their_types() -> None:
    settings = load_settings(
        {
            "PORT": " 9000 ",
            "DATA_DIR": "there",
            "RATE_LIMIT_PER_USER": "3/second",
            "RATE_LIMIT_PER_ADDRESS": "600 / hour",
            "CORS_ORIGINS": "https://a.example, https://b.example,",
            "TURN_IDLE_SECONDS": "0.5",
            "RUN_JOBS": "false",
            "XAI_MODEL": "grok-4.6, grok-4.5",
            "XAI_FAILOVER_MODELS": "grok-4.5,grok-4.3",
        }
    )
    assert settings.port == 9000
    assert settings.data_dir == Path.cwd() / "there"
    assert settings.rate_limit_per_user == RateLimit(3, 1)
    assert settings.rate_limit_per_address == RateLimit(600, 3_600)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.turn_idle_seconds == 0.5
    assert not settings.run_jobs
    assert settings.xai_models == ("grok-4.6", "grok-4.5", "grok-4.3")


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    [problem] = problems(**{name: value})
    assert problem.startswith(f"{name} ")
    assert repr(value) in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in ADDRESSES_WITH_SECRETS.items() for value in values],
)
def test_a_wrong_address_is_refused_without_its_password(name: str, value: str) -> None:
    [problem] = problems(**{name: value})
    assert problem.startswith(f"{name} ")
    assert "hush" not in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://app@one:5432,two:5433/companion"),
        ("DATABASE_URL", "postgresql://postgres:@/postgres?host=/run/postgres"),
        ("DATABASE_URL", "host=db dbname=companion"),
        ("REDIS_URL", "unix:///run/valkey.sock"),
        ("REDIS_URL", "redis://"),
        ("XAI_BASE_URL", "http://[::1]:8080/v1"),
        ("CORS_ORIGINS", "*, null, capacitor://localhost, http://localhost:5173"),
    ],
)
def test_an_address_that_can_be_used_is_taken(name: str, value: str) -> None:
    assert load_settings({name: value}) != load_settings({})


def test_all_wrong_values_are_told_at_once() -> None:
    told = problems(**{name: values[0] for name, values in WRONG.items()})
    assert [problem.split()[0] for problem in told if problem.split()[0] in WRONG] == [
        problem.split()[0] for problem in told
    ]
    assert {problem.split()[0] for problem in told} == WRONG.keys()


def test_production_starts_with_everything_set() -> None:
    assert load_settings(GOOD_FOR_PRODUCTION).is_production


@pytest.mark.parametrize("name", MUST_BE_SET)
def test_production_refuses_to_embed(name: str) -> None:
    environ = {key: value for key, value in GOOD_FOR_PRODUCTION.items() if key != name}
    [problem] = problems(**environ)
    assert name in problem


@pytest.mark.parametrize("name", REFUSED_IN_PRODUCTION)
def test_production_refuses_what_is_unsafe(name: str) -> None:
    [problem] = problems(**GOOD_FOR_PRODUCTION | {name: REFUSED_IN_PRODUCTION[name]})
    assert name in problem


def test_production_refuses_the_default_secret() -> None:
    environ = {key: value for key, value in GOOD_FOR_PRODUCTION.items() if key != "SECRET_KEY"}
    [problem] = problems(**environ)
    assert problem.startswith("SECRET_KEY")


def test_production_lists_every_problem_at_once() -> None:
    told = "\n".join(problems(ENVIRONMENT="production", **REFUSED_IN_PRODUCTION))
    assert [name for name in [*MUST_BE_SET, *REFUSED_IN_PRODUCTION] if name not in told] == []


@pytest.mark.parametrize("environment", ["development", "staging"])
def test_elsewhere_an_emulator_is_allowed(environment: str) -> None:
    host = REFUSED_IN_PRODUCTION["FIREBASE_AUTH_EMULATOR_HOST"]
    environ = {"ENVIRONMENT": environment, "FIREBASE_AUTH_EMULATOR_HOST": host}
    assert load_settings(environ).firebase_auth_emulator_host == host


def test_secrets_are_not_shown() -> None:
    secrets = {
        "DATABASE_URL": "postgresql://app:hush-1@db/companion",
        "DATABASE_MIGRATION_URL": "postgresql://owner:hush-2@db/companion",
        "REDIS_URL": "redis://:hush-3@cache",
        "XAI_API_KEY": "hush-4",
        "OPENAI_API_KEY": "hush-5",
        "SECRET_KEY": "hush-6",
        "STRIPE_SECRET_KEY": "hush-7",
    }
    settings = load_settings(secrets)
    assert "hush" not in repr(settings)
    held = [getattr(settings, one.name) for one in fields(Settings)]
    held.append(settings.stores.stripe_secret_key)
    assert set(secrets.values()) <= {value for value in held if isinstance(value, str)}


def test_a_problem_does_not_quote_a_secret() -> None:
    told = "\n".join(problems(**GOOD_FOR_PRODUCTION | {"SECRET_KEY": "short-hush"}))
    assert "hush" not in told


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\nexport PORT=9001\nHOST='::1'\nXAI_MODEL=\nnot a setting\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "9002")
    monkeypatch.delenv("HOST", raising=False)
    settings = load_settings()
    assert settings.port == 9002
    assert settings.host == "::1"
    assert settings.xai_models == Settings().xai_models


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("HOST=::1 # this machine", "::1"),
        ("HOST='::1'  # this machine", "::1"),
        ('HOST="a # b"', "a # b"),
        ("HOST=a#b", "a#b"),
        ("\ufeffHOST=::1", "::1"),
        ("HOST=::1\r", "::1"),
        ("HOST= # nothing", "127.0.0.1"),
        ("HOST=#", "127.0.0.1"),
        ("HOST=''", "127.0.0.1"),
        ("HOST='a", "'a"),
    ],
)
def test_a_line_of_the_file_is_read_as_others_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, value: str
) -> None:
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOST", raising=False)
    assert load_settings().host == value


def test_a_file_that_is_no_text_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"# caf\xe9\nPORT=9001\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - only read
        ("::", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_address_to_try_can_be_opened(host: str, url: str) -> None:
    assert local_url(host, 80) == url


class TestStores:
    def test_a_store_whose_data_nobody_signs_cannot_be_set(self) -> None:
        for name in ("Xcode", "LocalTesting", "local_testing"):
            with pytest.raises(SettingsError, match="nobody signs"):
                load_settings({"APPLE_ENVIRONMENTS": f"production,{name}"})

    def test_an_unknown_environment_of_apples_is_named(self) -> None:
        with pytest.raises(SettingsError, match="'moon'"):
            load_settings({"APPLE_ENVIRONMENTS": "moon"})

    def test_what_apple_signs_in_production_names_the_app_by_its_number(self) -> None:
        assert load_settings({}).stores.apple_environments == ("Sandbox",)
        known = load_settings({"APPLE_APP_ID": "12"}).stores.apple_environments
        assert known == ("Production", "Sandbox")

    def test_what_goes_together_is_demanded_together(self) -> None:
        with pytest.raises(SettingsError) as refused:
            load_settings({
                "APPLE_BUNDLE_ID": "com.example",
                "APPLE_KEY_ID": "K",
                "GOOGLE_PACKAGE_NAME": "com.example",
            })  # fmt: skip
        told = "\n".join(refused.value.problems)
        assert "APPLE_ROOT_CERTIFICATES" in told
        assert "APPLE_ISSUER_ID" in told
        assert "GOOGLE_CREDENTIALS_PATH" in told

    def test_several_webhook_secrets_are_one_while_another_replaces_it(self) -> None:
        stores = load_settings({"STRIPE_WEBHOOK_SECRET": "whsec_a, whsec_b"}).stores
        assert stores.stripe_webhook_secrets == ("whsec_a", "whsec_b")
