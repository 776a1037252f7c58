"""What stays of a run: the counts, and what locust measured."""

import logging
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from locust import events
from locust.env import Environment

from bench.users.facts import Facts, Row

COUNTS: Counter[str] = Counter()
PEOPLE: list[str] = []


@events.init.add_listener
def quiet(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - locust's signature
    """The summary is printed by whoever started us: locust's own tables would say it twice."""
    del environment
    logging.getLogger("locust.stats_logger").disabled = True


@events.quitting.add_listener
def keep_facts(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - locust's signature
    """Write down what happened."""
    stats = environment.stats
    rows = [
        Row(
            entry.name,
            entry.num_requests,
            entry.num_failures,
            *(float(entry.get_response_time_percentile(share) or 0) for share in (0.5, 0.95, 0.99)),
        )
        for entry in stats.entries.values()
    ]
    faults: Counter[str] = Counter()
    for error in stats.errors.values():
        faults[str(error.error)] += error.occurrences
    for exception in environment.runner.exceptions.values():
        faults[exception["msg"]] += exception["count"]
    start = stats.start_time or time.time()
    seconds = max(1.0, (stats.last_request_timestamp or start) - start)
    kept = Facts(
        users=len(PEOPLE),
        seconds=seconds,
        rows=rows,
        counts=dict(COUNTS),
        faults=dict(faults),
    )
    kept.write(Path(os.environ["COMPANION_LOAD_FACTS"]))
