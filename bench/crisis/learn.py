"""Learns the wording of crises, and writes it down for the product.

``python -m bench.crisis.learn`` reads ``bench/crisis/learnt_from``, the fixed sentences of the
tests and ordinary ones, and writes ``entrypoints/safety/rules/wording.bin``. It is logistic
regression with weight decay over the signs of :mod:`domain.safety.wording`, fitted by Newton's
method whose steps come from conjugate gradients, and comes to the same weights each time. Takes a
minute.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from attrs import frozen

from bench.crisis.sentences import (
    LEARNT_FROM,
    Sentence,
    fixed_sentences,
    ordinary_sentences,
    sentences_in,
)
from domain.safety.normalise import plain
from domain.safety.wording import BUCKETS, LETTER_SHARE, Wording, signs_of

TABLE = Path("entrypoints/safety/rules/wording.bin")
SETTINGS = Path("entrypoints/safety/rules/wording.toml")
DECAY = 1 / 3
"""Against each weight's square; the loss is summed over sentences."""
_NEWTON_STEPS = 12
_CONJUGATE_STEPS = 60
_GREATEST = 127

Floats = npt.NDArray[np.float64]


@frozen
class Shown:
    """The signs of each sentence, as a sparse matrix of rows."""

    columns: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    values: Floats
    count: int

    @classmethod
    def of(cls, told: Sequence[Sentence]) -> "Shown":
        """The last column is there for all."""
        columns: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        for row, one in enumerate(told):
            signs = signs_of(plain(one.text))
            for some, value in ((signs.words, 1.0), (signs.letters, LETTER_SHARE)):
                columns.extend(some)
                values.extend([value] * len(some))
            columns.append(BUCKETS)
            values.append(1.0)
            rows.extend([row] * (len(columns) - len(rows)))
        return cls(np.array(columns), np.array(rows), np.array(values), len(told))

    def times(self, weights: Floats) -> Floats:
        """Of each row with the weights."""
        values = self.values * weights[self.columns]
        return np.bincount(self.rows, values, self.count).astype(np.float64)

    def gathered(self, of_rows: Floats) -> Floats:
        """Of each column with what the rows have."""
        values = self.values * of_rows[self.rows]
        return np.bincount(self.columns, values, BUCKETS + 1).astype(np.float64)


def learnt(told: Sequence[Sentence]) -> Floats:
    """The weight of each sign, and behind them that of none."""
    shown = Shown.of(told)
    wanted = np.array([one.is_crisis for one in told], float)
    decay = np.full(BUCKETS + 1, DECAY)
    decay[-1] = 0.0
    weights = np.zeros(BUCKETS + 1)
    for _ in range(_NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-shown.times(weights)))
        slope = shown.gathered(likely - wanted) + decay * weights
        weights -= _solved(shown, likely * (1 - likely), decay, slope)
    return weights


def _solved(shown: Shown, curve: Floats, decay: Floats, slope: Floats) -> Floats:
    """The step at whose end the slope is gone, by conjugate gradients."""
    step = np.zeros_like(slope)
    rest = slope.copy()
    way = rest.copy()
    size = rest @ rest
    enough = 1e-6 * size
    for _ in range(_CONJUGATE_STEPS):
        bent = shown.gathered(curve * shown.times(way)) + decay * way
        length = size / (way @ bent)
        step += length * way
        rest -= length * bent
        before, size = size, rest @ rest
        if size <= enough:
            break
        way = rest + size / before * way
    return step


def as_wording(weights: Floats, *, sure: float, doubtful: float) -> Wording:
    """The weights as the product reads them: whole numbers of one byte."""
    step = float(np.abs(weights[:-1]).max()) / _GREATEST
    whole = np.round(weights[:-1] / step).astype(np.int8)
    return Wording(whole.tolist(), step, float(weights[-1]), sure, doubtful)


def all_told() -> list[Sentence]:
    """Everything that is learnt from."""
    return [*sentences_in(LEARNT_FROM), *fixed_sentences(), *ordinary_sentences()]


def main() -> None:
    """Learn from all, and write the table; ``SETTINGS`` keeps how far it is believed."""
    told = all_told()
    wording = as_wording(learnt(told), sure=0.0, doubtful=0.0)
    TABLE.write_bytes(np.array(wording.weights, np.int8).tobytes())
    print(f"{len(told)} sentences; for {SETTINGS}:")
    print(f"step = {wording.step:.6f}\nbias = {wording.bias:.4f}")


if __name__ == "__main__":
    main()
