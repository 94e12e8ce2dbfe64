"""Large neighbourhood search: a few sessions placed anew at a time, the rest of the programme fixed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from solver.model.cpsat import Effort
from solver.problem import Problem, Solution
from solver.search.foreign.choosing import Chooser
from solver.search.foreign.neighbourhood import Neighbourhood
from solver.search.foreign.programme import Answer, Place, fits, from_solution

__all__ = ["fits", "improve"]

PATIENCE = 4.0
"""Seconds, or deterministic units, for one neighbourhood."""
STRONG = 2
"""The strong linear relaxation is what solves these: 0.3 s instead of more than 8 s for seven free sessions."""


def improve(
    problem: Problem,
    start: Solution,
    ended: Callable[[], bool],
    workers: int,
    seed: int,
    on_better: Callable[[Solution], None],
    stop: threading.Event,
    rounds: int | None = None,
    seconds: float = PATIENCE,
) -> Solution:
    """The best solution from `start` on; every better one is told.

    Parameters: `ended` and `stop` end it; `workers` neighbourhoods are solved at a time, each `seconds` at most;
    `rounds` counts them where no clock does (one worker).
    """
    place, best = Place(problem), from_solution(problem, start)
    chooser, halt = Chooser(place, seed), threading.Event()
    if not chooser.movable:
        return start
    many = max(1, workers)

    def begin(number: int) -> Future[Answer | None]:
        hood = Neighbourhood(place, best, chooser.next(best))
        effort = Effort(seconds, 1, seed + number, deterministic=rounds is not None, linear=STRONG)
        return pool.submit(hood.solve, effort, halt.is_set)

    with ThreadPoolExecutor(many) as pool:
        running: dict[Future[Answer | None], Answer] = {}
        for number in _numbers(rounds):
            while len(running) < many:
                running[begin(number)] = best
            done, _ = wait(running, timeout=None if rounds else 0.2, return_when=FIRST_COMPLETED)
            for future in done:
                base, found = running.pop(future), future.result()
                better = found is not None and found.value > best.value + 1e-9
                chooser.learn(found, better)
                # An equal answer is taken too, to wander over plateaus; one from an older base only if better.
                if found is not None and (better or (base is best and found.value > best.value - 1e-9)):
                    best = found
                if better:
                    on_better(best.solution(place))
            if ended() or stop.is_set():
                break
        halt.set()
        for future in running:
            found = future.result()
            if found is not None and found.value > best.value + 1e-9:
                best = found
                on_better(best.solution(place))
    return best.solution(place)


def _numbers(rounds: int | None) -> Iterator[int]:
    number = 0
    while rounds is None or number < rounds:
        yield number
        number += 1
