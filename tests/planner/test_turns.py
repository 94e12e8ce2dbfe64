"""Who waits for her turn to write, and for how long."""

import threading
import time

from planner.turns import LONGEST, STUCK, Turns


def test_whoever_comes_when_it_is_free_has_her_turn_at_once() -> None:
    assert Turns().take(lambda: True)


def test_while_nothing_moves_only_the_first_goes_on_waiting() -> None:
    """Eight threads that all waited for one lock kept every reader waiting, too."""
    turns, found = Turns(), []

    def wait() -> None:
        began = time.monotonic()
        got = turns.take(lambda: time.sleep(0.05) or False)
        found.append((got, time.monotonic() - began))

    threads = [threading.Thread(target=wait) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    waited = sorted(seconds for _got, seconds in found)
    assert [got for got, _seconds in found] == [False] * 8
    assert all(STUCK <= seconds < STUCK + 1 for seconds in waited[:7])
    assert LONGEST <= waited[7] < LONGEST + 0.5


def test_while_it_goes_on_everybody_waits_for_her_turn() -> None:
    """A long line that moves is no fault: nobody is sent away for standing at its end."""
    turns, lock, found = Turns(), threading.Lock(), []

    def write() -> None:
        found.append(turns.take(lambda: lock.acquire(timeout=0.05)))
        time.sleep(0.3)
        lock.release()

    threads = [threading.Thread(target=write) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert found == [True] * 8


def test_whoever_comes_first_has_her_turn_first() -> None:
    """With eight threads that all tried, one waited for longer than four seconds while the others wrote."""
    turns, order, free = Turns(), [], threading.Event()

    def write(number: int) -> None:
        turns.take(lambda: free.wait(0.02) and (order.append(number) or True))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    free.set()
    [thread.join() for thread in threads]

    assert order == list(range(8))
