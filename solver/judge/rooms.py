"""Rules 5 to 7 by plain counting: rooms, duties, and what people need."""

from collections import Counter
from collections.abc import Iterator

from solver.judge.eligibility import admits
from solver.judge.facts import STAFF, Facts
from solver.problem import Role, Violation


def rooms_hold_one_meeting(facts: Facts) -> Iterator[Violation]:
    """Rule 5: a room holds one meeting at a time, and is free."""
    held: Counter[tuple[str, str]] = Counter()
    for meeting in facts.listed:
        room = facts.problem.room[meeting.room]
        for slot in facts.span(meeting):
            held[room.id, slot] += 1
            if room.slots is not None and slot not in room.slots:
                yield Violation("rooms_hold_one_meeting", {"room": room.id, "slot": slot, "meeting": meeting.id})
    for (name, slot), times in held.items():
        if times > 1:
            yield Violation("rooms_hold_one_meeting", {"room": name, "slot": slot, "meetings": times})


def staff_at_their_own(facts: Facts) -> Iterator[Violation]:
    """Rule 6: facilitators and note-takers sit in every meeting of their session, there then and nowhere else."""
    problem = facts.problem
    for meeting in facts.listed:
        session = problem.session[meeting.session]
        sitting = Counter([(seat.participant, seat.role) for seat in facts.at[meeting.id] if seat.role in STAFF])
        expected = Counter(
            [(person, Role.FACILITATOR) for person in session.facilitators]
            + [(person, Role.NOTE_TAKER) for person in session.note_takers]
        )
        for person, role in (expected - sitting) + (sitting - expected):
            yield Violation("staff_at_their_own", {"participant": person, "meeting": meeting.id, "role": role.value})
        for person in session.staff:
            absent = [slot for slot in facts.span(meeting) if not problem.present(problem.participant[person], slot)]
            if absent:
                yield Violation("staff_at_their_own", {"participant": person, "meeting": meeting.id, "slot": absent[0]})
    for person in {person: None for session in problem.sessions for person in session.staff}:
        duties = Counter([seat.slot for seat in facts.of[person] if seat.role is not Role.ATTENDEE])
        for slot, times in duties.items():
            if times > 1:
                yield Violation("staff_at_their_own", {"participant": person, "slot": slot, "meetings": times})


def rooms_and_people_fit(facts: Facts) -> Iterator[Violation]:
    """Rule 7: a room has what its session and its people need; a session admits whom it is open to."""
    for meeting in facts.listed:
        session = facts.problem.session[meeting.session]
        features = facts.problem.room[meeting.room].features
        missing = session.features - features
        if missing:
            yield Violation("rooms_and_people_fit", {"meeting": meeting.id, "features": sorted(missing)})
        for seat in facts.at[meeting.id]:
            person = facts.problem.participant[seat.participant]
            if person.needs - features:
                yield Violation(
                    "rooms_and_people_fit",
                    {
                        "meeting": meeting.id,
                        "participant": person.id,
                        "features": sorted(person.needs - features),
                    },
                )
            if seat.role is Role.ATTENDEE and not admits(session, person):
                yield Violation("rooms_and_people_fit", {"meeting": meeting.id, "participant": person.id})
