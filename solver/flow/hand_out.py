"""What a hub got, handed out to its people: nobody to where she was before, and who can take nothing is named."""

import numpy as np

from solver.flow.frame import Frame
from solver.flow.numbers import CODE, Numbers


def hand_out(
    frame: Frame, waiting: Numbers, classes: Numbers, doors: Numbers, counts: Numbers, found: Numbers
) -> Numbers:
    """Give each class its hub's doors, so many times as `counts` says.

    waiting: rows of the people whom the flow sent through their hub. classes, doors, counts: parallel, the hub's flow.
    found: n, the door of each person to be seated; written here.
    Returns the places in `rows` of those for whom nothing was left that they may take.
    """
    local, of_class = frame.question.local, frame.question.arrays.of_class[waiting]
    shut = _shut(frame, waiting)
    failed: list[int] = []
    order = np.argsort(of_class, kind="stable")
    bounds = np.searchsorted(of_class[order], np.arange(len(frame.entry) + 1))
    for c in np.unique(classes[counts > 0]):
        mine = (classes == c) & (counts > 0)
        offers = [int(door) for door in np.repeat(doors[mine], counts[mine])]
        given: dict[int, int] = {}
        for person in map(int, waiting[order[bounds[c] : bounds[c + 1]]]):
            if not _take(person, offers, given, shut, frame):
                failed.append(person)
        for person, door in given.items():
            found[local[person]] = door
    return local[np.array(failed, dtype=np.int64)]


def _shut(frame: Frame, people: Numbers) -> dict[int, set[int]]:
    """For each person the sessions that she may not attend here."""
    question = frame.question
    found = {int(person): set(map(int, question.visited[person])) for person in people}
    mask = np.isin(question.closed // CODE, people)
    for code in question.closed[mask]:
        found[int(code) // CODE].add(int(code) % CODE)
    return found


def _take(person: int, offers: list[int], given: dict[int, int], shut: dict[int, set[int]], frame: Frame) -> bool:
    """An offer for this person, if need be one that somebody gives up for another; False if there is none."""
    session = frame.question.timetable.session[frame.question.meetings]

    def may(who: int, door: int) -> bool:
        return int(session[frame.meeting[door]]) not in shut[who]

    for at in reversed(range(len(offers))):
        if may(person, offers[at]):
            given[person] = offers[at]
            offers[at] = offers[-1]
            offers.pop()
            return True
    for other, door in given.items():
        if offers and may(person, door) and may(other, offers[-1]):
            given[person], given[other] = door, offers.pop()
            return True
    return False
