"""Chance that can be repeated: the same seed always gives the same luck."""

from hashlib import blake2b


def chance(*seed: str) -> float:
    """A number from 0 up to, but not including, 1; evenly spread over different seeds."""
    whole = "\x1f".join(seed).encode(errors="replace")
    # 53 bits are what a float keeps exactly, so that no rounding gives a 1.
    return (int.from_bytes(blake2b(whole, digest_size=8).digest()) >> 11) / (1 << 53)


def chance_below(limit: int, *seed: str) -> int:
    """A whole number from 0 up to, but not including, ``limit``."""
    return int(chance(*seed) * limit)
