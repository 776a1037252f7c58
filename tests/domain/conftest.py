"""How long the property tests look: ``HYPOTHESIS_PROFILE=deep`` takes some minutes.

``HYPOTHESIS_PROFILE=repeatable`` takes the same examples each time, and looks for no smaller one
when one fails: for ``make cov`` and ``make mutants``, whose figures must not depend on luck.
"""

import os

from hypothesis import Phase, settings

# No deadline for one example: a busy machine is not a defect.
settings.register_profile("moderate", max_examples=100, stateful_step_count=40, deadline=None)
settings.register_profile("deep", max_examples=2_000, stateful_step_count=100, deadline=None)
settings.register_profile(
    "repeatable",
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "moderate"))
