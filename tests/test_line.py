"""The line in which questions wait: order, length, and who leaves it."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial

import pytest

from index.run_model import cores
from qa.web.line import AT_ONCE, HELD, Busy, Line


def test_whoever_finds_the_line_full_is_told_at_once() -> None:
    async def crowd() -> list[object]:
        line, gate = Line(5), threading.Event()

        def wait_and_say(number: int) -> int:
            gate.wait(60)
            return number

        inside = [asyncio.create_task(line.run(partial(wait_and_say, number))) for number in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="Ask again"):
            await line.run(lambda: "one too many")
        gate.set()
        answered = await asyncio.gather(*inside)
        return [*answered, await line.run(lambda: "room again")]

    assert asyncio.run(crowd()) == [0, 1, 2, 3, 4, "room again"]


def test_a_place_is_held_for_who_is_on_the_way_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def crowd() -> list[object]:
        line = Line(2)
        line.expect()
        line.expect()
        with pytest.raises(Busy):
            line.expect()
        with pytest.raises(Busy):
            await line.run(lambda: "not expected")
        line.arrive()
        first = await line.run(lambda: "expected")
        line.expect()
        with pytest.raises(Busy):
            await line.run(lambda: "not yet")
        now = time.monotonic()
        monkeypatch.setattr("qa.web.line.monotonic", lambda: now + HELD + 1)
        return [first, await line.run(lambda: "room again")]  # of the one before, nothing came

    assert asyncio.run(crowd()) == ["expected", "room again"]


def test_no_more_work_at_a_time_than_the_cores_bear_and_in_order() -> None:
    begun: list[int] = []
    at_work, most = 0, 0
    lock = threading.Lock()

    def work(number: int) -> None:
        nonlocal at_work, most
        with lock:
            begun.append(number)
            at_work += 1
            most = max(most, at_work)
        threading.Event().wait(0.002)
        with lock:
            at_work -= 1

    async def crowd() -> None:
        line = Line(40)
        await asyncio.gather(*(line.run(partial(work, number)) for number in range(40)))

    asyncio.run(crowd())
    assert most <= AT_ONCE * cores()
    assert all(abs(place - number) < AT_ONCE * cores() for place, number in enumerate(begun))


def test_who_leaves_the_line_is_not_worked_for_and_gives_up_the_place() -> None:
    done: list[str] = []

    async def crowd() -> None:
        line, gate = Line(AT_ONCE * cores() + 1), threading.Event()
        busy = [asyncio.create_task(line.run(lambda: gate.wait(60))) for _ in range(AT_ONCE * cores())]
        leaver = asyncio.create_task(line.run(lambda: done.append("left")))
        await asyncio.sleep(0)
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        stayer = asyncio.create_task(line.run(lambda: done.append("stayed")))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*busy, stayer)

    asyncio.run(crowd())
    assert done == ["stayed"]


def test_a_fault_reaches_only_whose_it_is() -> None:
    def broken() -> int:
        raise KeyError("mine")

    async def crowd() -> list[object]:
        line = Line()
        return list(await asyncio.gather(line.run(broken), line.run(lambda: 2), return_exceptions=True))

    fault, two = asyncio.run(crowd())
    assert isinstance(fault, KeyError) and two == 2
