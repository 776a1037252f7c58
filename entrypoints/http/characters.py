"""The public catalogue."""

from typing import Final

from domain.accounts import AgeBand, Tier
from domain.errors import NotFound
from entrypoints.card_files.images import APNG, GIF, JPEG, PNG, WEBP
from entrypoints.http.answers import Answer, answer
from entrypoints.http.card_downloads import CARD_FILES, card_file
from entrypoints.http.query_input import PageQuery
from entrypoints.http.routing import Access, Call, Rate, Reader, Routes
from entrypoints.http.schemas.characters import Card, CardQuery, Character, CharacterPage

routes = Routes("Characters")
_REVALIDATE: Final = {"Cache-Control": "public, no-cache"}
_PICTURE_POLICY: Final = "default-src 'none'; sandbox"


@routes.add(
    "GET",
    "/v1/config/characters",
    access=Access.OPTIONAL,
    rate=Rate.NORMAL,
    query=PageQuery,
    answers=CharacterPage,
)
async def list_characters(call: Call[None, PageQuery]) -> Answer:
    """Who one can talk to, by id; with a token, `locked` is by the caller's tier and age."""
    page = await call.services.list_characters(limit=call.query.limit, cursor=call.query.cursor)
    shown = [Character.of(character, *_standing(call)) for character in page.items]
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
    return answer(Character.of(character, *_standing(call)))


@routes.add(
    "GET",
    "/v1/config/characters/<character_id>/card",
    access=Access.OPTIONAL,
    rate=Rate.NORMAL,
    query=CardQuery,
    answers=Card,
    files=CARD_FILES,
    refuses=(NotFound,),
)
async def get_card(call: Call[None, CardQuery], character_id: str) -> Answer:
    """Show a character as Character Card V3.

    As JSON, as a PNG with the card in it (V2 as well, for programs that know no V3), or as a CHARX
    archive with all its files.
    """
    return await card_file(call, character_id, call.query.format)


@routes.add(
    "GET",
    "/v1/config/characters/<character_id>/avatar",
    access=Access.PUBLIC,
    rate=Rate.NORMAL,
    files=(PNG, APNG, JPEG, WEBP, GIF),
    revalidates=True,
    refuses=(NotFound,),
)
async def get_avatar(call: Reader, character_id: str) -> Answer:
    """The picture of a character."""
    known = call.request.if_none_match
    found = await call.services.get_picture(character_id, known.contains_weak)
    headers = {"ETag": f'"{found.file.digest}"', **_REVALIDATE}
    if found.content is None:
        return Answer(b"", 304, headers, content_type=None)
    headers["Content-Security-Policy"] = _PICTURE_POLICY
    return Answer(found.content, headers=headers, content_type=found.file.media_type)


def _standing(call: Call[None, PageQuery] | Reader) -> tuple[Tier, AgeBand]:
    if call.caller is None:
        return Tier.FREE, AgeBand.UNKNOWN
    return call.caller.user.tier, call.caller.user.age_band
