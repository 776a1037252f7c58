"""Turns in an administrator's hands."""

from domain.errors import NotFound
from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Rate, Reader, Routes
from entrypoints.http.schemas.prompts import Prompt

routes = Routes("Administration: turns")


@routes.add(
    "GET",
    "/v1/admin/users/<user_id>/turns/<turn_id>/prompt",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    answers=Prompt,
    refuses=(NotFound,),
)
async def show_prompt(call: Reader, user_id: str, turn_id: str) -> Answer:
    """Show what the model was given to read, part by part.

    Only references are kept, so what the person has deleted since is not shown.
    """
    user = await call.services.find_users.one(user_id)
    return answer(Prompt.of(await call.services.show_prompt(user.id, turn_id)))
