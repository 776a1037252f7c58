"""A few card files at a time, in threads."""

import asyncio
import threading

import pytest

from domain.errors import Unavailable
from entrypoints.card_files.workbench import Workbench


async def test_two_are_worked_on_sixteen_wait_and_the_next_is_sent_away() -> None:
    bench, going = Workbench(), asyncio.Event()
    inside = 0
    most = 0

    async def hold() -> None:
        nonlocal inside, most
        async with bench.place():
            inside += 1
            most = max(most, inside)
            await going.wait()
            inside -= 1

    tasks = [asyncio.create_task(hold()) for _ in range(18)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        async with bench.place():
            pass
    going.set()
    await asyncio.gather(*tasks)
    assert most == 2
    async with bench.place():
        pass


async def test_whoever_gives_up_waiting_leaves_no_gap() -> None:
    bench = Workbench()
    async with bench.place(), bench.place():
        for _ in range(40):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0), bench.place():
                    pass
    async with bench.place(), bench.place():
        pass


async def test_work_is_done_beside_the_event_loop() -> None:
    assert await Workbench().do(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await Workbench().do(lambda: 1 // 0)
