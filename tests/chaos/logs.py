"""What the product may write into its logs while everything around it breaks."""

import json
import re

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
    if told["level"] not in {"error", "critical"} or told["logger"] in _EXPECTED:
        return None
    # A job that meets a database that is away has failed, and comes again.
    if told["event"] == "job failed" and any(word in line for word in _AWAY):
        return None
    # A server that stops cuts connections on which nobody has asked anything; asyncio minds that.
    if told["logger"] == "asyncio" and '"exc_type": "CancelledError"' in line:
        return None
    return f"the log has {line.strip()[:1500]}"
