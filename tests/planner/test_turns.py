"""Who waits for her turn to write, and for how long: by a clock of the tests' own, as real seconds depend on others."""

import threading
import time
from collections.abc import Callable
from itertools import count

import pytest

from planner.turns import LONGEST, STUCK, Turns

STEP = 0.25


@pytest.fixture
def patient() -> None:
    """Here the limits are the real ones."""


def in_line(turns: Turns, *, act: Callable[[int], object], people: int) -> list[threading.Thread]:
    """So many threads, each of which comes once the one before stands in the line."""
    threads = [threading.Thread(target=act, args=(number,)) for number in range(people)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(turns._line) <= number:
            assert thread.is_alive()
            time.sleep(0.001)
    return threads


def test_whoever_comes_when_it_is_free_has_her_turn_at_once() -> None:
    assert Turns().take(lambda: True)


def test_while_nothing_moves_only_the_first_goes_on_waiting() -> None:
    """Eight threads that all waited for one lock kept every reader waiting, too."""
    now, tries, left, all_there = [0.0], count(), list[tuple[int, bool, float]](), threading.Event()
    turns = Turns(clock=lambda: now[0])

    def fails() -> bool:
        """The first one's: time goes on, but stands while the others go; if they do not, after ten seconds."""
        all_there.wait()
        time.sleep(0.01)
        if now[0] <= STUCK or len(left) == 7 or next(tries) > 1000:
            now[0] += STEP
        return False

    threads = in_line(turns, act=lambda number: left.append((number, turns.take(fails), now[0])), people=8)
    all_there.set()
    [thread.join() for thread in threads]

    assert sorted(left[:7]) == [(number, False, STUCK + STEP) for number in range(1, 8)]
    assert left[7] == (0, False, LONGEST + STEP)


def test_while_it_goes_on_everybody_waits_for_her_turn() -> None:
    """A long line that moves is no fault: nobody is sent away for standing at its end."""
    now, found, all_there, lock = [0.0], list[bool](), threading.Event(), threading.Lock()
    turns = Turns(clock=lambda: now[0])

    def write(_number: int) -> None:
        found.append(turns.take(lambda: all_there.wait() and lock.acquire(timeout=0.05)))
        time.sleep(0.15)  # so long that the others look meanwhile
        now[0] += STUCK * 0.7  # the third writes after STUCK, with five behind her, the fourth after LONGEST
        lock.release()

    threads = in_line(turns, act=write, people=8)
    all_there.set()
    [thread.join() for thread in threads]

    assert found == [True] * 8


@pytest.mark.parametrize(("held", "answers"), [(STUCK + 1.5, [True] * 3), (LONGEST + STEP, [True, False, False])])
def test_whoever_writes_slowly_in_this_process_is_at_work(held: float, answers: list[bool]) -> None:
    """On a busy machine a save took more than STUCK, and all but the first behind it were told to come back."""
    now, found, all_there, lock = [0.0], list[bool](), threading.Event(), threading.Lock()
    turns = Turns(clock=lambda: now[0])

    def write(_number: int) -> None:
        has_turn = turns.take(lambda: all_there.wait() and lock.acquire(timeout=0.02))
        found.append(has_turn)
        if not has_turn:
            return
        if len(found) == 1:
            now[0] += held
            time.sleep(0.5)  # so long that the others look meanwhile
        turns.give_back()
        lock.release()

    threads = in_line(turns, act=write, people=3)
    all_there.set()
    [thread.join() for thread in threads]

    assert found == answers


def test_whoever_comes_first_has_her_turn_first() -> None:
    """With eight threads that all tried, one waited for longer than four seconds while the others wrote."""
    turns, order, free = Turns(clock=lambda: 0.0), list[int](), threading.Event()

    def write(number: int) -> None:
        turns.take(lambda: free.wait(0.02) and (order.append(number) or True))

    threads = in_line(turns, act=write, people=8)
    free.set()
    [thread.join() for thread in threads]

    assert order == list(range(8))
