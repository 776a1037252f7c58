"""The OpenAPI document is kept to, whatever is sent: B3."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.operations import operations
from tests.acceptance.product import Product, Stack
from tests.acceptance.world import World

SECONDS = "45"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)
ENDS_THE_SIGN_IN = ("erase_account", "log_out")
# The fuzzer finds its own id in its token, and would close its own account.
MAY_SUSPEND = ("change_user", "suspend_user")


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.mark.crash
@pytest.mark.timeout(300)
async def test_b3_no_answer_is_a_fault_or_undocumented(
    world: World, server: Product, tmp_path: Path
) -> None:
    assert {*ENDS_THE_SIGN_IN, *MAY_SUSPEND} <= {one.name for one in operations(server.url)}
    choice = [f"--exclude-operation-id={name}" for name in (*ENDS_THE_SIGN_IN, *MAY_SUSPEND)]
    token = await world.token("fuzzer", admin=True)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", *choice),
        *("--header", f"Authorization:Bearer {token}"),
        *("--checks", CHECKS, "--phases", "examples,coverage,fuzzing"),
        *("--max-examples", "12", "--max-time", SECONDS, "--workers", "1", "--seed", "1"),
        *("--continue-on-failure", "--no-shrink", "--generation-database", "none"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
    ]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "Test cases" in done.stdout, done.stdout
    headers = {"Authorization": f"Bearer {token}"}
    still = await world.http.get(f"{server.url}/v1/admin/jobs", headers=headers)
    assert still.is_success, f"{still.text}: it has locked itself out, and seen little but that"
