"""The rules by plain counting: knows nothing of the model, so that it can judge what the model says.

Every check reads the facts of an allocation and yields a Violation per breach; CHECKS has them in order.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from solver.fitting import admitted, understands, voiced
from solver.problem import Interpreter, Meeting, Mode, Participant, Problem, Role, Seat, Solution, Violation

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
    for person in problem.participants:
        here = Counter(seat.slot for seat in facts.of[person.id])
        for slot in problem.slots:
            present = person.attends and problem.present(person, slot.id)
            wanted = 1 if present and problem.full_day and not problem.unplaced_allowed else 0
            attending = [seat for seat in facts.of[person.id] if seat.slot == slot.id and seat.role is Role.ATTENDEE]
            if here[slot.id] > 1 or here[slot.id] < wanted or (attending and not present):
                yield Violation(
                    "one_meeting_per_slot",
                    {"participant": person.id, "slot": slot.id, "meetings": here[slot.id]},
                )
    for seat in facts.first_seats():
        sat = {s.slot for s in facts.of[seat.participant] if s.meeting == seat.meeting}
        if sat != set(facts.span(facts.meetings[seat.meeting])):
            yield Violation(
                "one_meeting_per_slot",
                {"participant": seat.participant, "slot": seat.slot, "meeting": seat.meeting},
            )
    started = {(seat.participant, seat.meeting) for seat in facts.first_seats()}
    for seat in facts.seats:
        if (seat.participant, seat.meeting) not in started:
            yield Violation(
                "one_meeting_per_slot",
                {"participant": seat.participant, "slot": seat.slot, "meeting": seat.meeting},
            )


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
    """Rule 6: facilitators and note-takers sit in every meeting of their session, and are there then."""
    for meeting in facts.listed:
        session = facts.problem.session[meeting.session]
        sitting = Counter((seat.participant, seat.role) for seat in facts.at[meeting.id])
        expected = Counter(
            [(person, Role.FACILITATOR) for person in session.facilitators]
            + [(person, Role.NOTE_TAKER) for person in session.note_takers]
        )
        working = Counter({key: times for key, times in sitting.items() if key[1] in STAFF})
        for person, role in (expected - working) + (working - expected):
            yield Violation("staff_at_their_own", {"participant": person, "meeting": meeting.id, "role": role.value})
        for person in session.staff:
            absent = [
                slot
                for slot in facts.span(meeting)
                if not facts.problem.present(facts.problem.participant[person], slot)
            ]
            if absent:
                yield Violation("staff_at_their_own", {"participant": person, "meeting": meeting.id, "slot": absent[0]})


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
            if seat.role is Role.ATTENDEE and not admitted(session.admits, person):
                yield Violation("rooms_and_people_fit", {"meeting": meeting.id, "participant": person.id})


def everybody_understands(facts: Facts) -> Iterator[Violation]:
    """Rule 8: everybody understands the working language, or listens to an interpreter who is there."""
    problem = facts.problem
    known = {interpreter.participant: interpreter for interpreter in problem.interpreters}
    for meeting in facts.listed:
        languages = problem.session[meeting.session].languages
        voices: dict[str, list[Interpreter]] = defaultdict(list)
        listeners: Counter[str] = Counter()
        for seat in facts.at[meeting.id]:
            person = problem.participant[seat.participant]
            if seat.role is Role.INTERPRETER:
                interpreter, language = known.get(seat.participant), seat.listens_in or ""
                if interpreter is None or not _can_work(facts, meeting, interpreter, language):
                    yield Violation("everybody_understands", {"meeting": meeting.id, "interpreter": person.id})
                else:
                    voices[language].append(interpreter)
            elif seat.role is Role.ATTENDEE and not understands(person, languages):
                uncovered = seat.listens_in is None
                if not uncovered:
                    listeners[seat.listens_in or ""] += 1
                if uncovered or seat.listens_in not in person.understood:
                    broken = {"meeting": meeting.id, "participant": person.id}
                    yield Violation("everybody_understands", broken, int(uncovered))
        yield from _enough_places(meeting, listeners, voices)
    yield from _interpreters_rest(facts)


def _can_work(facts: Facts, meeting: Meeting, interpreter: Interpreter, language: str) -> bool:
    span, person = facts.span(meeting), facts.problem.participant[interpreter.participant]
    return (
        language in voiced(interpreter.pairs, facts.problem.session[meeting.session].languages)
        and (interpreter.slots is None or set(span) <= interpreter.slots)
        and all(facts.problem.present(person, slot) for slot in span)
    )


def _enough_places(
    meeting: Meeting, listeners: Counter[str], voices: dict[str, list[Interpreter]]
) -> Iterator[Violation]:
    for language in sorted(listeners.keys() | voices.keys()):
        here = voices.get(language, [])
        booth = [i for i in here if i.mode is Mode.SIMULTANEOUS]
        if len(booth) % 2:
            yield Violation("everybody_understands", {"meeting": meeting.id, "language": language, "booth": len(booth)})
        places = sum(i.listeners for i in here if i.mode is not Mode.SIMULTANEOUS)
        places += len(booth) // 2 * min((i.listeners for i in booth), default=0)
        if listeners[language] > places:
            shown = {"meeting": meeting.id, "language": language, "listeners": listeners[language], "places": places}
            yield Violation("everybody_understands", shown)


def _interpreters_rest(facts: Facts) -> Iterator[Violation]:
    for interpreter in facts.problem.interpreters:
        if interpreter.most_in_a_row is None:
            continue
        busy = {s.slot for s in facts.of[interpreter.participant] if s.role is Role.INTERPRETER}
        row = 0
        for slot in facts.problem.slots:
            row = row + 1 if slot.id in busy else 0
            if row > interpreter.most_in_a_row:
                yield Violation(
                    "everybody_understands",
                    {"participant": interpreter.participant, "slot": slot.id, "in_a_row": row},
                )


def quotas_hold(facts: Facts) -> Iterator[Violation]:
    """Rule 9: each meeting has as many of a group as its quota says."""
    for meeting in facts.listed:
        for quota in facts.problem.quotas:
            if quota.session not in (None, meeting.session):
                continue
            people = facts.attendees(meeting)
            count = sum(person.attributes.get(quota.attribute) == quota.value for person in people)
            over = 0 if quota.maximum is None else count - quota.maximum
            amount = max(quota.minimum - count, over)
            if amount > 0:
                broken = {"meeting": meeting.id, "attribute": quota.attribute, "value": quota.value, "count": count}
                yield Violation("quotas_hold", {**broken, "least": quota.minimum, "most": quota.maximum}, amount)


def nobody_isolated(facts: Facts) -> Iterator[Violation]:
    """Rule 10: of a marked group a meeting has nobody, or enough that nobody is alone."""
    for meeting in facts.listed:
        people = facts.attendees(meeting)
        for company in facts.problem.company:
            count = sum(person.attributes.get(company.attribute) == company.value for person in people)
            if 0 < count < company.least:
                broken = {"meeting": meeting.id, "attribute": company.attribute, "value": company.value}
                shown = {**broken, "count": count, "least": company.least}
                yield Violation("nobody_isolated", shown, company.least - count)


def organisations_spread(facts: Facts) -> Iterator[Violation]:
    """Rule 11: no meeting has more people of one organisation than agreed."""
    for meeting in facts.listed:
        people = facts.attendees(meeting)
        for spread in facts.problem.spread:
            counts = Counter(person.attributes.get(spread.attribute) for person in people)
            for value, count in counts.items():
                if value is not None and count > spread.most:
                    broken = {"meeting": meeting.id, "attribute": spread.attribute, "value": value, "count": count}
                    yield Violation("organisations_spread", {**broken, "most": spread.most}, count - spread.most)


def together_or_apart(facts: Facts) -> Iterator[Violation]:
    """Rule 12: who belongs together attends the same meetings; who must be apart never meets. Names nobody apart."""
    problem = facts.problem
    sits = {(seat.participant, seat.slot): seat for seat in facts.seats}
    for bond in problem.together:
        for seat in facts.first_seats():
            if seat.participant not in bond or seat.role is not Role.ATTENDEE:
                continue
            span = facts.span(facts.meetings[seat.meeting])
            for other in sorted(bond - {seat.participant}):
                person, theirs = problem.participant[other], sits.get((other, seat.slot))
                there = person.attends and all(problem.present(person, slot) for slot in span)
                busy = theirs is not None and (theirs.role is not Role.ATTENDEE or theirs.meeting == seat.meeting)
                if there and not busy:
                    broken = {"meeting": seat.meeting, "participant": seat.participant, "other": other}
                    yield Violation("together_or_apart", broken)
    for bond in problem.apart:
        for meeting in facts.listed:
            if sum(seat.participant in bond for seat in facts.at[meeting.id]) > 1:
                yield Violation("together_or_apart", {"meeting": meeting.id})


def locks_hold(facts: Facts) -> Iterator[Violation]:
    """Rule 13: what is decided already stays: meetings, people's places, musts."""
    problem = facts.problem
    for given in problem.meetings:
        kept = any(
            m.session == given.session and m.slot == given.slot and given.room in (None, m.room) for m in facts.listed
        )
        if not kept:
            yield Violation("locks_hold", {"session": given.session, "slot": given.slot})
    visits = {(seat.participant, facts.meetings[seat.meeting].session, seat.slot): seat for seat in facts.first_seats()}
    attended = {(participant, session) for participant, session, _ in visits}
    for lock in problem.locks:
        there = (
            (lock.participant, lock.session, lock.slot) in visits
            if lock.slot
            else (lock.participant, lock.session) in attended
        )
        if there is lock.never:
            yield Violation("locks_hold", {"participant": lock.participant, "session": lock.session})
    for person in problem.participants:
        for session in person.required:
            if (person.id, session) not in attended:
                yield Violation("locks_hold", {"participant": person.id, "session": session})
        if problem.only_wanted:
            for _, session in sorted(pair for pair in attended if pair[0] == person.id):
                if session not in person.ratings and session not in person.required:
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


CHECKS: tuple[Check, ...] = (
    one_meeting_per_slot,
    never_the_same_session_twice,
    size_at_most,
    size_at_least,
    rooms_hold_one_meeting,
    staff_at_their_own,
    rooms_and_people_fit,
    everybody_understands,
    quotas_hold,
    nobody_isolated,
    organisations_spread,
    together_or_apart,
    locks_hold,
    vetoes_respected,
    sessions_in_order,
)
