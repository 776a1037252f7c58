"""What all processes share for a short while: limits, slots, and the tails of streams."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_METRICS = "opentelemetry.sdk"


@contextmanager
def _without_metrics() -> Iterator[None]:
    """Hide OpenTelemetry's SDK.

    Wherever it is installed, redis-py loads it for figures of its own, which nobody here asks for:
    an eighth of a second of every start, also of processes that make no traces.
    """
    if _METRICS in sys.modules:
        yield
        return
    sys.modules[_METRICS] = None  # type: ignore[assignment]  # what import takes for "not there"
    try:
        yield
    finally:
        del sys.modules[_METRICS]


with _without_metrics():
    import redis  # noqa: F401 - so that it is loaded here and not elsewhere
