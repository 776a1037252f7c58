"""How long property tests look: ``HYPOTHESIS_PROFILE=deep`` (``make deep``) takes some minutes."""

import os

IS_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"


def examples(deep: int) -> int:
    """So many for ``make deep``, and a tenth of them for every day."""
    return deep if IS_DEEP else deep // 10
