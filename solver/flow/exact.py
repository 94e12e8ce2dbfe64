"""The network of a slot with one arc for each person and door: exact, for up to some ten thousand of them."""

import numpy as np

from solver.flow.frame import Frame, add_frame
from solver.flow.network import Arcs
from solver.flow.numbers import CODE, NOBODY, Flags, Numbers
from solver.flow.prices import cost_of, pull_of
from solver.flow.slot import SlotProblem


def doors_one_by_one(frame: Frame) -> Numbers | None:
    """n: the door that each person to be seated takes, -1 for none; None if there is no flow."""
    question = frame.question
    i, d = np.nonzero(_open(frame))
    people, j = question.rows[i], frame.meeting[d]
    points = points_here(question, question.rows)[i, j]
    arcs = Arcs()
    cost = cost_of(question, people, points) - pull_of(question, people, j)
    ways = arcs.add(i, frame.entry[question.arrays.of_class[people], d], 1, cost)
    add_frame(arcs, frame)
    flow = arcs.solve(frame.supply())
    if flow is None:
        return None
    found = np.full(len(question.rows), NOBODY)
    used = flow[ways] > 0
    found[i[used]] = d[used]
    return found


def points_here(question: SlotProblem, people: Numbers) -> Numbers:
    """people x k: what each meeting here is worth to them."""
    arrays = question.arrays
    found = np.repeat(arrays.rest[people][:, None], len(question.meetings), axis=1)
    i, j = _among(question, people)[arrays.pair_person], question.place[arrays.pair_session]
    both = (i >= 0) & (j >= 0)
    found[i[both], j[both]] = arrays.pair_points[both]
    return found


def _open(frame: Frame) -> Flags:
    """n x D: the doors that a person may take."""
    question = frame.question
    return (frame.entry[question.arrays.of_class[question.rows]] >= 0) & ~shut(question, question.rows)[
        :, frame.meeting
    ]


def shut(question: SlotProblem, people: Numbers) -> Flags:
    """people x k: meetings here that are ruled out for them, or whose session they attend in another slot."""
    found = np.zeros((len(people), len(question.meetings)), dtype=bool)
    i, j = _among(question, people)[question.closed // CODE], question.place[question.closed % CODE]
    both = (i >= 0) & (j >= 0)
    found[i[both], j[both]] = True
    for column in question.visited[people].T:
        j = question.place[column]
        seen = np.flatnonzero(j >= 0)
        found[seen, j[seen]] = True
    return found


def _among(question: SlotProblem, people: Numbers) -> Numbers:
    """P: the place of each person among these people, -1 for the others."""
    found = np.full(len(question.arrays.people), NOBODY)
    found[people] = np.arange(len(people))
    return found
