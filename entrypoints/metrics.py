"""Every metric that does not belong to HTTP: those stand beside the routes, in ``http/metrics.py``.

Names and meanings are promises to dashboards and alerts; ``deploy/metrics.md`` lists them.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from application.ports.vital_signs import Vitals
from domain.lots import Bucket

_WAITS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)
_LENGTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0)
_NO_FAULT = frozenset({"completed", "abandoned"})
_ACTIVE_SECONDS = 300.0
_MOST_SESSIONS = 100_000
_OUTCOMES = ("completed", "stopped", "failed", "answered")
CIRCUIT_STATES = ("closed", "open", "half_open")


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._make_turn_metrics()
        self._make_model_metrics()
        self._make_connection_metrics()
        self._make_sampled_metrics()
        self._store_messages = self._counter(
            "store_messages", "Messages from stores by what became of them.", "provider", "outcome"
        )
        self._safety_events = self._counter(
            "safety_events", "What the safety rules counted, by kind.", "kind"
        )

    # what happens in turns

    def _make_turn_metrics(self) -> None:
        turns = self._counter("chat_turns", "Turns by how they ended.", "outcome")
        self._turns = {outcome: turns.labels(outcome) for outcome in _OUTCOMES}
        credits_charged = self._counter(
            "credits_charged", "Credits charged for replies, by where they came from.", "bucket"
        )
        self._credits = {bucket: credits_charged.labels(bucket.value) for bucket in Bucket}
        self._first_token = Histogram(
            "chat_first_token_seconds",
            "From the arrival of a request to the first word of its reply.",
            buckets=_WAITS,
            registry=self.registry,
        )
        self._sessions: OrderedDict[str, float] = OrderedDict()
        active = self._gauge("chat_active_sessions", "Sessions with a turn in the last 5 minutes.")
        active.set_function(self._active_sessions)

    def turn_began(self, session_id: str) -> None:
        """A turn of this session was stored."""
        sessions = self._sessions
        sessions[session_id] = self._now()
        sessions.move_to_end(session_id)
        if len(sessions) > _MOST_SESSIONS:
            sessions.popitem(last=False)

    def turn_ended(self, outcome: str, charged: Mapping[Bucket, int]) -> None:
        """A turn was stored as ended, and so many credits were charged for it."""
        self._turns[outcome].inc()
        for bucket, amount in charged.items():
            self._credits[bucket].inc(amount)

    def first_token(self, seconds: float) -> None:
        """So long somebody has waited for the first word."""
        self._first_token.observe(seconds)

    def _active_sessions(self) -> float:
        oldest = self._now() - _ACTIVE_SECONDS
        sessions = self._sessions
        while sessions and next(iter(sessions.values())) < oldest:
            sessions.popitem(last=False)
        return len(sessions)

    # the model

    def _make_model_metrics(self) -> None:
        self._model_calls = self._counter(
            "model_calls",
            "Calls of the language model by how they ended: completed, or the kind of failure.",
            "outcome",
        )
        self._model_errors = self._counter(
            "model_errors", "Calls of the language model that failed.", "model", "kind"
        )
        self._model_first = Histogram(
            "model_first_token_seconds",
            "From asking the model until the first piece of its reply.",
            ("model",),
            buckets=_WAITS,
            registry=self.registry,
        )
        self._model_whole = Histogram(
            "model_duration_seconds",
            "From asking the model until the end of its reply.",
            ("model",),
            buckets=_LENGTHS,
            registry=self.registry,
        )
        self._by_model: dict[str, tuple[Histogram, Histogram]] = {}
        self._circuit = self._gauge(
            "model_circuit_state", "1 for the state that the circuit is in.", "circuit", "state"
        )

    def model_outcome(self, outcome: str) -> None:
        """One call of the model ended, or was not made as the circuit is open."""
        self._model_calls.labels(outcome).inc()

    def model_call(
        self, model: str, outcome: str, first_seconds: float | None, seconds: float
    ) -> None:
        """One call for a reply ended; ``first_seconds`` None: nothing of a reply came."""
        series = self._by_model.get(model)
        if series is None:
            series = self._model_first.labels(model), self._model_whole.labels(model)
            self._by_model[model] = series
        if first_seconds is not None:
            series[0].observe(first_seconds)
        if outcome == "completed":
            series[1].observe(seconds)
        self.model_error(model, outcome)

    def model_error(self, model: str, outcome: str) -> None:
        """One call of any kind ended; counted if it failed."""
        if outcome not in _NO_FAULT:
            self._model_errors.labels(model, outcome).inc()

    def watch_circuit(self, name: str, state: Callable[[], str]) -> None:
        """Show the state of a circuit breaker."""
        for one in CIRCUIT_STATES:
            series = self._circuit.labels(name, one)
            series.set_function(partial(lambda wanted: float(state() == wanted), one))

    # what this process holds

    def _make_connection_metrics(self) -> None:
        self._connections = self._gauge(
            "database_connections", "Connections to PostgreSQL.", "state"
        )
        self._limit = self._gauge("database_connections_limit", "The most there may be.")
        self._waiting = self._gauge("database_callers_waiting", "Callers waiting for a connection.")
        self._redis_up = self._gauge("redis_up", "Whether Redis answered the last time.")

    def watch_database(self, counts: Callable[[], Mapping[str, int]], limit: int) -> None:
        """Show the connections; ``counts`` has ``connections``, ``free`` and ``waiting``."""
        self._connections.labels("free").set_function(lambda: counts()["free"])
        self._connections.labels("in_use").set_function(
            lambda: counts()["connections"] - counts()["free"]
        )
        self._limit.set(limit)
        self._waiting.set_function(lambda: counts()["waiting"])

    def watch_redis(self, answers: Callable[[], bool]) -> None:
        """Show whether Redis answered last."""
        self._redis_up.set_function(lambda: float(answers()))

    # stores and safety

    def store_message(self, provider: str, outcome: str) -> None:
        """Something became of a message from a store."""
        self._store_messages.labels(provider, outcome).inc()

    def safety_counted(self, kinds: Iterable[str]) -> None:
        """The safety log counted these."""
        for kind in kinds:
            self._safety_events.labels(kind).inc()

    # what the database knows

    def _make_sampled_metrics(self) -> None:
        self._sampled_at = self._now()
        self._successes: dict[str, float] = {}
        self._open_holds = self._gauge("wallet_open_holds", "Holds of turns that have not ended.")
        self._overdue = self._gauge(
            "wallet_overdue_holds", "Wallets whose expired holds nobody has released for a minute."
        )
        self._job_age = self._gauge(
            "job_age_seconds", "Since the job's last success, or since the start.", "job"
        )
        self._job_period = self._gauge("job_period_seconds", "How often the job is due.", "job")
        self._breaks = self._gauge(
            "invariant_breaks", "What the last check of the invariants found; NaN: none was made."
        )
        self._breaks.set(math.nan)
        self._inbox_lag = self._gauge(
            "store_inbox_lag_seconds", "For how long the oldest due message of a store has waited."
        )
        self._inbox_waiting = self._gauge("store_inbox_waiting", "Messages not applied yet.")
        self._inbox_parked = self._gauge("store_inbox_parked", "Messages that a person must see.")
        self._errands_waiting = self._gauge("errands_waiting", "What we still owe the stores.")
        self._errands_parked = self._gauge("errands_parked", "Errands that a person must see.")
        age = self._gauge("state_sample_age_seconds", "Since the sampled metrics were last read.")
        age.set_function(lambda: self._now() - self._sampled_at)

    def name_jobs(self, periods: Mapping[str, timedelta]) -> None:
        """Show the age of each of these jobs, from now on until a success is known."""
        started = self._now()
        for job, period in periods.items():
            self._successes.setdefault(job, started)
            self._job_period.labels(job).set(period.total_seconds())
            self._job_age.labels(job).set_function(partial(self._age_of, job))

    def vitals_read(self, vitals: Vitals) -> None:
        """The database was asked how it all is."""
        self._sampled_at = self._now()
        for job, at in vitals.job_successes.items():
            self._successes[job] = at.timestamp()
        self._open_holds.set(vitals.open_holds)
        self._overdue.set(vitals.overdue_wallets)
        breaks = vitals.invariant_breaks
        self._breaks.set(math.nan if breaks is None else breaks)
        self._inbox_lag.set(vitals.inbox_lag.total_seconds())
        self._inbox_waiting.set(vitals.inbox_waiting)
        self._inbox_parked.set(vitals.inbox_parked)
        self._errands_waiting.set(vitals.errands_waiting)
        self._errands_parked.set(vitals.errands_parked)

    def _age_of(self, job: str) -> float:
        return max(0.0, self._now() - self._successes[job])

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)
