"""``companion``, each command once, against the data of a server that runs."""

import re
from collections.abc import Iterator

import pytest

from tests.acceptance.lone import Lone, lone
from tests.acceptance.product import Model

JOBS = {
    "aggregate-analytics",
    "apply-store-events",
    "check-invariants",
    "embed-memories",
    "learn-memories",
    "perform-errands",
    "purge-job-runs",
    "purge-keys",
    "purge-sessions",
    "purge-store-events",
    "reconcile-purchases",
    "refresh-daily-credits",
    "renew-subscriptions",
    "sweep-holds",
}


@pytest.fixture(scope="module")
def server(scripted_model: Model) -> Iterator[Lone]:
    with lone(scripted_model) as server:
        server.start()
        yield server


def told(server: Lone, *arguments: str, **settings: str) -> str:
    """What a command that succeeds prints."""
    done = server.command(*arguments, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(server: Lone, *arguments: str, **settings: str) -> str:
    """What a command that fails says, in words for people."""
    done = server.command(*arguments, **settings)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_token_prints_a_token_that_the_server_believes(server: Lone) -> None:
    token = told(server, "token", "teller").strip()
    assert server.get("/v1/auth/me", token)["subject"] == "teller"
    assert server.call("GET", "/v1/admin/jobs", token).status_code == 403
    admin = told(server, "token", "teller", "--admin").strip()
    assert server.call("GET", "/v1/admin/jobs", admin).status_code == 200


def test_token_knows_nothing_of_firebases_tokens(server: Lone) -> None:
    said = refused(server, "token", FIREBASE_PROJECT_ID="demo-companion")
    assert "Firebase" in said


def test_grant_adds_to_the_wallet(server: Lone) -> None:
    token = server.token("receiver")
    before = server.get("/v1/wallet/balance", token)["balance"]
    said = told(server, "grant", "receiver", "250", "--bucket", "purchased", "--reason", "Thanks")
    assert str(before + 250) in said
    assert server.get("/v1/wallet/balance", token)["balance"] == before + 250
    [row] = [
        row
        for row in server.get("/v1/wallet/transactions", token)["data"]
        if row["bucket"] == "purchased"
    ]
    assert row["description"] == "Thanks"
    assert row["amount"] == 250


@pytest.mark.parametrize("arguments", [("nobody-at-all", "5"), ("receiver", "0")])
def test_grant_says_what_it_will_not_do(server: Lone, arguments: tuple[str, str]) -> None:
    server.get("/v1/auth/me", server.token("receiver"))
    refused(server, "grant", *arguments)


def test_migrate_shows_and_keeps_the_schema(server: Lone) -> None:
    assert re.findall(r"^(\w+)", told(server, "migrate", "up"), re.MULTILINE) == re.findall(
        r"^(\w+)", told(server, "migrate", "status"), re.MULTILINE
    )
    assert "pending" not in told(server, "migrate", "status")


@pytest.mark.crash
def test_migrate_goes_down_and_up(postgres_empty_url: str, server: Lone) -> None:
    apart = {"DATABASE_URL": postgres_empty_url}
    assert "applied" not in told(server, "migrate", "status", **apart)
    assert "pending" not in told(server, "migrate", "up", **apart)
    assert "pending" in told(server, "migrate", "down", **apart)
    assert "pending" not in told(server, "migrate", "up", **apart)


@pytest.mark.crash
def test_seed_adds_characters_and_test_users(server: Lone) -> None:
    said = told(server, "seed", "--users", "2")
    assert "mira" in said
    token = server.token("test-user-1")
    sessions = server.get("/v1/chat/sessions", token)["data"]
    assert sessions
    assert server.get("/v1/wallet/balance", token)["held"] == 0
    told(server, "seed")
    admin = server.token("auditor", admin=True)
    assert server.get("/v1/admin/invariants", admin) == {"ok": True, "violations": []}


def test_jobs_lists_and_runs(server: Lone) -> None:
    said = told(server, "jobs", "run", "purge-keys")
    assert said.startswith("purge-keys: ")
    listed = told(server, "jobs", "list")
    assert {line.split()[0] for line in listed.splitlines()} == JOBS
    [line] = [line for line in listed.splitlines() if line.startswith("purge-keys")]
    assert "never ran" not in line
    said = refused(server, "jobs", "run", "no-such-job")
    assert "purge-keys" in said, "which jobs there are"


def test_doctor_finds_all_well(server: Lone) -> None:
    said = told(server, "doctor")
    for part in ("schema", "postgres", "redis", "model", "embeddings", "prices", "identity"):
        assert re.search(rf"^ok +{part} ", said, re.MULTILINE), said
    assert "FAIL" not in said


@pytest.mark.crash
def test_doctor_finds_what_is_wrong(server: Lone) -> None:
    done = server.command("doctor", XAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.returncode == 1
    assert re.search(r"^FAIL +model .*XAI_BASE_URL", done.stdout, re.MULTILINE), done.stdout
    assert "Traceback" not in done.stderr


def test_help_names_every_command(server: Lone) -> None:
    said = told(server, "--help")
    for command in ("serve", "scheduler", "migrate", "seed", "import-card", "export-card", "token",
                    "grant", "jobs", "doctor"):  # fmt: skip
        assert command in said


@pytest.mark.parametrize("arguments", [(), ("seed", "--users", "-1")])
def test_misuse_is_explained(server: Lone, arguments: tuple[str, ...]) -> None:
    done = server.command(*arguments)
    assert done.returncode == 2
    assert "usage: companion" in done.stderr


@pytest.mark.parametrize("command", ["grant demo 5", "seed"])
def test_the_memory_stack_has_nothing_to_work_on(server: Lone, command: str) -> None:
    assert "STACK=memory" in refused(server, *command.split(), STACK="memory")
