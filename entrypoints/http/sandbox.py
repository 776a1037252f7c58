"""Trying everything that can happen to a purchase, in development only."""

from application.market.simulate_store import SimulateStoreCommand
from domain.errors import Conflict, NotFound
from entrypoints.http.answers import Answer, answer
from entrypoints.http.pages import file_answer, page_answer
from entrypoints.http.query_input import NoQuery, PageQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.market import Purchase
from entrypoints.http.schemas.sandbox import SandboxPurchase, SandboxPurchasePage, SimulatedAction
from entrypoints.pages.files import shared_script
from entrypoints.sandbox.page import sandbox_page, sandbox_script, sandbox_style

routes = Routes("Sandbox")
pages = Routes("Sandbox page")


@routes.add(
    "GET",
    "/v1/market/sandbox/purchases",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    query=PageQuery,
    answers=SandboxPurchasePage,
    refuses=(NotFound,),
)
async def list_simulations(call: Call[None, PageQuery]) -> Answer:
    """What one has bought, newest first, and what can happen to it now."""
    page = await call.services.list_simulations(
        call.user.id, limit=call.query.limit, cursor=call.query.cursor
    )
    shown = [SandboxPurchase.of(one) for one in page.items]
    return answer(SandboxPurchasePage(shown, page.next_cursor))


@routes.add(
    "POST",
    "/v1/market/sandbox/purchases/<purchase_id>/simulate",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=SimulatedAction,
    answers=Purchase,
    refuses=(NotFound, Conflict),
)
async def simulate_store(call: Call[SimulatedAction, NoQuery], purchase_id: str) -> Answer:
    """Let something happen to a purchase at the sandbox, as if a real store had told of it."""
    wish = call.body
    purchase = await call.services.simulate_store(
        SimulateStoreCommand(call.user.id, purchase_id, wish.action, wish.percent)
    )
    return answer(Purchase.of(purchase))


@pages.add("GET", "/sandbox", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_sandbox(_call: Reader) -> Answer:
    """A page to buy on and to try the rest."""
    return page_answer(sandbox_page())


@pages.add("GET", "/sandbox/style.css", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_sandbox_style(_call: Reader) -> Answer:
    """How the page looks; inline styles are forbidden to it."""
    return file_answer("style.css", sandbox_style())


@pages.add("GET", "/sandbox/script.js", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_sandbox_script(_call: Reader) -> Answer:
    """What the page does; inline scripts are forbidden to it."""
    return file_answer("script.js", sandbox_script())


@pages.add("GET", "/sandbox/dom.js", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_sandbox_shared_script(_call: Reader) -> Answer:
    """What the page's script shares with others."""
    return file_answer("dom.js", shared_script())
