"""Why people have no place: round by round, how many places there are, how many are free, and what keeps people out."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from solver.bounds.listening import followed
from solver.judge import scores
from solver.judge.eligibility import admits, may_listen, understands
from solver.problem import Meeting, Participant, Problem, Role, Seat, Solution

REASONS = ("full", "language", "unspoken", "needs", "not_open", "veto", "been", "other")
"""What keeps somebody out of every meeting with a free place; "full" where no meeting has one.

`unspoken`: no meeting has one, and she understands none of them, unaided or by somebody at work there. `been`: she has
been to the session in another round. `other`: quotas, company and other agreements.
"""


@dataclass(frozen=True)
class Shortage:
    """One round: `wanted` places by the people who are there and free, `places` of all meetings, `free` among them.

    `why` says of each without a place what keeps most of the free places from her, `reasons` counts that; `languages`
    those whom language keeps out by the languages that they understand. `in_vain` counts those who could sit in none of
    these meetings were it larger, `rooms_free` the rooms that stand empty, `sessions_less` those held less often than
    offered.
    """

    slot: str
    people: tuple[str, ...]
    wanted: int
    places: int
    free: int
    bound_by: frozenset[str] = frozenset()  # of each meeting: its "room", its "maximum", or "both" at once
    been_everywhere: int = 0  # how many without a place have been to all that is open to them and they follow unaided
    why: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    in_vain: int = 0
    rooms_free: int = 0
    sessions_less: int = 0


def places(capacity: int | None, maximum: int | None, working: int, everybody: int) -> int:
    """How many can attend a meeting: by its room's chairs, those who work there aside, and by its session's maximum.

    A room without a bound has chairs for `everybody`.
    """
    free = max(0, (everybody if capacity is None else capacity) - working)
    return free if maximum is None else min(free, maximum)


def shortages(problem: Problem, solution: Solution) -> tuple[Shortage, ...]:
    """Each round in which somebody has no place, in the day's order; empty when everybody has one everywhere."""
    without: dict[str, list[str]] = defaultdict(list)
    for id, slot in scores.unplaced(problem, solution):
        without[slot].append(id)
    found = _Plan(problem, solution)
    return tuple(found.shortage(slot.id, without[slot.id]) for slot in problem.slots if without[slot.id])


