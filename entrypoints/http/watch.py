"""Looks on while a request is answered: its log line, its metrics, its span."""

from time import perf_counter
from typing import TYPE_CHECKING, Final

from entrypoints.http.metrics import HttpMetrics
from entrypoints.http.request import HttpRequest
from entrypoints.logs import log_access
from entrypoints.observability.trail import Trail, set_trail, trace_id_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from entrypoints.observability.otel import Tracing

_TRACEPARENT: Final = "traceparent"
_CLIENT_LEFT: Final = 499
"""The client hung up before its answer began: nginx's number for it, in logs and traces only."""


class RequestWatch:
    """Begins to look on each request."""

    def __init__(self, metrics: HttpMetrics, tracing: "Tracing | None") -> None:
        self.metrics = metrics
        self.tracing = tracing

    def begin(self, request: HttpRequest) -> "WatchedRequest":
        """From now on the log lines and spans of this task, and of those it begins, are of it."""
        return WatchedRequest(self, request)


class WatchedRequest:
    """One request, until its answer begins."""

    __slots__ = ("_request", "_span", "_trail", "_watch")

    def __init__(self, watch: RequestWatch, request: HttpRequest) -> None:
        self._watch = watch
        self._request = request
        self._span: Span | None = None
        traceparent = request.headers.get(_TRACEPARENT)
        if watch.tracing is None:
            trace_id = trace_id_of(request.id, traceparent)
        else:
            carrier = {_TRACEPARENT: traceparent} if traceparent else {}
            self._span = watch.tracing.begin_request(carrier)
            trace_id = watch.tracing.trace_id_of(self._span)
        self._trail = Trail(request.id, trace_id, perf_counter())
        set_trail(self._trail)

    def answered(self, status: int) -> None:
        """Its answer begins."""
        seconds = perf_counter() - self._trail.started
        self._watch.metrics.count(self._request.method, self._route, status, seconds)
        self._end(status, seconds)

    def left(self) -> None:
        """The client has hung up, and what was done for it was given up."""
        self._end(_CLIENT_LEFT, perf_counter() - self._trail.started)

    @property
    def _route(self) -> str | None:
        rule = self._request.url_rule
        return rule.rule if rule else None

    def _end(self, status: int, seconds: float) -> None:
        route, method = self._route, self._request.method
        log_access(self._trail, method, route, status, seconds)
        if self._span is not None and self._watch.tracing is not None:
            self._watch.tracing.end_request(self._span, method, route, status)
