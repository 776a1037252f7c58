"""The composition root: the only place that knows which adapter plays which role.

``embedded`` starts the parts that no setting names, ``real`` and ``in_memory`` choose an adapter
for each role, ``use_cases`` wires them. Each module is imported only by a process that uses it.
"""

from collections.abc import Callable

from attrs import evolve

from entrypoints.config import Settings
from entrypoints.container.adapters import Adapters
from entrypoints.container.use_cases import UseCases
from entrypoints.observability.model_calls import Watching

__all__ = ["Adapters", "UseCases", "build_adapters", "build_use_cases", "with_stand_in_model"]

_WORD_SECONDS = 0.02
"""Slow enough to be seen streaming."""


def build_adapters(
    settings: Settings,
    on_model_outcome: Callable[[str], None],
    watching: Watching | None = None,
) -> Adapters:
    """The adapters of the stack that the settings name; nothing connects yet."""
    if settings.is_memory:
        from entrypoints.container.in_memory import build_in_memory

        return build_in_memory(
            word_seconds=_WORD_SECONDS,
            sandbox_page=settings.sandbox_page if settings.has_sandbox else None,
            store_settings=settings.stores,
        )
    from entrypoints.container.real import build_real

    return build_real(settings, on_model_outcome, watching=watching)


def with_stand_in_model(adapters: Adapters) -> Adapters:
    """The same adapters, but the in-memory model answers."""
    from adapters.in_memory.chat_model import InMemoryChatModel
    from entrypoints.container.in_memory import MODEL

    return evolve(adapters, model=InMemoryChatModel(), models=(MODEL,))


def build_use_cases(settings: Settings, adapters: Adapters) -> UseCases:
    """Every use case, wired to these adapters."""
    return UseCases(settings=settings, adapters=adapters)
