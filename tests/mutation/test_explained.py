"""What ``make mutants`` fails for, and the two places that say what it leaves."""

import re
from collections import Counter

from tests.mutation.explained import EXPLAINED, complaints

ROW = re.compile(r"\| `(?P<module>[a-z_/]+)` \| (\d+) \| (\d+) \| (?P<left>\d*) \|")


def test_what_is_left_is_what_is_listed_or_it_is_said() -> None:
    assert complaints(["a", "b"], ["b", "a"]) == []
    assert complaints(["c", "a"], ["a", "b"]) == [
        "no test notices c",
        "b is listed, but noticed or gone",
    ]


def test_the_list_and_the_table_speak_of_as_many() -> None:
    names = EXPLAINED.read_text().splitlines()
    assert names == sorted(set(names))
    listed = Counter("/".join(name.split(".")[1:-1]) for name in names)
    rows = ROW.finditer(EXPLAINED.with_suffix(".md").read_text())
    assert listed == Counter({row["module"]: int(row["left"] or 0) for row in rows})
