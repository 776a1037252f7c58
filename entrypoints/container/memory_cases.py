"""The use cases of memory."""

from dependency_injector import providers

from application.memory.add_memory import AddMemory
from application.memory.catch_up_memories import CatchUpMemories
from application.memory.correct_memory import CorrectMemory
from application.memory.embed_memories import EmbedMemories
from application.memory.forget_memories import ForgetMemories
from application.memory.list_memories import ListMemories
from application.memory.memory_tasks import MemoryTasks
from application.memory.remembering import Remembering
from application.memory.summarizing import Summarizing
from application.safety.written_words import WrittenWords
from entrypoints.container.safety_cases import SafetyCases


class MemoryCases(SafetyCases):
    """Learning in the background, and what people do with their memories."""

    roles = SafetyCases.roles
    limits = SafetyCases.limits

    remembering = providers.Singleton(
        Remembering,
        instant=roles.extractor,
        deep=roles.deep_extractor,
        embedder=roles.embedder,
        memories=roles.memories,
        work=roles.memory_work,
        clock=roles.clock,
        ids=roles.ids,
    )
    summarizing = providers.Singleton(
        Summarizing,
        roles.sessions,
        roles.summarizer,
        roles.deep_summarizer,
        context_tokens=limits.provided.context_tokens,
    )
    memory_tasks = providers.Singleton(MemoryTasks, remembering, summarizing)
    learn_memories = providers.Singleton(
        CatchUpMemories, roles.memory_work, remembering, roles.clock
    )

    written_words = providers.Singleton(
        WrittenWords, SafetyCases.safety_rules, SafetyCases.safety_records
    )
    list_memories = providers.Singleton(ListMemories, roles.memories, memory_tasks)
    add_memory = providers.Singleton(
        AddMemory,
        written_words,
        roles.memories,
        roles.characters,
        roles.embedder,
        roles.extractor,
        roles.clock,
        roles.ids,
    )
    correct_memory = providers.Singleton(
        CorrectMemory, written_words, roles.memories, roles.embedder
    )
    forget_memories = providers.Singleton(ForgetMemories, roles.memories, memory_tasks)
    embed_memories = providers.Singleton(EmbedMemories, roles.memories, roles.embedder)
