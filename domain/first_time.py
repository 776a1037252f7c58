"""What a request that is sent again has in common with its first time."""

import hashlib
from datetime import datetime

from attrs import frozen

_MILLISECONDS = 1_000
_NAME_BITS = 74
_COUNTER_BITS = 12
_RANDOM_BITS = 62
_VERSION = 7
_VARIANT = 0b10


@frozen
class FirstTime:
    """When a request came first, and a name that it alone has, each time that it comes.

    What it creates gets its id from here. Should the process die before the answer was kept, the
    second attempt meets what the first one made, and makes nothing of its own.
    """

    at: datetime
    name: str

    def new_id(self, prefix: str) -> str:
        """The same id each time, such as ``ses_0199…``; it sorts as one that was made ``at`` does.

        The bits are those of a UUIDv7, with a digest of the name where others have chance.
        """
        milliseconds = int(self.at.timestamp() * _MILLISECONDS)
        digest = hashlib.sha256(f"{prefix} {self.name}".encode()).digest()
        chance = int.from_bytes(digest) >> (len(digest) * 8 - _NAME_BITS)
        counter, rest = divmod(chance, 1 << _RANDOM_BITS)
        number = (milliseconds << 4 | _VERSION) << _COUNTER_BITS | counter
        number = (number << 2 | _VARIANT) << _RANDOM_BITS | rest
        return f"{prefix}_{number:032x}"
