"""From where a request came, as far as that can be known."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

_LONGEST = 64


def client_address(peer: str | None, forwarded: Iterable[str], trusted_hops: int) -> str:
    """The address to count requests by.

    ``forwarded`` are the ``X-Forwarded-For`` headers, each a comma-separated list that every
    proxy appends to. Only the last ``trusted_hops`` entries were written by proxies of ours; the
    first of those is the client, everything before it is the client's own claim.
    """
    if trusted_hops:
        chain = [part.strip() for header in forwarded for part in header.split(",")]
        if len(chain) >= trusted_hops:
            return _counted(chain[-trusted_hops])
    return _counted(peer or "local")


@lru_cache(maxsize=4_096)
def _counted(address: str) -> str:
    """One key per person: an IPv6 customer has a whole /64, an IPv4 address may come as IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:_LONGEST]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
