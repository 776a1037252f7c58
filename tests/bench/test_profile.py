"""How a profile is read: whose processor time it was."""

from pathlib import Path

import pytest

from bench.profile import LOOP, group_of, shares

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("file", "group"),
    [
        (f"{ROOT}/domain/safety/rules.py", "domain/safety"),
        (f"{ROOT}/entrypoints/config.py", "entrypoints/config"),
        ("/somewhere/lib/python3.11/site-packages/quart/app.py", "quart"),
        ("/somewhere/lib/python3.11/site-packages/six.py", "six"),
        ("/somewhere/lib/python3.11/asyncio/tasks.py", "Python: asyncio"),
        ("~", ""),
        ("<string>", ""),
    ],
)
def test_a_file_belongs_to_a_folder_of_ours_a_package_or_python(file: str, group: str) -> None:
    assert group_of(file) == group


def test_what_c_functions_use_counts_for_those_who_call_them() -> None:
    quart = ("/lib/site-packages/quart/app.py", 1, "handle")
    h11 = ("/lib/site-packages/h11/_events.py", 1, "send")
    send = ("~", 0, "<method 'send'>")
    poll = ("~", 0, "<built-in poll>")
    used = shares(
        {
            quart: (1, 1, 2.0, 9.0, {}),
            h11: (1, 1, 1.0, 9.0, {quart: (1, 1, 1.0, 1.0)}),
            send: (3, 3, 0.5, 0.5, {quart: (2, 2, 0.375, 0.375), h11: (1, 1, 0.125, 0.125)}),
            poll: (1, 1, 4.0, 4.0, {}),
        }
    )
    assert used == {"quart": 2.375, "h11": 1.125, LOOP: 4.0}
