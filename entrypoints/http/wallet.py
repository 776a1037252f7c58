"""What a person has to spend, what it was spent on, and what things cost."""

from entrypoints.http.answers import Answer, answer
from entrypoints.http.query_input import NumberedPageQuery
from entrypoints.http.routing import Access, Call, Rate, Reader, Routes
from entrypoints.http.schemas.wallet import Balance, Pricing, Transaction, TransactionPage

routes = Routes("Wallet")


@routes.add("GET", "/v1/wallet/balance", access=Access.FRESH, rate=Rate.NORMAL, answers=Balance)
async def get_balance(call: Reader) -> Answer:
    """Show what there is to spend; the first look of a day brings the day's credits."""
    return answer(Balance.of(await call.services.get_balance(call.user)))


@routes.add(
    "GET",
    "/v1/wallet/transactions",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    query=NumberedPageQuery,
    answers=TransactionPage,
)
async def list_transactions(call: Call[None, NumberedPageQuery]) -> Answer:
    """The ledger, newest first; all its amounts add up to the balance."""
    page = await call.services.list_transactions(
        call.user.id, limit=call.query.limit, cursor=call.query.cursor
    )
    shown = [Transaction.of(entry) for entry in page.items]
    return answer(TransactionPage(shown, page.next_cursor))


@routes.add("GET", "/v1/wallet/pricing", access=Access.USER, rate=Rate.NORMAL, answers=Pricing)
async def get_pricing(call: Reader) -> Answer:
    """The price table in force."""
    return answer(Pricing.of(await call.services.get_pricing()))
