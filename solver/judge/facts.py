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

    def attendees(self, meeting: Meeting) -> list[Participant]:
        return [
            self.problem.participant[seat.participant] for seat in self.at[meeting.id] if seat.role is Role.ATTENDEE
        ]

    def span(self, meeting: Meeting) -> tuple[str, ...]:
        return self.problem.span(meeting.session, meeting.slot) or (meeting.slot,)

    def first_seats(self) -> Iterator[Seat]:
        for seats in self.at.values():
            yield from seats
