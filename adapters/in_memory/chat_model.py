"""A stand-in for the language model: set phrases, or whatever a test has scripted."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Collection

from attrs import frozen

from adapters.in_memory.set_phrases import reply_in_set_phrases
from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage, TextDelta
from domain.errors import ContentBlocked, ModelUnavailable

_WORD = re.compile(r"\s*\S+\s*\Z|\s*\S+")
_REMEMBERED_REQUESTS = 100
_UNAVAILABLE = "The model cannot answer at the moment; nothing was charged."


@frozen
class Script:
    """How one call goes.

    ``text`` None asks for the set phrases. The three ``…_after`` count the words that are shown
    before it happens; a stalled reply goes on when ``release`` is called. ``usage`` replaces the
    counted one.
    """

    text: str | None = None
    stall_after: int | None = None
    fail_after: int | None = None
    block_after: int | None = None
    reports_usage: bool = True
    usage: ModelUsage | None = None


class InMemoryChatModel:
    """Answers at once, word by word, with one word counted as one token.

    ``word_seconds`` passes before each word. A stall longer than ``patience_seconds`` ends as a
    missed deadline. ``missing_models`` are ids that the provider does not have.
    """

    def __init__(
        self,
        *,
        word_seconds: float = 0.0,
        patience_seconds: float = 30.0,
        missing_models: Collection[str] = (),
    ) -> None:
        self._word_seconds = word_seconds
        self._patience_seconds = patience_seconds
        self._missing_models = frozenset(missing_models)
        self._scripts: deque[Script] = deque()
        self._gate = asyncio.Event()
        self.requests: deque[ModelRequest] = deque(maxlen=_REMEMBERED_REQUESTS)
        """The last requests, oldest first."""

    def script(self, *scripts: Script) -> None:
        """Let the next calls go like this, one script a call; then set phrases again."""
        self._scripts.extend(scripts)

    def release(self) -> None:
        """Let all stalled replies go on."""
        self._gate.set()
        self._gate = asyncio.Event()

    async def generate(
        self, request: ModelRequest
    ) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        self.requests.append(request)
        script = self._scripts.popleft() if self._scripts else Script()
        model = next((one for one in request.models if one not in self._missing_models), None)
        if model is None:
            raise ModelUnavailable(_UNAVAILABLE)
        text = reply_in_set_phrases(request.messages) if script.text is None else script.text
        all_words = _WORD.findall(text)
        words = all_words[: request.max_tokens]
        for number, word in enumerate(words):
            await self._happen(script, number)
            await asyncio.sleep(self._word_seconds)
            if request.stream:
                yield TextDelta((word,))
        await self._happen(script, len(words), or_later=True)
        if not words:
            raise ModelUnavailable(_UNAVAILABLE)
        if not request.stream:
            yield TextDelta(("".join(words),))
        usage = script.usage or _counted(request, len(words))
        yield ModelFinished(
            model=model,
            finish_reason="stop" if len(words) == len(all_words) else "length",
            usage=usage if script.reports_usage else None,
        )

    async def _happen(self, script: Script, shown: int, *, or_later: bool = False) -> None:
        """What the script has in store at this word."""

        def is_due(after: int | None) -> bool:
            return after is not None and (after == shown or (or_later and after > shown))

        if is_due(script.stall_after):
            try:
                await asyncio.wait_for(self._gate.wait(), self._patience_seconds)
            except TimeoutError:
                raise ModelUnavailable(_UNAVAILABLE) from None
        if is_due(script.block_after):
            raise ContentBlocked("The model's provider refuses to answer this.")
        if is_due(script.fail_after):
            raise ModelUnavailable(_UNAVAILABLE)


def _counted(request: ModelRequest, words: int) -> ModelUsage:
    prompt = sum(len(one.content.split()) for one in request.messages)
    return ModelUsage(prompt=prompt, cached=0, completion=words)
