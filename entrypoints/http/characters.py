"""The public catalogue."""

from domain.accounts import Tier
from domain.errors import NotFound
from entrypoints.http.answers import Answer, answer
from entrypoints.http.query_input import PageQuery
from entrypoints.http.routing import Access, Call, Rate, Reader, Routes
from entrypoints.http.schemas.characters import Card, Character, CharacterPage

routes = Routes("Characters")


@routes.add(
    "GET",
    "/v1/config/characters",
    access=Access.OPTIONAL,
    rate=Rate.NORMAL,
    query=PageQuery,
    answers=CharacterPage,
)
async def list_characters(call: Call[None, PageQuery]) -> Answer:
    """Who one can talk to, by id; with a token, `locked` is by the caller's tier."""
    page = await call.services.list_characters(limit=call.query.limit, cursor=call.query.cursor)
    shown = [Character.of(character, _tier(call)) for character in page.items]
    return answer(CharacterPage(shown, page.next_cursor))


@routes.add(
    "GET",
    "/v1/config/characters/<character_id>",
    access=Access.OPTIONAL,
    rate=Rate.NORMAL,
    answers=Character,
    refuses=(NotFound,),
)
async def get_character(call: Reader, character_id: str) -> Answer:
    """Show a character."""
    character = await call.services.get_character(character_id)
    return answer(Character.of(character, _tier(call)))


@routes.add(
    "GET",
    "/v1/config/characters/<character_id>/card",
    access=Access.OPTIONAL,
    rate=Rate.NORMAL,
    answers=Card,
    refuses=(NotFound,),
)
async def get_card(call: Reader, character_id: str) -> Answer:
    """Show a character as Character Card V3."""
    return answer((await call.services.get_character(character_id)).card)


def _tier(call: Call[None, PageQuery] | Reader) -> Tier:
    return call.caller.user.tier if call.caller else Tier.FREE
