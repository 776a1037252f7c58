"""Learns how much each sign of a lasting sentence weighs, and writes it down.

``python -m bench.memory.learn_lasting`` reads the sentences of
``tests/adapters/local/lasting_sentences.txt`` (``+`` for what a friend would remember, ``-`` for
chatter; none is from the people of the measurement) and writes
``adapters/local/fact_rules/lasting_weights.py``. It is logistic regression with weight decay,
fitted by Newton's method, and comes to the same weights each time. Single words were weighed too,
and told no more of people who were not learnt from.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from adapters.local.fact_rules.sentences import clause_of
from adapters.local.fact_rules.signs import NAMES, signs_of

SENTENCES = Path("tests/adapters/local/lasting_sentences.txt")
WEIGHTS = Path("adapters/local/fact_rules/lasting_weights.py")
_STEPS = 12
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
    shown = np.zeros((len(told), 1 + len(NAMES)))
    shown[:, 0] = 1.0
    for row, (signs, _) in enumerate(told):
        shown[row, [1 + sign for sign in signs]] = 1.0
    wanted = np.array([is_lasting for _, is_lasting in told], float)
    decay = np.full(shown.shape[1], _DECAY)
    decay[0] = 0.0
    weights = np.zeros(shown.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-shown @ weights))
        slope = shown.T @ (likely - wanted) + decay * weights
        curve = (shown.T * (likely * (1 - likely))) @ shown + np.diag(decay)
        weights -= np.linalg.solve(curve, slope)
    bias, *others = weights.tolist()
    return bias, others


def main() -> None:
    """Learn from all, and write."""
    bias, weights = learnt(examples())
    rows = "\n".join(
        f'    "{name}": {weight:.2f},' for name, weight in zip(NAMES, weights, strict=True)
    )
    WEIGHTS.write_text(_HEAD.format(bias=f"{bias:.2f}", rows=rows), encoding="utf-8")


if __name__ == "__main__":
    main()
