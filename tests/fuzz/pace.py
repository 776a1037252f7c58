"""How long to look, and from which seed: ``make fuzz FUZZ=short SEED=7``."""

import os

IS_FULL = os.environ.get("FUZZ", "full") != "short"
SEED = int(os.environ.get("FUZZ_SEED") or "1")
"""Where all chance begins; another seed, other requests."""


def paced(full: int, short: int) -> int:
    """What the run asks for: minutes by hand, or seconds for every change."""
    return full if IS_FULL else short
