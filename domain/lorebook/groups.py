"""Inclusion groups, as SillyTavern has them: of each only one entry is told."""

from collections.abc import Callable, Collection, Sequence

from domain.chance import chance
from domain.lorebook.entries import Entry


def one_of_each_group(
    entries: Sequence[Entry],
    taken: Collection[str],
    is_kept: Callable[[Entry], bool],
    seed: str,
) -> list[Entry]:
    """The entries without those that lose within a group; an entry must win all its groups.

    Nothing wins in a group that is ``taken``. Else the entries that stay from before win; else the
    one that is to win, with the highest order; else luck decides, by the weights.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        for group in entry.groups:
            groups.setdefault(group, []).append(entry)
    lost: set[Entry] = set()
    for group, members in groups.items():
        rivals = [one for one in members if one not in lost]
        winners = [one for one in rivals if is_kept(one)]
        if group not in taken and rivals and not winners:
            winners = [_winner(rivals, f"{seed}/{group}")]
        lost.update(set(rivals).difference(winners))
    return [one for one in entries if one not in lost]


def _winner(rivals: Sequence[Entry], seed: str) -> Entry:
    preferred = [one for one in rivals if one.group_wins]
    if preferred:
        return max(preferred, key=lambda one: one.order)
    drawn = chance("group", seed) * sum(one.group_weight for one in rivals)
    for rival in rivals:
        drawn -= rival.group_weight
        if drawn < 0:
            return rival
    return rivals[-1]
