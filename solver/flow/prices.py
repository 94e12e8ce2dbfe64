"""What it costs to give somebody a place in one slot: her points, her whole day, and what draws her somewhere."""

from collections import defaultdict

import numpy as np

from solver.flow.numbers import CODE, Flags, Numbers
from solver.flow.slot import SlotProblem
from solver.flow.weights import PERCENT


def cost_of(question: SlotProblem, people: Numbers, points: Numbers) -> Numbers:
    """For each of `people` (rows) what so many points here cost, beside what she has in the other slots."""
    arrays, weights = question.arrays, question.weights
    cost = -weights.points * points * (PERCENT if weights.mix else 1)
    if weights.worst:
        day = question.elsewhere[people] + points
        short = ((day[:, None] < arrays.need[people]) * arrays.step_cost).sum(axis=1)
        cost = cost + weights.worst * short
    return np.asarray(cost)


def pull_of(question: SlotProblem, people: Numbers, j: Numbers) -> Numbers:
    """For each person and meeting here what draws her there: locks, company, where she was before."""
    found = np.zeros(len(people), dtype=np.int64)
    if question.weights.kept:
        sessions = question.timetable.session[question.meetings]
        found += question.weights.kept * (sessions[j] == question.arrays.earlier[people, question.t])
    worth = draws(question)
    if worth:
        codes = np.array(sorted(worth), dtype=np.int64)
        values = np.array([worth[int(code)] for code in codes], dtype=np.int64)
        wanted = people * CODE + j
        at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        found += np.where(codes[at] == wanted, values[at], 0)
    return found


def draws(question: SlotProblem) -> dict[int, int]:
    """Code of (person, meeting here as j) -> weight, of locks and pulls."""
    timetable, arrays, weights = question.timetable, question.arrays, question.weights
    slot = arrays.problem.slots[question.t].id
    worth: dict[int, int] = defaultdict(int)
    for lock in arrays.problem.locks:
        j = int(question.place[arrays.column[lock.session]])
        if not lock.never and lock.slot in (None, slot) and j >= 0:
            worth[arrays.row[lock.participant] * CODE + j] += weights.minimum
    for person, meeting in timetable.pulls:
        m = timetable.index.get(meeting)
        if m is not None and timetable.slot[m] == question.t:
            worth[person * CODE + int(question.place[timetable.session[m]])] += 2 * weights.minimum
    return worth


def drawn(question: SlotProblem) -> Flags:
    """P: people to be seated whom something draws to what they did not list: their places are priced one by one."""
    arrays = question.arrays
    found = np.zeros(len(arrays.people), dtype=bool)
    found[[arrays.row[lock.participant] for lock in arrays.problem.locks]] = True
    found[[row for row, _ in question.timetable.pulls]] = True
    if question.weights.kept:
        keys, _ = arrays.worth_of
        earlier = arrays.earlier[:, question.t]
        codes = np.arange(len(arrays.people)) * (len(arrays.column) + 1) + earlier
        found |= (earlier >= 0) & ~np.isin(codes, keys)
    return found & (question.local >= 0)
