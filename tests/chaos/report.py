"""What a whole run came to."""

from tests.chaos.invariants import INVARIANTS
from tests.chaos.rounds import Run


def summary(run: Run) -> str:
    turns = run.record.turns
    answered = sum(bool(turn.answers) for turn in turns)
    refused = sum(not turn.answers and bool(turn.refusals) for turn in turns)
    again = sum(turn.tries > 1 for turn in turns)
    unknown = sum(not turn.answers and not turn.refusals for turn in turns)
    faults = ", ".join(f"{name} {count}" for name, count in sorted(run.faults.items()))
    statuses = ", ".join(f"{code}: {n}" for code, n in sorted(run.record.statuses.items()))
    return (
        f"chaos: {run.rounds} rounds, {len(turns)} turns: {answered} answered, {refused} refused,"
        f" {unknown} never heard of again; {again} sent more than once,"
        f" {run.record.resumed} streams resumed, {run.record.stopped} stopped\n"
        f"beside them {len(run.record.changes)} purchases, grants and the like,"
        f" {len(run.record.deleted_sessions)} sessions deleted,"
        f" {len(run.record.erased)} accounts erased\n"
        f"faults: {faults}\n"
        f"answers by status: {statuses}\n"
        f"checked: {len(INVARIANTS)} invariants after each round, {run.audit.checked} times"
        " something in all; 0 broken"
    )
