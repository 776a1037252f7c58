"""The one shape of errors."""

from typing import Annotated

from msgspec import Meta, Struct


class Error(Struct, frozen=True):
    """What went wrong, in the shape that OpenAI's SDKs parse."""

    type: Annotated[str, Meta(description="A coarse class, as OpenAI names them.")]
    code: Annotated[str, Meta(description="The stable code to switch on.")]
    message: Annotated[str, Meta(description="For people; may change.")]
    param: Annotated[str | None, Meta(description="The field that is wrong, if it is one.")]
    request_id: Annotated[str, Meta(description="The X-Request-ID of this answer.")]


class ErrorAnswer(Struct, frozen=True):
    """Every answer that is not a success, and the last event of a stream that failed."""

    error: Error
