"""What a regular expression may be like before anybody tries to compile it.

A few characters can ask an engine for gigabytes: ``(((a{1000}){1000}){1000}`` is a thousand million
states. So the size that a pattern grows to is worked out first.
"""

import re

MAX_CHARACTERS = 1_000
MAX_SIZE = 2_000
"""Of the pattern once each counted repeat is written out as often as it must occur."""
_MAX_NESTING = 50
_FLAGS = frozenset("dgimsuvy")
_TOKEN = re.compile(
    r"""(?P<item>\\. | \[\]?(?:\\.|[^\]\\])*\])
      | (?P<open>\() | (?P<close>\))
      | \{(?P<least>\d+)(?:,\d*)?\}
      | (?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)


def pattern_size(pattern: str) -> int | None:
    """About how many states the pattern needs; None when it may not be compiled."""
    if len(pattern) > MAX_CHARACTERS:
        return None
    # Of each group that is open: what it holds so far, and the size of its latest item.
    groups = [[0, 0]]
    for token in _TOKEN.finditer(pattern):
        if token["open"]:
            groups.append([0, 0])
        elif token["close"]:
            if len(groups) > 1:
                size = groups.pop()[0] + 1
                groups[-1][0] += size
                groups[-1][1] = size
        elif token["least"]:
            # Lengths of numbers are bounded, so that nothing here grows without end.
            times = max(1, int(token["least"][:9]))
            groups[-1][0] += (times - 1) * groups[-1][1]
            groups[-1][1] *= times
        else:
            groups[-1][0] += 1
            groups[-1][1] = 1
        if groups[-1][0] > MAX_SIZE or len(groups) > _MAX_NESTING:
            return None
    return sum(size for size, _ in groups)


def are_flags(flags: str) -> bool:
    """Whether JavaScript knows these flags, each at most once."""
    return len(flags) == len(set(flags)) and _FLAGS.issuperset(flags)
