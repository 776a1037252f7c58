"""The front door, in development: a page to try the product, or where to go from here."""

from attrs import evolve

from domain.errors import NotFound
from entrypoints.chat_page.page import chat_file, chat_page
from entrypoints.http.answers import JSON, Answer, answer
from entrypoints.http.pages import HTML, file_answer, page_answer
from entrypoints.http.routing import Access, Rate, Reader, Routes

routes = Routes("Home")
_BY_WISH = {"Vary": "Accept"}


@routes.add("GET", "/", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_home(call: Reader) -> Answer:
    """A page to chat on for whoever prefers pages; programs are pointed to the documentation."""
    wanted = call.request.accept_mimetypes.best_match((JSON, HTML), default=JSON)
    if wanted == HTML:
        return page_answer(chat_page(), **_BY_WISH)
    pointer = answer({
        "name": "companion",
        "version": call.settings.version,
        "docs": "/docs",
        "openapi": "/openapi.json",
        "base_url": "/v1",
    })  # fmt: skip
    return evolve(pointer, headers=_BY_WISH)


@routes.add("GET", "/chat/<name>", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_chat_file(_call: Reader, name: str) -> Answer:
    """What the page loads; inline styles and scripts are forbidden to it."""
    content = chat_file(name)
    if content is None:
        raise NotFound("There is no such file.")
    return file_answer(name, content)
