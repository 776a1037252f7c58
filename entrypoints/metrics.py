"""Metrics that do not belong to HTTP: those stand beside the routes, in ``http/metrics.py``."""

from prometheus_client import CollectorRegistry, Counter


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._model_calls = Counter(
            "model_calls",
            "Calls of the language model by how they ended: ok, or the kind of failure.",
            ("outcome",),
            registry=self.registry,
        )

    def model_outcome(self, outcome: str) -> None:
        """One call of the model."""
        self._model_calls.labels(outcome).inc()
