"""How long the property tests look: ``HYPOTHESIS_PROFILE=deep`` takes some minutes."""

import os

from hypothesis import settings

# No deadline for one example: a busy machine is not a defect.
settings.register_profile("moderate", max_examples=100, stateful_step_count=40, deadline=None)
settings.register_profile("deep", max_examples=2_000, stateful_step_count=100, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "moderate"))
