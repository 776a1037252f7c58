"""Whether this process can serve."""

import asyncio
from collections.abc import Mapping, Sequence

from application.ports.health_probe import HealthProbe
from domain.errors import Unavailable


class CheckReadiness:
    """Asks everything that a request needs."""

    def __init__(self, probes: Sequence[HealthProbe]) -> None:
        self._probes = probes

    async def __call__(self) -> Mapping[str, bool]:
        """For each dependency, whether it answers."""
        answers = await asyncio.gather(*map(self._answers, self._probes))
        return dict(zip((probe.name for probe in self._probes), answers, strict=True))

    @staticmethod
    async def _answers(probe: HealthProbe) -> bool:
        try:
            await probe.check()
        except Unavailable:
            return False
        return True
