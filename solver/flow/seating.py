"""A slot subproblem solved: by single arcs or through hubs, and nobody interprets for nobody."""

from dataclasses import replace

import numpy as np

from solver.flow.exact import doors_one_by_one
from solver.flow.frame import frame_of
from solver.flow.hubs import doors_through_hubs
from solver.flow.languages import in_one, needed
from solver.flow.numbers import NOBODY
from solver.flow.slot import Seated, SlotProblem

INDIVIDUAL = 20_000
"""Up to so many (person, meeting) pairs each is an arc of its own; beyond, unlisted places are aggregated."""


def seat(question: SlotProblem) -> Seated | None:
    """The slot's people at their best places; None if no flow exists.

    Interpreters whom nobody needs then are taken off, and the slot is solved again with them among those who want a
    place, until everybody who interprets is needed: each time at least one goes.
    """
    while True:
        found = _flow(question)
        if found is None:
            return None
        left = needed(question.timetable, question.t, found.at, found.channel)
        if left is question.timetable:
            return found
        question = replace(question, timetable=in_one(left))


def _flow(question: SlotProblem) -> Seated | None:
    timetable, t = question.timetable, question.t
    at = np.where(question.stays, question.at[:, t], NOBODY)
    channel = np.where(question.stays, question.channel[:, t], NOBODY)
    n, k = len(question.rows), len(question.meetings)
    if n and k:
        frame = frame_of(question)
        doors = doors_one_by_one(frame) if n * k <= INDIVIDUAL else doors_through_hubs(frame)
        if doors is None:
            return None
        placed = doors >= 0
        at[question.rows[placed]] = question.meetings[frame.meeting[doors[placed]]]
        channel[question.rows] = np.where(placed, frame.channel[doors], NOBODY)
    return Seated(timetable, at, channel)
