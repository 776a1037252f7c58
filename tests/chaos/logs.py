"""What the product may write into its logs while everything around it breaks."""

import json
import re
from collections.abc import Mapping

_SAID = re.compile(r"zq\d+x\d+q")
"""A marker: nobody's words belong into a log."""
_EXPECTED = (
    "adapters.grok.chat_model",  # a model that fails is an error to whoever looks after models
    "companion.access",  # an answer of 503, which people have as well
)
_AWAY = ("Unavailable", "OperationalError", "ConnectionError")


def fault_in(line: str) -> str | None:
    """A defect that a line tells of, None when there is none."""
    if _SAID.search(line):
        return f"a log tells what somebody said: {line.strip()[:300]}"
    if not line.startswith("{"):
        return f"the log has {line.strip()}" if line.startswith("Traceback") else None
    try:
        told = json.loads(line)
    except json.JSONDecodeError:
        return None  # whoever wrote it was killed
    if told["level"] not in {"error", "critical"} or _is_expected(told, line):
        return None
    return f"the log has {line.strip()[:1500]}"


def _is_expected(told: Mapping[str, str], line: str) -> bool:
    # A job that meets a database that is away has failed, and comes again.
    if told["event"] == "job failed":
        return any(word in line for word in _AWAY)
    # A server that stops cuts connections on which nobody has asked anything; asyncio minds that.
    if told["logger"] == "asyncio":
        return '"exc_type": "CancelledError"' in line
    return told["logger"] in _EXPECTED
