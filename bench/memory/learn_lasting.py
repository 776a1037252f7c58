"""Learns how much each sign of a lasting sentence weighs, and writes it down.

``python -m bench.memory.learn_lasting`` reads the sentences of
``tests/adapters/local/lasting_sentences.txt`` (``+`` for what a friend would remember, ``-`` for
chatter; none is from the people of the measurement) and writes
``adapters/local/fact_rules/lasting_weights.py``. It is logistic regression with weight decay, and
comes to the same weights each time.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from adapters.local.fact_rules.sentences import clause_of
from adapters.local.fact_rules.signs import NAMES, signs_of

SENTENCES = Path("tests/adapters/local/lasting_sentences.txt")
WEIGHTS = Path("adapters/local/fact_rules/lasting_weights.py")
_ROUNDS = 600
_PACE = 0.5
_DECAY = 3.0
_HEAD = '''"""How much each sign weighs: written by ``python -m bench.memory.learn_lasting``."""

WITHOUT_ANY = {bias}
WEIGHTS: dict[str, float] = {{
{rows}
}}
'''

Example = tuple[list[int], bool]


def examples() -> list[Example]:
    """The signs of each sentence, and whether it is one to remember."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [(signs_of(clause_of(line[2:]).plain), line[0] == "+") for line in lines]


def learnt(told: Sequence[Example]) -> tuple[float, list[float]]:
    """The weight of no sign at all, and of each sign."""
    weights, bias = [0.0] * len(NAMES), 0.0
    for _ in range(_ROUNDS):
        slopes, slope = [_DECAY * weight for weight in weights], 0.0
        for signs, is_lasting in told:
            score = bias + sum(weights[sign] for sign in signs)
            miss = 1 / (1 + math.exp(-score)) - is_lasting
            slope += miss
            for sign in signs:
                slopes[sign] += miss
        bias -= _PACE * slope / len(told)
        weights = [
            weight - _PACE * its / len(told) for weight, its in zip(weights, slopes, strict=True)
        ]
    return bias, weights


def main() -> None:
    """Learn from all, and write."""
    bias, weights = learnt(examples())
    rows = "\n".join(
        f'    "{name}": {weight:.2f},' for name, weight in zip(NAMES, weights, strict=True)
    )
    WEIGHTS.write_text(_HEAD.format(bias=f"{bias:.2f}", rows=rows), encoding="utf-8")


if __name__ == "__main__":
    main()
