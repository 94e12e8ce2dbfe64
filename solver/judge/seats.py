"""Rules 1 to 4 by plain counting: one place per slot, nothing twice, sizes."""

from collections import Counter
from collections.abc import Iterator

from solver.judge.facts import Facts
from solver.problem import Role, Violation


def references_exist(facts: Facts) -> Iterator[Violation]:
    problem = facts.problem
    for id, times in Counter(meeting.id for meeting in facts.listed).items():
        if times > 1:
            yield Violation("references", {"meeting": id, "times": times})
    for meeting in facts.listed:
        known = meeting.session in problem.session and meeting.slot in problem.slot_at and meeting.room in problem.room
        if not known:
            yield Violation("references", {"meeting": meeting.id})
    for seat in facts.seats:
        if not (
            seat.meeting in facts.meetings and seat.participant in problem.participant and seat.slot in problem.slot_at
        ):
            yield Violation("references", {"participant": seat.participant, "meeting": seat.meeting})


def one_meeting_per_slot(facts: Facts) -> Iterator[Violation]:
    """Rule 1: one meeting in each slot in which somebody is present, none elsewhere."""
    problem = facts.problem
    must_sit = problem.full_day and not problem.unplaced_allowed
    for person in problem.participants:
        mine = facts.of[person.id]
        here = Counter([seat.slot for seat in mine])
        attending = {seat.slot for seat in mine if seat.role is Role.ATTENDEE}
        for slot in problem.slots:
            present = person.attends and problem.present(person, slot.id)
            wanted = 1 if present and must_sit else 0
            if here[slot.id] > 1 or here[slot.id] < wanted or (not present and slot.id in attending):
                broken = {"participant": person.id, "slot": slot.id, "meetings": here[slot.id]}
                yield Violation("one_meeting_per_slot", broken)
    yield from _from_beginning_to_end(facts)


def _from_beginning_to_end(facts: Facts) -> Iterator[Violation]:
    """Whoever sits in a meeting sits there in each of its slots, in the same role and channel, and in no other."""
    first = {(seat.participant, seat.meeting): (seat.role, seat.listens_in) for seat in facts.first_seats()}
    sat: dict[tuple[str, str], set[str]] = {}
    for seat in facts.seats:
        key = (seat.participant, seat.meeting)
        if first.get(key) == (seat.role, seat.listens_in):
            sat.setdefault(key, set()).add(seat.slot)
        else:
            broken = {"participant": seat.participant, "slot": seat.slot, "meeting": seat.meeting}
            yield Violation("one_meeting_per_slot", broken)
    for (participant, id), slots in sat.items():
        meeting = facts.meetings[id]
        if slots != set(facts.span(meeting)):
            broken = {"participant": participant, "slot": meeting.slot, "meeting": id}
            yield Violation("one_meeting_per_slot", broken)


def never_the_same_session_twice(facts: Facts) -> Iterator[Violation]:
    """Rule 2: nobody attends the same session twice."""
    visits = Counter(
        (seat.participant, facts.meetings[seat.meeting].session)
        for seat in facts.first_seats()
        if seat.role is Role.ATTENDEE
    )
    for (participant, session), times in visits.items():
        if times > 1:
            yield Violation(
                "never_the_same_session_twice",
                {"participant": participant, "session": session, "times": times},
            )


def size_at_most(facts: Facts) -> Iterator[Violation]:
    """Rule 3: no more attendees than the session takes, no more people than the room has chairs."""
    for meeting in facts.listed:
        room, session = facts.problem.room[meeting.room], facts.problem.session[meeting.session]
        chairs, attending = len(facts.at[meeting.id]), len(facts.attendees(meeting))
        if room.capacity is not None and chairs > room.capacity:
            yield Violation("size_at_most", {"meeting": meeting.id, "size": chairs, "most": room.capacity})
        if session.maximum is not None and attending > session.maximum:
            facts_here = {"meeting": meeting.id, "size": attending, "most": session.maximum}
            yield Violation("size_at_most", facts_here, attending - session.maximum)


def size_at_least(facts: Facts) -> Iterator[Violation]:
    """Rule 4: every meeting reaches its minimum; a session runs as often as offered, or may be cancelled."""
    held = Counter(meeting.session for meeting in facts.listed)
    for session in facts.problem.sessions:
        fewest = 0 if session.may_be_cancelled else session.offered
        if not fewest <= held[session.id] <= session.offered:
            yield Violation(
                "size_at_least",
                {"session": session.id, "meetings": held[session.id], "offered": session.offered},
            )
    for meeting in facts.listed:
        size, fewest = len(facts.attendees(meeting)), facts.problem.session[meeting.session].minimum
        if size < fewest:
            yield Violation("size_at_least", {"meeting": meeting.id, "size": size, "least": fewest}, fewest - size)
