"""A server that runs everything embedded but the model, as a newcomer's first start does."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from attrs import define

from tests.acceptance.product import MODEL, MODEL_KEY, ROOT, Model, Product, environment

PATIENCE = 60.0
"""Seconds that only bound a failure."""


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "not so in time"
        time.sleep(0.05)


@define
class Lone(Product):
    """In a session of its own, like a terminal's foreground job; ``family`` outlives nobody."""

    def launch(self, **more: str) -> "Lone":
        assert not self.runs
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "serve"],
                cwd=self.folder,
                env={**self.environ, **more, "PORT": str(self.port), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    @property
    def data(self) -> Path:
        return Path(self.environ["DATA_DIR"])

    @property
    def addresses(self) -> dict[str, str]:
        """Where its embedded parts listen, as settings of another process."""
        known = json.loads((self.data / "running.json").read_text(encoding="utf-8"))
        return {name.upper(): url for name, url in known.items()}

    def family(self) -> list[psutil.Process]:
        """Every process that it has started, those of its embedded parts too."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def interrupt(self) -> None:
        """Ctrl-C: the terminal sends it to the whole process group."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)

    def command(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """One command of ``companion`` with the settings of this server."""
        return subprocess.run(
            [sys.executable, "-m", "entrypoints.cli.main", *arguments],
            cwd=self.folder,
            env={**self.environ, "PORT": str(self.port), "PYTHONPATH": str(ROOT), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def token(self, name: str, **claims: Any) -> str:
        body = {"user_id": name, **({"claims": claims} if claims else {})}
        answer = httpx.post(f"{self.url}/v1/auth/dev-token", json=body, timeout=PATIENCE)
        assert answer.is_success, answer.text
        return str(answer.json()["id_token"])

    def call(self, method: str, path: str, token: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return httpx.request(method, self.url + path, headers=headers, timeout=PATIENCE, **more)

    def get(self, path: str, token: str) -> Any:
        answer = self.call("GET", path, token)
        assert answer.is_success, answer.text
        return answer.json()

    def say(self, token: str, text: str = "Hello!") -> Any:
        body = {"model": "mira", "messages": [{"role": "user", "content": text}]}
        answer = self.call("POST", "/v1/chat/completions", token, json=body)
        assert answer.is_success, answer.text
        return answer.json()


def assert_gone(processes: list[psutil.Process]) -> None:
    """All of them have ended, at the latest soon."""
    _, left = psutil.wait_procs(processes, timeout=PATIENCE)
    assert left == []


@contextmanager
def lone(model: Model | None, **settings: str) -> Iterator[Lone]:
    """A server over a data folder of its own, not started yet; None leaves it the local model."""
    folder = Path(tempfile.mkdtemp(prefix="companion-lone-"))
    environ = environment(ENVIRONMENT="development", DATA_DIR=str(folder / "data"))
    if model is not None:
        environ |= {"XAI_API_KEY": MODEL_KEY, "XAI_BASE_URL": model.url, "XAI_MODEL": MODEL}
    server = Lone({**environ, **settings}, folder)
    try:
        yield server
    finally:
        try:
            if server.runs:
                family = server.family()
                server.kill()
                assert_gone(family)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
