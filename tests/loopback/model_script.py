"""What the loopback model server can be told to do.

A behaviour is one JSON object, sent to ``POST /control`` or written into the last user message as
``@@stall after=2``. Its name is one of

- replies: ``answer`` (``text``), ``echo`` (the whole prompt comes back), ``tokens`` (``count``,
  ``delay`` seconds between them), ``length``, ``content_filter``, ``refusal``, ``tool_calls``,
  ``thinking`` (``count`` reasoning pieces first), ``no_done``;
- faults in the reply, after ``after`` pieces: ``stall`` (until released; with ``after=0`` not even
  headers are sent), ``pings``, ``disconnect``, ``broken_chunk``, ``no_finish``, ``error_event``,
  ``content_event``;
- faults instead of a reply: ``html``, ``empty``, ``huge``, ``redirect``, ``status`` (any
  ``status``), and those of ``model_behaviours.ERRORS``, such as ``rate_limited`` (``retry_after``),
  ``server_error``, ``model_gone``, ``echo_key``; ``vectors`` and ``scores``
  send ``text`` as the body.
"""

import re
from typing import Any, Literal

import msgspec

_REPORTED = {"prompt", "cached", "completion", "reasoning", "total"}
INLINE = re.compile(r"@@(\w+)((?:\s+\w+=\S+)*)")

Name = Literal[
    "answer", "echo", "tokens", "length", "content_filter", "refusal", "tool_calls", "thinking",
    "no_done", "stall", "pings", "disconnect", "broken_chunk", "no_finish", "error_event",
    "content_event", "html", "empty", "huge", "redirect", "rate_limited", "no_credits",
    "server_error", "overloaded", "unauthorized", "payment_required", "content_refused",
    "key_forbidden", "wrong_key", "bad_request", "model_gone", "model_gone_400", "echo_key",
    "status", "vectors", "scores",
]  # fmt: skip


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do; see the module's text. ``times`` None means until further notice."""

    behaviour: Name = "answer"
    times: int | None = None
    model: str | None = None  # only for calls of this model
    endpoint: str = "chat"  # or "form" (structured output), "embeddings", "moderations"
    text: str = "Hello there, it is good to see you."
    count: int = 20
    delay: float = 0.0
    after: int = 0
    at_once: bool = False  # all events in one piece of the network's, not one each
    status: int | None = None
    retry_after: str | None = None
    usage: str = "last"  # or before_last, empty_choices, every, none
    prompt: Any = 11  # the numbers reported; anything at all, to try what a client makes of it
    cached: Any = 3
    completion: Any = None  # by default, one for each piece
    reasoning: Any = None
    total: Any = None


def inline(text: str) -> Behaviour | None:
    found = INLINE.search(text)
    if found is None:
        return None
    options: dict[str, Any] = dict(pair.split("=", 1) for pair in found[2].split())
    for name in _REPORTED & options.keys():
        if options[name].isdigit():
            options[name] = int(options[name])
    return msgspec.convert({"behaviour": found[1], **options}, Behaviour, strict=False)
