"""Counters and durations of requests, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from application.chat.turn_runner import TurnRunner

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_UNMATCHED = "unmatched"


class HttpMetrics:
    """Counts requests by route and status; a route is its template, so ids make no new series."""

    def __init__(self, registry: CollectorRegistry, runner: TurnRunner) -> None:
        self._requests = Counter(
            "http_requests",
            "Answered HTTP requests.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time until an answer begins.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        )
        turns = Gauge("chat_turns_in_flight", "Turns this process is running.", registry=registry)
        turns.set_function(lambda: runner.in_flight)
        # Looking a series up by its labels takes a lock and longer than counting.
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answer. Methods of requests that no route takes are not told apart."""
        key = (method if route else _UNMATCHED, route or _UNMATCHED, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = (
                self._requests.labels(key[0], key[1], str(status)),
                self._seconds.labels(key[0], key[1]),
            )
        series[0].inc()
        series[1].observe(seconds)
