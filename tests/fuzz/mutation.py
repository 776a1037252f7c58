"""Sound JSON made unsound, a little at a time."""

import copy
import random
from collections.abc import Callable
from typing import Any

Mutation = Callable[[Any, random.Random], Any]
_STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 2**64, 10**40, 1.5, -0.0, 1e308, "", " ",
    "\x00", "a\x00b", "\ud800", "x" * 5_000, "0", "-1", "1e9", "null", "\u202e", [], {}, [None],
    [[]], {"id": None}, {"": ""}, ["a", 1, {}], "usr_nobody", "2026-13-45T99:99:99Z", "é" * 300,
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands, the whole aside."""
    found = [at] if at else []
    inner: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
    if isinstance(value, list):
        inner = list(enumerate(value))
    for step, one in inner:
        found += places(one, (*at, step))
    return found


def mutated(value: Any, chance: random.Random) -> Any:
    """A copy with one to three things in it removed, replaced, doubled or moved."""
    value = copy.deepcopy(value)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        found = places(value)
        if not found:
            return chance.choice(_STRANGE)
        at = chance.choice(found)
        holder = value
        for step in at[:-1]:
            holder = holder[step]
        match chance.randrange(5):
            case 0:
                del holder[at[-1]]
            case 1 if isinstance(holder, dict):
                holder[f"{at[-1]}x"] = holder.pop(at[-1])
            case 2:
                holder[at[-1]] = [holder[at[-1]]]
            case _:
                holder[at[-1]] = copy.deepcopy(chance.choice(_STRANGE))
    return value


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The same bytes with a few of them changed, removed or repeated."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = b""
            case 1:
                changed[at:at] = bytes([chance.randrange(256)])
            case 2:
                changed[at:at] = changed[at : at + 20]
            case _:
                changed[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(changed)
