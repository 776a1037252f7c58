"""The Auth emulator: where firebase-admin looks for it, and that it does so only when asked."""

import os

from domain.errors import Unavailable

_VARIABLE = "FIREBASE_AUTH_EMULATOR_HOST"


class EmulatorSwitch:
    """Holds the environment variable at ``host`` (``host:port``), or absent for None.

    firebase-admin reads it at each verification, and checks neither signature nor algorithm nor
    expiry while it is set. So it must never be set by chance.
    """

    def __init__(self, host: str | None) -> None:
        """Raises ``ValueError`` when the environment says otherwise."""
        self._host = host or ""
        found = os.environ.get(_VARIABLE, "")
        if found not in {"", self._host}:
            raise ValueError(f"{_VARIABLE} is set to something else than the settings say.")
        if "//" in self._host:
            raise ValueError(f"{_VARIABLE} is host:port, without a scheme.")
        self._is_ours = self.is_on and not found
        if self._is_ours:
            os.environ[_VARIABLE] = self._host

    @property
    def is_on(self) -> bool:
        """Whether tokens are the emulator's."""
        return self._host != ""

    def check(self) -> None:
        """Raises ``Unavailable`` when somebody has turned the switch since."""
        if os.environ.get(_VARIABLE, "") != self._host:
            raise Unavailable(f"{_VARIABLE} was changed while running: no token can be trusted.")

    def release(self) -> None:
        """Leave the environment as it was found."""
        if self._is_ours:
            os.environ.pop(_VARIABLE, None)