class _Plan:
    """The allocation indexed by meeting and by person."""

    def __init__(self, problem: Problem, solution: Solution):
        self.problem = problem
        self.running: dict[str, list[Meeting]] = defaultdict(list)
        for meeting in solution.meetings:
            for slot in problem.span(meeting.session, meeting.slot) or (meeting.slot,):
                self.running[slot].append(meeting)
        first = {meeting.id: meeting.slot for meeting in solution.meetings}
        self.held = Counter(meeting.session for meeting in solution.meetings)
        self.at: dict[str, list[Seat]] = defaultdict(list)
        for seat in solution.seats:
            if seat.slot == first[seat.meeting]:
                self.at[seat.meeting].append(seat)
        self.visited = {id: set(sessions) for id, sessions in scores.attended(problem, solution).items()}
        self.working = {(s.participant, s.slot) for s in solution.seats if s.role is not Role.ATTENDEE}

    def shortage(self, slot: str, people: list[str]) -> Shortage:
        problem, meetings = self.problem, self.running[slot]
        why = {id: self._reason(problem.participant[id], slot) for id in people}
        reasons = Counter(why.values())
        spoken: Counter[str] = Counter()
        for id in people:
            if why[id] in {"language", "unspoken"}:
                spoken.update(problem.participant[id].understood)
        return Shortage(
            slot,
            tuple(people),
            wanted=sum(
                person.attends and problem.present(person, slot) and (person.id, slot) not in self.working
                for person in problem.participants
            ),
            places=sum(self._most(meeting) for meeting in meetings),
            free=sum(self._free(meeting) for meeting in meetings),
            bound_by=frozenset(map(self._bound_by, meetings)),
            been_everywhere=sum(self._been_everywhere(problem.participant[id]) for id in people),
            why=why,
            reasons={reason: reasons[reason] for reason in REASONS if reasons[reason]},
            languages=dict(sorted(spoken.items())),
            in_vain=sum(not self._any_if_larger(problem.participant[id], meetings) for id in people),
            rooms_free=_rooms_free(problem, slot, meetings),
            sessions_less=sum(self.held[session.id] < session.offered for session in problem.sessions),
        )

    def _attending(self, meeting: Meeting) -> int:
        return sum(seat.role is Role.ATTENDEE for seat in self.at[meeting.id])

    def _most(self, meeting: Meeting) -> int:
        return self._places(meeting, self.problem.session[meeting.session].maximum)

    def _places(self, meeting: Meeting, maximum: int | None) -> int:
        working = len(self.at[meeting.id]) - self._attending(meeting)
        return places(self.problem.room[meeting.room].capacity, maximum, working, len(self.problem.participants))

    def _bound_by(self, meeting: Meeting) -> str:
        """What more of which gives it places: of what binds at once, more of one alone gives none."""
        most, chairs = self.problem.session[meeting.session].maximum, self._places(meeting, None)
        if most is None or most > chairs:
            return "room"
        return "maximum" if most < chairs else "both"

    def _been_everywhere(self, person: Participant) -> bool:
        """Nobody attends a session twice, so no larger and no further meeting of these has a place for her."""
        been = self.visited[person.id]
        free = (session for session in self.problem.sessions if session.id not in person.vetoes)
        mine = (session for session in free if admits(session, person) and followed(session, person.understood))
        return bool(been) and all(session.id in been for session in mine)

    def _free(self, meeting: Meeting) -> int:
        return max(0, self._most(meeting) - self._attending(meeting))

    def _reason(self, person: Participant, slot: str) -> str:
        """What keeps her out of the most free places here; the first reason of each meeting counts.

        Where she has been, nothing helps: that counts only where no other place is free.
        """
        weighed: Counter[str] = Counter()
        for meeting in self.running[slot]:
            if self._free(meeting):
                weighed[self._obstacle(person, meeting)] += self._free(meeting)
        if not weighed:
            heard = any(_follows(self.problem, person, meeting, self.at[meeting.id]) for meeting in self.running[slot])
            return "full" if heard or not self.running[slot] else "unspoken"
        if len(weighed) > 1:
            del weighed["been"]
        return max(weighed, key=lambda reason: (weighed[reason], -REASONS.index(reason)))

    def _any_if_larger(self, person: Participant, meetings: list[Meeting]) -> bool:
        """Whether a place more in some full meeting, or a first meeting, would be one for her."""
        full = (meeting for meeting in meetings if not self._free(meeting))
        return not meetings or any(
            self._obstacle(person, meeting) in {"other", "language"}
            and _follows(self.problem, person, meeting, self.at[meeting.id])
            for meeting in full
        )

    def _obstacle(self, person: Participant, meeting: Meeting) -> str:
        session = self.problem.session[meeting.session]
        obstacles = {
            "veto": session.id in person.vetoes,
            "been": session.id in self.visited[person.id],
            "not_open": not admits(session, person),
            "needs": bool(person.needs - self.problem.room[meeting.room].features),
            "language": not understands(person, session, meeting.language),
        }
        return next((name for name, stands in obstacles.items() if stands), "other")


def _rooms_free(problem: Problem, slot: str, meetings: list[Meeting]) -> int:
    taken = {meeting.room for meeting in meetings}
    return sum(room.id not in taken and (room.slots is None or slot in room.slots) for room in problem.rooms)


def _follows(problem: Problem, person: Participant, meeting: Meeting, seats: list[Seat]) -> bool:
    """Unaided, or by somebody who interprets there."""
    session = problem.session[meeting.session]
    at_work = (seat.listens_in for seat in seats if seat.role is Role.INTERPRETER and seat.listens_in)
    return understands(person, session, meeting.language) or any(
        may_listen(person, session, meeting.language, channel) for channel in at_work
    )
