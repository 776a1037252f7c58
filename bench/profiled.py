"""The command line of the product, with a profile of processor time.

``python -m bench.profiled FILE serve``: SIGUSR1 begins, SIGUSR2 ends it and writes the file.
"""

import cProfile
import signal
import sys
import time
from types import FrameType

from entrypoints.cli.main import main


def _run(path: str) -> int:
    # Time of this thread's own, so that waiting for a busy processor counts for nobody.
    profile = cProfile.Profile(time.thread_time)

    def begin(_number: int, _frame: FrameType | None) -> None:
        profile.enable()

    def end(_number: int, _frame: FrameType | None) -> None:
        profile.disable()
        profile.dump_stats(path)

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    return main()


if __name__ == "__main__":
    place = sys.argv.pop(1)
    sys.exit(_run(place))
