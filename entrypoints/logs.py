"""Structured logs: one JSON object a line, or plain lines on a terminal in development."""

import logging
import sys

import structlog


def configure_logs(level: str, *, json: bool) -> None:
    """Send all logs, ours and the libraries', to standard error in one format.

    Libraries say less: a driver's debug line could quote a statement's parameters.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks never show local variables: those hold what people wrote.
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    last: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if json:
        without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        last.append(structlog.processors.ExceptionRenderer(without_locals))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, renderer])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in (
        "httpx",
        "httpcore",
        "httpx2",
        "httpcore2",
        "aiohttp",
        "openai",
        "psycopg",
        "apscheduler",
        "hypercorn",
    ):
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
