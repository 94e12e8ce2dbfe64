"""An allocation indexed for counting: what every check reads."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from solver.problem import Meeting, Participant, Problem, Role, Seat, Solution, Violation

Check = Callable[["Facts"], Iterator[Violation]]


STAFF = (Role.FACILITATOR, Role.NOTE_TAKER)


class Facts:
    """An allocation, indexed for counting."""

    def __init__(self, problem: Problem, solution: Solution):
        self.problem = problem
        self.meetings = {meeting.id: meeting for meeting in solution.meetings}
        self.seats = solution.seats
        self.listed = solution.meetings

    @cached_property
    def at(self) -> dict[str, list[Seat]]:
        """The seats of each meeting, counted once: in its first slot."""
        found: dict[str, list[Seat]] = {meeting.id: [] for meeting in self.listed}
        for seat in self.seats:
            if seat.slot == self.meetings[seat.meeting].slot:
                found[seat.meeting].append(seat)
        return found

    @cached_property
    def of(self) -> dict[str, list[Seat]]:
        found: dict[str, list[Seat]] = defaultdict(list)
        for seat in self.seats:
            found[seat.participant].append(seat)
        return found

    @cached_property
    def _attending(self) -> dict[str, list[Participant]]:
        person = self.problem.participant
        return {
            id: [person[seat.participant] for seat in seats if seat.role is Role.ATTENDEE]
            for id, seats in self.at.items()
        }

    def attendees(self, meeting: Meeting) -> list[Participant]:
        return self._attending[meeting.id]

    @cached_property
    def _spans(self) -> dict[tuple[str, str], tuple[str, ...]]:
        starts = {(meeting.session, meeting.slot) for meeting in self.listed}
        return {start: self.problem.span(*start) or start[1:] for start in starts}

    def span(self, meeting: Meeting) -> tuple[str, ...]:
        """The slots that it takes; of one that does not fit into the day its first."""
        return self._spans[meeting.session, meeting.slot]

    def first_seats(self) -> Iterator[Seat]:
        for seats in self.at.values():
            yield from seats
