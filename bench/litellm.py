"""A LiteLLM proxy that forwards to the model for whoever has its master key, and does no more.

It lives in an environment of its own, which ``make bench-peers`` installs; without that, whoever
measures goes on without it.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import free_port, process, wait_ready

PYTHON = Path(".tools/bench-peers/bin/python")
_INSTALLED = Path(".tools/bench-peers/.stamp")
MODEL = "grok-4.5"
MASTER_KEY = "sk-bench"
ABSENT = "not measured: `make bench-peers` installs LiteLLM"


def is_installed() -> bool:
    """Whether there is one to compare with."""
    return _INSTALLED.exists()


@contextmanager
def proxy(model_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The proxy before this model, ready; its process and its port.

    Served by its own server without an access log, like the others, in one process.
    """
    port = free_port()
    config = folder / "litellm.yaml"
    model = {"model": f"openai/{MODEL}", "api_base": model_url, "api_key": "bench"}
    # JSON is YAML.
    config.write_text(
        json.dumps(
            {
                "model_list": [{"model_name": MODEL, "litellm_params": model}],
                "general_settings": {"master_key": MASTER_KEY},
            }
        ),
        encoding="utf-8",
    )
    environment = {
        "CONFIG_FILE_PATH": str(config),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it asks the network for a list of prices
        "LITELLM_LOG": "ERROR",
        "LITELLM_TELEMETRY": "False",
    }
    arguments = ["-m", "uvicorn", "litellm.proxy.proxy_server:app", "--loop", "uvloop"]
    arguments += ["--no-access-log", "--log-level", "error", "--timeout-graceful-shutdown", "1"]
    arguments += ["--host", "127.0.0.1", "--port", str(port)]
    with process(arguments, environment, python=str(PYTHON)) as child:
        wait_ready(f"http://127.0.0.1:{port}/health/liveliness", child)
        yield child, port
