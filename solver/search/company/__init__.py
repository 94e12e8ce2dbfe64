"""Where the people of protected groups go in one slot, so that none of them is alone.

A meeting has nobody of such a group or enough of it, which no flow can say. So these people alone are given places:
by closing meetings to them, bettered by a small model. Everybody else is seated around them by a flow.
"""

from dataclasses import dataclass

from solver.flow.day import Day
from solver.flow.numbers import Numbers
from solver.flow.slot import SlotProblem
from solver.flow.weights import Weights
from solver.search.company.closing import by_closing
from solver.search.company.model import bettered
from solver.search.company.places import asked, places

GATHERINGS = (8, 40)
"""Meetings that many want, offered to each beside the own wishes; the second where the first leaves somebody out."""


@dataclass(frozen=True)
class Gathered:
    """What was chosen for these people in one slot: the meeting of each, or none."""

    people: Numbers
    meeting: dict[int, str]

    @property
    def left_out(self) -> list[int]:
        return [int(person) for person in self.people if int(person) not in self.meeting]


def gathered(day: Day, t: int, weights: Weights, units: float) -> Gathered:
    """Good places of the protected groups in slot t, all other slots as they are; `day` is left as it is.

    units: deterministic time of the model, about as many seconds.
    """
    question = asked(day, t, weights)
    found = _chosen(question, GATHERINGS[0], units)
    if not found.left_out:
        return found
    return min(found, _chosen(question, GATHERINGS[1], units), key=lambda each: len(each.left_out))


def _chosen(question: SlotProblem, gatherings: int, units: float) -> Gathered:
    given = places(question, gatherings)
    names = [question.timetable.meetings[m].id for m in question.meetings]
    seat = bettered(given, by_closing(given), units)
    return Gathered(given.people, {int(given.people[i]): names[j] for i, j in enumerate(seat) if j >= 0})
