"""A store that knows the proofs that a test gave it."""

from domain.errors import InvalidRequest, Unavailable
from domain.market.reports import Report


class InMemoryStoreVerifier:
    """Every proof that ``sell`` was not told of is a forgery."""

    def __init__(self) -> None:
        self._sold: dict[str, Report] = {}
        self.is_away = False

    def sell(self, proof: str, report: Report) -> None:
        """From now on this proof says so; said again, it says something else."""
        self._sold[proof] = report

    async def verify(self, proof: str, *, product_id: str) -> Report:
        if self.is_away:
            raise Unavailable("The store does not answer.")
        report = self._sold.get(proof)
        if report is None:
            raise InvalidRequest("This is not genuine.")
        if report.product_id != product_id:
            raise InvalidRequest("This is for another product.", param="product_id")
        return report
