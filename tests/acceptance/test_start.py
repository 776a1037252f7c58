"""Starting and ending: what is in the way is said, and nothing is left behind or lost."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import OpenAI

from tests.acceptance.lone import Lone, assert_gone, eventually, lone
from tests.acceptance.product import Model, Product, environment

REFUSED_SETTINGS = 2
FAILED = 1
SECRETS = {
    "DATABASE_URL": "postgresql://app:hush-1@127.0.0.1:9/companion",
    "REDIS_URL": "redis://:hush-2@127.0.0.1:9/0",
    "XAI_API_KEY": "hush-3",
    "SECRET_KEY": "hush-4",
}


@pytest.fixture(scope="module")
def server(scripted_model: Model) -> Iterator[Lone]:
    """It runs, with PostgreSQL and Valkey embedded."""
    with lone(scripted_model) as server:
        server.start()
        yield server


def refusal(product: Product, **settings: str) -> tuple[int, str]:
    """The exit code of a start that fails, and all that it says."""
    before = len(product.log()) if product.log_path.exists() else 0
    product.launch(**settings)
    code = product.wait()
    return code, product.log()[before:]


# ------------------------------------------------------------------------------------------- U2


def test_u2_production_refuses_all_that_is_embedded_at_once(tmp_path: Path) -> None:
    product = Product(environment(ENVIRONMENT="production", DATA_DIR=str(tmp_path)), tmp_path)
    code, said = refusal(product)
    assert code == REFUSED_SETTINGS
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "XAI_API_KEY",
        "OPENAI_API_KEY",
        "FIREBASE_PROJECT_ID",
        "STRIPE_SECRET_KEY",
        "SECRET_KEY",
    ):
        assert name in said


def test_u2_production_refuses_emulators_and_weak_secrets_and_quotes_none(tmp_path: Path) -> None:
    settings = {
        **SECRETS,
        "ENVIRONMENT": "production",
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8080",
        "STACK": "memory",
    }
    product = Product(environment(DATA_DIR=str(tmp_path), **settings), tmp_path)
    code, said = refusal(product)
    assert code == REFUSED_SETTINGS
    emulators = ("FIREBASE_AUTH_EMULATOR_HOST", "FIRESTORE_EMULATOR_HOST", "STACK", "SECRET_KEY")
    for name in (*emulators, "OPENAI_API_KEY", "FIREBASE_PROJECT_ID"):
        assert name in said
    assert "hush" not in said
    assert "DATABASE_URL" not in said


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    settings = {"ENVIRONMENT": "prod", "LOG_LEVEL": "loud", "HOLD_SECONDS": "long"}
    product = Product(environment(DATA_DIR=str(tmp_path), **settings), tmp_path)
    code, said = refusal(product)
    assert code == REFUSED_SETTINGS
    assert all(name in said for name in settings)
    assert "Traceback" not in said


# ----------------------------------------------------------------------------------- in the way


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    product = Product(environment(DATA_DIR=str(data)), tmp_path)
    with socket.create_server(("127.0.0.1", product.port)):
        code, said = refusal(product)
    assert code == FAILED
    assert str(product.port) in said
    assert "PORT=" in said
    assert "Traceback" not in said
    assert not data.exists()


@pytest.mark.parametrize("place", ["a file", "below a file", "where nobody can write"])
def test_a_data_folder_that_will_not_do_is_said(tmp_path: Path, place: str) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    data = {"a file": file, "below a file": file / "data"}.get(place, Path("/proc/companion"))
    product = Product(environment(DATA_DIR=str(data)), tmp_path)
    code, said = refusal(product)
    assert code == FAILED
    assert str(data) in said
    assert "DATA_DIR" in said
    assert "Traceback" not in said
    assert file.read_text(encoding="utf-8") == "mine"


def test_an_unreachable_database_is_said(tmp_path: Path) -> None:
    settings = {name: SECRETS[name] for name in ("DATABASE_URL", "REDIS_URL", "XAI_API_KEY")}
    product = Product(environment(DATA_DIR=str(tmp_path / "data"), **settings), tmp_path)
    code, said = refusal(product)
    assert code == FAILED
    assert "database" in said.lower()
    assert "Traceback" not in said
    assert "hush" not in said


def test_a_data_folder_in_use_is_left_to_whoever_has_it(server: Lone) -> None:
    other = Product(server.environ, server.folder)
    code, said = refusal(other)
    assert code == FAILED
    assert str(server.data) in said
    assert str(server.port) in said, "which server has it"
    assert "Traceback" not in said
    assert httpx.get(f"{server.url}/readyz", timeout=30).is_success


def test_a_process_with_the_same_parts_serves_beside_it(server: Lone) -> None:
    token = server.token("beside")
    told = server.say(token)["companion"]
    other = Lone({**server.environ, **server.addresses}, server.folder).start()
    try:
        shown = other.get(f"/v1/chat/sessions/{told['session_id']}/messages", token)
        assert told["message_id"] in {one["id"] for one in shown["data"]}
        other.say(other.token("beside-too"))
        assert other.get("/v1/wallet/balance", token) == server.get("/v1/wallet/balance", token)
    finally:
        code = other.stop()
    assert code == 0
    assert server.get("/v1/auth/me", token)["subject"] == "beside"


# ------------------------------------------------------------------------------------ beginnings


def test_a_start_says_what_to_try(server: Lone) -> None:
    said = server.log()
    for part in (server.url, "/docs", "curl ", "OpenAI(base_url="):
        assert part in said


def test_the_printed_token_works_as_it_stands(server: Lone) -> None:
    said = server.log()
    token = said.partition("Authorization: Bearer ")[2].partition("'")[0]
    assert server.get("/v1/auth/me", token)["subject"] == "demo"


# ------------------------------------------------------------------------------------------ ends


@pytest.mark.crash
@pytest.mark.parametrize("how", ["SIGTERM", "Ctrl-C", "Ctrl-C twice"])
def test_an_end_leaves_nothing_behind_and_loses_nothing(scripted_model: Model, how: str) -> None:
    with lone(scripted_model) as server:
        server.start()
        token = server.token("keeper")
        server.say(token)
        before = server.get("/v1/wallet/balance", token), server.get("/v1/auth/me", token)
        family = server.family()
        assert len(family) >= 2
        if how == "SIGTERM":
            server.signal(signal.SIGTERM)
        else:
            server.interrupt()
        if how == "Ctrl-C twice" and server.runs:
            server.interrupt()
        code = server.wait()
        assert code in ({0} if how != "Ctrl-C twice" else {0, 130})
        assert_gone(family)
        assert "Traceback" not in server.log()
        server.start()
        assert (
            server.get("/v1/wallet/balance", token),
            server.get("/v1/auth/me", token),
        ) == before
        family = server.family()
        assert server.stop() == 0
        assert_gone(family)


@pytest.mark.crash
def test_what_was_answered_survives_kill_9(scripted_model: Model) -> None:
    with lone(scripted_model) as server:
        server.start()
        token = server.token("survivor")
        told = server.say(token, "Remember me.")["companion"]
        balance = server.get("/v1/wallet/balance", token)
        family = server.family()
        server.kill()
        assert_gone(family)
        server.start()
        assert server.get("/v1/wallet/balance", token) == balance
        shown = server.get(f"/v1/chat/sessions/{told['session_id']}/messages", token)["data"]
        assert "Remember me." in {one["content"] for one in shown}
        admin = server.token("auditor", admin=True)
        assert server.get("/v1/admin/invariants", admin) == {"ok": True, "violations": []}


@pytest.mark.crash
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("seen", ["starting PostgreSQL", "migrating", "seeding"])
def test_a_first_start_that_was_cut_short_is_made_up_for(
    scripted_model: Model, seen: str, number: signal.Signals
) -> None:
    with lone(scripted_model) as server:
        server.launch()
        eventually(lambda: seen in server.log())
        family = server.family()
        server.signal(number)
        server.wait()
        assert_gone(family)
        assert "Traceback" not in server.log()
        server.start()
        server.say(server.token("patient"))
        assert server.stop() == 0


@pytest.mark.crash
def test_the_whole_product_starts_with_one_command(tmp_path: Path) -> None:
    """The local language model too: no account, no key, no network."""
    with lone(None) as server:
        server.start()
        token = server.token("newcomer")
        body = {
            "model": "mira",
            "messages": [{"role": "user", "content": "Say hello."}],
            "max_tokens": 8,
        }
        answer = server.call("POST", "/v1/chat/completions", token, json=body)
        assert answer.is_success, answer.text
        assert answer.json()["choices"][0]["message"]["content"]
        with OpenAI(base_url=f"{server.url}/v1", api_key=token, timeout=60) as client:
            stream = client.chat.completions.create(
                model="mira",
                messages=[{"role": "user", "content": "What is your name?"}],
                max_tokens=8,
                stream=True,
            )
            words = "".join(
                chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices
            )
        assert words
        charges = [
            row
            for row in server.get("/v1/wallet/transactions", token)["data"]
            if row["kind"] == "charge"
        ]
        assert len(charges) == 2
        family = server.family()
        server.interrupt()
        assert server.wait() == 0
        assert_gone(family)
