"""``python -m bench --only latency``: what a server adds to the time a model takes to speak.

The model sends a word every ten milliseconds and notes when; the reader notes when each came. What
lies between is the server's doing. Requests come at random moments, at a tenth and at six tenths of
what each side can do, and do not wait for each other.
"""

import json
import time
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import uvloop
from attrs import frozen

from bench import litellm
from bench.figures import Figure, Options, alternate, compare, missing, percentile
from bench.model import WORDS, paced
from bench.sides import BARE, LITELLM, WHOLE, Cpu, Side, Stand, started
from bench.words import Heard, arrivals, saturate

LOADS = (0.1, 0.6)
SECONDS, QUICK_SECONDS = 4.0, 3.0
WARM_UP_SECONDS = 4.0
STREAMS = 96
MILLISECONDS = 10
_SETTLING_TRIES = 40
_IDLE_SECONDS = 0.025
"""Processor time in half a second of a server that has nothing to do."""
TEXT = "Tell me something about the sea that few people know, in two sentences."


@frozen
class Round:
    """What one side added in a round, in milliseconds, and the processor time that it used."""

    first: Sequence[float]
    each: Sequence[float]
    cpu: Cpu

    @property
    def cpu_each(self) -> float:
        """Milliseconds of the server process's time for a stream."""
        return 1_000 * self.cpu.server / len(self.first)


@frozen
class Measured:
    """One line's name, and how it is read from a round."""

    name: str
    of: Callable[[Round], float]
    headline: bool = False


MEASURED = (
    Measured("to the first word, p50", lambda one: percentile(one.first, 0.5), headline=True),
    Measured("to the first word, p99", lambda one: percentile(one.first, 0.99)),
    Measured("to each word, p50", lambda one: percentile(one.each, 0.5)),
    Measured("to each word, p99", lambda one: percentile(one.each, 0.99)),
)


def added(heard: Sequence[Heard], sent: dict[str, list[int]], cpu: Cpu) -> Round:
    """What was added, by what the model and the reader noted, in nanoseconds, of each stream."""
    first, each = [], []
    for one in heard:
        received, *words = sent[name_of(one.number)]
        first.append((one.words[0] - one.asked - (words[0] - received)) / 1e6)
        each += [(came - went) / 1e6 for came, went in zip(one.words[1:], words[1:], strict=True)]
    return Round(first, each, cpu)


def measure(options: Options) -> list[Figure]:
    """Added times at both loads."""
    seconds = QUICK_SECONDS if options.quick else SECONDS
    figures = []
    chance = Random(1)  # noqa: S311 - moments, not secrets
    with started() as stand:
        capacity = {side.name: _capacity(stand, side, seconds) for side in stand.sides}
        for share in LOADS:
            rates = {name: share * most for name, most in capacity.items()}
            rounds = alternate(
                options.rounds,
                *(
                    partial(_round, stand, side, rates[side.name], seconds, chance)
                    for side in stand.sides
                ),
            )
            figures += _figures(stand, f"{100 * share:.0f} %", rates, rounds)
    if stand.proxy is None:
        figures.append(missing("added times", "ms", LITELLM, litellm.ABSENT))
    return figures


def name_of(number: int) -> str:
    """How a stream is called in its message and in the model's notes."""
    return f"n{number}"


def say(number: int) -> str:
    """What is asked in the stream of this number."""
    return paced(name_of(number), TEXT, MILLISECONDS)


def _capacity(stand: Stand, side: Side, seconds: float) -> float:
    """Streams that this side completes in a second when it has more than enough to do."""
    words = uvloop.run(
        saturate(side, say, streams=STREAMS, warm_up=WARM_UP_SECONDS, seconds=seconds)
    )
    if not words:
        message = f"{side.name} sent no word in {seconds:g} s"
        raise RuntimeError(message)
    _settle(side)
    _sent(stand)
    print(f"  {side.name:10} {words / len(WORDS):6.1f} streams per second at most", flush=True)
    return words / len(WORDS)


def _settle(side: Side) -> None:
    """Wait, for a while, until what was cut off no longer keeps the server busy."""
    for _ in range(_SETTLING_TRIES):
        before = side.cpu().server
        time.sleep(0.5)
        if side.cpu().server - before < _IDLE_SECONDS:
            return


def _round(stand: Stand, side: Side, rate: float, seconds: float, chance: Random) -> Round:
    before = side.cpu()
    heard = uvloop.run(arrivals(side, say, a_second=rate, seconds=seconds, chance=chance))
    time.sleep(0.2)  # what a turn leaves to be done after its answer is part of its cost
    return added(heard, _sent(stand), side.cpu() - before)


def _sent(stand: Stand) -> dict[str, list[int]]:
    """What the model noted since the last time, by the streams' names."""
    url = stand.model_url.removesuffix("/v1") + "/sent"
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
        noted: dict[str, list[int]] = json.loads(answer.read())
    return noted


def _figures(
    stand: Stand, load: str, rates: dict[str, float], rounds: Sequence[Sequence[Round]]
) -> list[Figure]:
    whole = rounds[0]
    figures = []
    for side, its in zip(stand.sides[1:], rounds[1:], strict=True):
        at = f"{rates[WHOLE]:.1f} and {rates[side.name]:.1f} streams a second"
        counted = f"{sum(len(one.first) for one in whole)} and {sum(len(one.first) for one in its)}"
        figures += [
            compare(
                f"{load} load, added {line.name}",
                "ms",
                [line.of(one) for one in whole],
                side.name,
                [line.of(one) for one in its],
                headline=line.headline and side.name == BARE,
            )
            for line in MEASURED
        ]
        figures.append(
            compare(
                f"{load} load, CPU a stream",
                "ms",
                [one.cpu_each for one in whole],
                side.name,
                [one.cpu_each for one in its],
                note=f"{at}; {counted} streams of {len(WORDS)} words, {MILLISECONDS} ms apart",
            )
        )
    return figures
