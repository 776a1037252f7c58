import gc
from collections.abc import Iterator

import pytest

from entrypoints.garbage import keep_what_was_loaded


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_was_loaded_is_no_longer_looked_at() -> None:
    keep_what_was_loaded()
    assert gc.get_freeze_count() > len(gc.get_objects())


def test_cycles_made_afterwards_are_still_collected() -> None:
    keep_what_was_loaded()
    before = gc.get_count()[0]
    for _ in range(100_000):
        circle: list[object] = []
        circle.append(circle)
    assert gc.get_count()[0] < before + 100_000
