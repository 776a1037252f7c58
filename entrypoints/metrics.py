"""What Prometheus reads: every metric, its name and its meaning, in one place."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "companion_http_request_seconds",
            "Time to the first byte of the answer, by route template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
            buckets=_LATENCY_BUCKETS,
        )
        self._model_outcomes = Counter(
            "companion_model_calls",
            "Calls of the model by how they ended: ok, or the kind of failure.",
            ("outcome",),
            registry=self.registry,
        )
        self._turns = Gauge(
            "companion_turns_in_flight",
            "Turns that this process is running.",
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], Callable[[float], None]] = {}

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One answered request."""
        key = (route, method, status)
        observe = self._children.get(key)
        if observe is None:
            observe = self._requests.labels(route, method, str(status)).observe
            self._children[key] = observe
        observe(seconds)

    def model_outcome(self, outcome: str) -> None:
        """One call of the model."""
        self._model_outcomes.labels(outcome).inc()

    def watch_turns(self, in_flight: Callable[[], float]) -> None:
        """Where to read how many turns are running."""
        self._turns.set_function(in_flight)

    def render(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self.registry)
