"""Traces, sent to an OpenTelemetry collector; imported only by a process that has one.

The spans are made by hand, at the few places where this product leaves its own process. What
instruments libraries does not know ours (statements go below psycopg's cursors, commands below
redis-py's client), wraps what needs no wrapping, and puts statements and addresses into attributes.
A span has no text that anybody wrote, and no id of a person.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Final

from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from domain.chat import Turn, TurnStatus

_EXPORT_SECONDS = 3.0
_SERVER_ERRORS: Final = 500
_WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)")
_READS = re.compile(r"\b(FROM)\s+([a-z_]+)")
_NO_FAULT = frozenset({"completed", "abandoned"})
_propagator = TraceContextTextMapPropagator()


class ClientSpan:
    """A call of somebody else that tells them where it belongs."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.headers: dict[str, str] = {}
        _propagator.inject(self.headers, set_span_in_context(span))

    def model_ended(self, outcome: str, prompt: int | None, completion: int | None) -> None:
        """The model's call ended so, with so many tokens."""
        if prompt is not None and completion is not None:
            self._span.set_attribute("gen_ai.usage.input_tokens", prompt)
            self._span.set_attribute("gen_ai.usage.output_tokens", completion)
        self._span.set_attribute("companion.outcome", outcome)
        if outcome not in _NO_FAULT:
            _fail(self._span, outcome)
        self._span.end()


class Tracing:
    """Makes the spans of this process and sends them in the background, in batches.

    ``endpoint`` is the collector's base URL; what else OpenTelemetry's own ``OTEL_…`` variables
    say (headers, sampling) holds too.
    """

    def __init__(self, endpoint: str, service_name: str) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS
        )
        resource = Resource.create({SERVICE_NAME: service_name})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("companion")

    def close(self) -> None:
        """Send what is left and end; blocks for some seconds when the collector is away."""
        self._provider.shutdown()

    def begin_request(self, carrier: Mapping[str, str]) -> Span:
        """The span of a request, under that of its caller; what follows in this task is below it.

        ``carrier`` has the caller's ``traceparent``, if it sent one.
        """
        # Named when its route is known: a method may be any word.
        span = self._tracer.start_span(
            "HTTP", context=_propagator.extract(carrier), kind=SpanKind.SERVER
        )
        # Never detached: the context ends with the request's task.
        context.attach(set_span_in_context(span))
        return span

    def end_request(self, span: Span, method: str, route: str | None, status: int) -> None:
        """The answer to a request begins."""
        span.set_attribute("http.response.status_code", status)
        if route is not None:
            span.update_name(f"{method} {route}")
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", route)
        if status >= _SERVER_ERRORS:
            _fail(span, str(status))
        span.end()

    def trace_id_of(self, span: Span) -> str:
        """The trace that a span belongs to, in hexadecimal."""
        return format_trace_id(span.get_span_context().trace_id)

    def begin_turn(self, turn: Turn) -> Span:
        """The span of a turn that was opened; its own task's work comes below it."""
        span = self._tracer.start_span(
            "turn",
            attributes={
                "companion.turn.id": turn.id,
                "companion.character.id": turn.character_id,
                "companion.stream": turn.stream,
            },
        )
        context.attach(set_span_in_context(span))
        return span

    def end_turn(self, span: Span, turn: Turn) -> None:
        """The turn was, or for the first time should have been, stored as ended."""
        if not span.is_recording():
            return
        span.set_attribute("companion.outcome", turn.status.value)
        if turn.receipt is not None:
            span.set_attribute("companion.credits.charged", turn.receipt.charged)
        if turn.status is TurnStatus.FAILED:
            _fail(span, turn.error_code or "failed")
        span.end()

    def model_call(self, model: str, *, is_chat: bool) -> ClientSpan:
        """The span of one call of a language model: to answer somebody, or to learn."""
        return ClientSpan(
            self._tracer.start_span(
                f"{'chat' if is_chat else 'learn'} {model}",
                kind=SpanKind.CLIENT,
                attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": model},
            )
        )

    @contextmanager
    def statement(self, sql: str) -> Iterator[None]:
        """Around a statement, named by what it does to which table; its text has no values."""
        with self._call(_summary(sql), "postgresql"):
            yield

    @contextmanager
    def command(self, name: str) -> Iterator[None]:
        """Around a command to Redis."""
        with self._call(name, "redis"):
            yield

    @contextmanager
    def _call(self, name: str, system: str) -> Iterator[None]:
        span = self._tracer.start_span(
            name, kind=SpanKind.CLIENT, attributes={"db.system.name": system}
        )
        try:
            yield
        except BaseException as error:
            # Its kind, never its message: that may quote what people wrote.
            _fail(span, type(error).__name__)
            raise
        finally:
            span.end()


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


@cache
def _summary(sql: str) -> str:
    found = _WRITES.search(sql) or _READS.search(sql)
    if found is None:
        return sql.split(maxsplit=1)[0]
    operation = "SELECT" if found[1] == "FROM" else found[1].split()[0]
    return f"{operation} {found[2]}"
