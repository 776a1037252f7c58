"""Python's collector of cycles, set for a server that runs for long."""

import gc

_YOUNG = 20_000
"""Objects made since the last look, of which a turn leaves some hundreds, before the next one."""


def keep_what_was_loaded() -> None:
    """Take all that there is now for lasting: modules, rules, routes, connections.

    Otherwise each full collection walks through some 180,000 objects that never go away and stops
    every stream for 0.1 s, and small collections come several times a turn.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
