"""What companions remember, in the hands of the person it is about."""

from application.memory.add_memory import AddMemoryCommand
from domain.errors import ContentBlocked, NotFound
from entrypoints.http.answers import NO_CONTENT, Answer, answer
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.chat import (
    CharacterFilter,
    Memory,
    MemoryChange,
    MemoryPage,
    MemoryQuery,
    NewMemory,
)

routes = Routes("Memories")


@routes.add(
    "GET",
    "/v1/chat/memories",
    access=Access.USER,
    rate=Rate.NORMAL,
    query=MemoryQuery,
    answers=MemoryPage,
)
async def list_memories(call: Call[None, MemoryQuery]) -> Answer:
    """What is remembered, newest first."""
    query = call.query
    page = await call.services.list_memories(
        call.user.id,
        character_id=query.character_id,
        limit=query.limit,
        cursor=query.cursor,
        with_history=query.history == "true",
    )
    return answer(MemoryPage([Memory.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "POST",
    "/v1/chat/memories",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=NewMemory,
    status=201,
    answers=Memory,
    refuses=(NotFound, ContentBlocked),
)
async def add_memory(call: Call[NewMemory, NoQuery]) -> Answer:
    """Tell a character something to remember."""
    command = AddMemoryCommand(call.user, call.body.character_id, call.body.text, call.first)
    return answer(Memory.of(await call.services.add_memory(command)), 201)


@routes.add(
    "PATCH",
    "/v1/chat/memories/<memory_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=MemoryChange,
    answers=Memory,
    refuses=(NotFound, ContentBlocked),
)
async def correct_memory(call: Call[MemoryChange, NoQuery], memory_id: str) -> Answer:
    """Put a memory right."""
    corrected = await call.services.correct_memory(call.user, memory_id, call.body.text)
    return answer(Memory.of(corrected))


@routes.add(
    "DELETE",
    "/v1/chat/memories/<memory_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    status=204,
    refuses=(NotFound,),
)
async def forget_memory(call: Reader, memory_id: str) -> Answer:
    """Forget one thing."""
    await call.services.forget_memories.one(call.user.id, memory_id)
    return NO_CONTENT


@routes.add(
    "DELETE",
    "/v1/chat/memories",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    query=CharacterFilter,
    status=204,
)
async def forget_memories(call: Call[None, CharacterFilter]) -> Answer:
    """Forget all that one character remembers, or all of them."""
    await call.services.forget_memories(call.user.id, character_id=call.query.character_id)
    return NO_CONTENT
