"""Rules 13 to 15 by plain counting: what is decided, vetoes, slots and order."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from solver.judge.facts import Facts
from solver.problem import Given, Meeting, Role, Violation


def locks_hold(facts: Facts) -> Iterator[Violation]:
    """Rule 13: what is decided already stays: meetings, people's places, musts."""
    for given in facts.problem.meetings:
        if not any(_as_given(meeting, given) for meeting in facts.listed):
            yield Violation("locks_hold", {"session": given.session, "slot": given.slot})
    yield from _places_decided(facts)
    if facts.problem.only_wanted:
        yield from _nothing_unwanted(facts)


def _as_given(meeting: Meeting, given: Given) -> bool:
    return (
        (meeting.session, meeting.slot) == (given.session, given.slot)
        and given.room in (None, meeting.room)
        and given.language in (None, meeting.language)
    )


def _places_decided(facts: Facts) -> Iterator[Violation]:
    """Whoever is locked somewhere, or must go, sits there at least once, in whatever role."""
    problem = facts.problem
    musts = [(person.id, session) for person in problem.participants for session in sorted(person.required)]
    if not problem.locks and not musts:
        return
    visits = {(seat.participant, facts.meetings[seat.meeting].session, seat.slot) for seat in facts.first_seats()}
    there = {(participant, session) for participant, session, _ in visits}
    for lock in problem.locks:
        pair = (lock.participant, lock.session)
        if ((*pair, lock.slot) in visits if lock.slot else pair in there) is lock.never:
            yield Violation("locks_hold", {"participant": lock.participant, "session": lock.session})
    for participant, session in musts:
        if (participant, session) not in there:
            yield Violation("locks_hold", {"participant": participant, "session": session})


def _nothing_unwanted(facts: Facts) -> Iterator[Violation]:
    """Where people attend only what they rated or must, nobody attends anything else."""
    for seat in facts.first_seats():
        person, session = facts.problem.participant[seat.participant], facts.meetings[seat.meeting].session
        if seat.role is Role.ATTENDEE and session not in person.ratings and session not in person.required:
            yield Violation("locks_hold", {"participant": person.id, "session": session})


def vetoes_respected(facts: Facts) -> Iterator[Violation]:
    """Rule 14: nobody attends what she said is not for her."""
    for seat in facts.first_seats():
        session = facts.meetings[seat.meeting].session
        if seat.role is Role.ATTENDEE and session in facts.problem.participant[seat.participant].vetoes:
            yield Violation("vetoes_respected", {"participant": seat.participant, "session": session}, 1)


def sessions_in_order(facts: Facts) -> Iterator[Violation]:
    """Rule 15: allowed slots, whole durations, no conflicting sessions at once, the later one later."""
    problem = facts.problem
    starts: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in facts.listed:
        starts[meeting.session].append(meeting)
        span = problem.span(meeting.session, meeting.slot)
        allowed = problem.session[meeting.session].slots
        if span is None or (allowed is not None and not set(span) <= allowed):
            yield Violation("sessions_in_order", {"meeting": meeting.id, "slot": meeting.slot})
    yield from _side_by_side(facts, starts)
    for session in problem.sessions:
        mine = starts[session.id]
        for at, meeting in enumerate(mine):
            for later in mine[at + 1 :]:
                if set(facts.span(meeting)) & set(facts.span(later)):
                    yield Violation("sessions_in_order", {"session": session.id, "slot": later.slot})
        for other in session.conflicts:
            both = {u for m in mine for u in facts.span(m)} & {u for m in starts[other] for u in facts.span(m)}
            if both:
                yield Violation("sessions_in_order", {"session": session.id, "other": other, "slot": sorted(both)[0]})
        for other in session.after:
            ends = [problem.slot_at[facts.span(m)[-1]] for m in starts[other]]
            early = [m for m in mine if ends and problem.slot_at[m.slot] <= max(ends)]
            if early:
                yield Violation("sessions_in_order", {"session": session.id, "other": other, "slot": early[0].slot})


def _side_by_side(facts: Facts, starts: dict[str, list[Meeting]]) -> Iterator[Violation]:
    held = Counter(meeting.slot for meeting in facts.listed)
    for slot in facts.problem.slots:
        if held[slot.id] < slot.least or (slot.most is not None and held[slot.id] > slot.most):
            yield Violation("sessions_in_order", {"slot": slot.id, "meetings": held[slot.id]})
    for session in facts.problem.sessions:
        for other in sorted(session.beside):
            apart = {m.slot for m in starts[session.id]} ^ {m.slot for m in starts[other]}
            if apart:
                broken = {"session": session.id, "other": other, "slot": sorted(apart)[0]}
                yield Violation("sessions_in_order", broken)
