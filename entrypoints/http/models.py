"""The characters as OpenAI's SDKs list models."""

from application.pages import MAX_PAGE
from domain.errors import NotFound
from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Rate, Reader, Routes
from entrypoints.http.schemas.characters import Model, ModelList

routes = Routes("Characters")


@routes.add("GET", "/v1/models", access=Access.PUBLIC, rate=Rate.NORMAL, answers=ModelList)
async def list_models(call: Reader) -> Answer:
    """All characters, as an OpenAI model list."""
    models: list[Model] = []
    cursor: str | None = None
    while True:
        page = await call.services.list_characters(limit=MAX_PAGE, cursor=cursor)
        models += [Model(id=character.id) for character in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return answer(ModelList(data=models))


@routes.add(
    "GET",
    "/v1/models/<character_id>",
    access=Access.PUBLIC,
    rate=Rate.NORMAL,
    answers=Model,
    refuses=(NotFound,),
)
async def get_model(call: Reader, character_id: str) -> Answer:
    """One character, as an OpenAI model."""
    return answer(Model(id=(await call.services.get_character(character_id)).id))
