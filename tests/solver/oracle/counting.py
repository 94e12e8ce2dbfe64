"""A second judge: which rules an allocation breaks, and what each goal counts, by plain loops from the rules' text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

from solver import Interpreter, Meeting, Mode, Participant, Preset, Problem, Role, Seat, Session, Solution
from tests.solver.oracle import laws


@dataclass(frozen=True)
class Breach:
    """`amount` is by how much a price would have to be paid; 0 cannot be bought."""

    rule: str
    amount: int = 0


class Sheet:
    """An allocation as it would hang on the wall: per meeting who is there, as what, and what she listens to."""

    def __init__(self, problem: Problem, found: Solution):
        self.problem, self.meetings, self.seats = problem, found.meetings, found.seats
        self.people = {person.id: person for person in problem.participants}
        self.sessions = {session.id: session for session in problem.sessions}
        self.rooms = {room.id: room for room in problem.rooms}
        self.names = [slot.id for slot in problem.slots]
        self.times = {m.id: laws.span(problem, self.sessions[m.session], m.slot) or (m.slot,) for m in found.meetings}
        self.inside: dict[str, list[Seat]] = {m.id: [] for m in found.meetings}
        for seat in found.seats:
            if seat.slot == self.times[seat.meeting][0]:
                self.inside[seat.meeting].append(seat)
        self.attending = {
            id: [self.people[seat.participant] for seat in seats if seat.role is Role.ATTENDEE]
            for id, seats in self.inside.items()
        }

    def visits(self, person: str) -> list[Meeting]:
        return [m for m in self.meetings for each in self.attending[m.id] if each.id == person]


def sound(problem: Problem, found: Solution) -> bool:
    """Everything named exists, and whoever is in a meeting is in it from its first to its last slot."""
    people, names = {p.id for p in problem.participants}, {s.id for s in problem.slots}
    sessions, rooms = {s.id for s in problem.sessions}, {r.id for r in problem.rooms}
    ids = [m.id for m in found.meetings]
    if len(set(ids)) < len(ids):
        return False
    if not all(m.session in sessions and m.slot in names and m.room in rooms for m in found.meetings):
        return False
    if not all(s.participant in people and s.meeting in ids and s.slot in names for s in found.seats):
        return False
    sheet = Sheet(problem, found)
    sat = Counter((seat.participant, seat.meeting, seat.slot) for seat in found.seats)
    pairs = {(seat.participant, seat.meeting) for seat in found.seats}
    whole = all(sorted(sheet.times[m]) == sorted(t for p, n, t in sat if (p, n) == (who, m)) for who, m in pairs)
    return whole


def lawful(problem: Problem, found: Solution) -> bool:
    """No rule is broken, what a price buys aside."""
    return sound(problem, found) and not any(
        breach.amount == 0 or breach.rule not in problem.flexible for breach in breaches(problem, found)
    )


def breaches(problem: Problem, found: Solution) -> Iterator[Breach]:
    sheet = Sheet(problem, found)
    for rule in (_timetable, _one_place, _sizes, _staff, _fit, _languages, _groups, _bonds, _decided):
        yield from rule(sheet)


def timetable_breaches(problem: Problem, meetings: tuple[Meeting, ...]) -> Iterator[Breach]:
    """What a timetable breaks, whoever comes."""
    yield from _timetable(Sheet(problem, Solution(status="feasible", meetings=meetings)))  # type: ignore[arg-type]


def _timetable(sheet: Sheet) -> Iterator[Breach]:
    problem = sheet.problem
    busy: Counter[tuple[str, str]] = Counter()
    for meeting in sheet.meetings:
        session, room = sheet.sessions[meeting.session], sheet.rooms[meeting.room]
        times = laws.span(problem, session, meeting.slot)
        if not times or (session.slots is not None and not set(times) <= session.slots):
            yield Breach("sessions_in_order")
        for slot in sheet.times[meeting.id]:
            busy[room.id, slot] += 1
            if room.slots is not None and slot not in room.slots:
                yield Breach("rooms_hold_one_meeting")
        if not session.features <= room.features:
            yield Breach("rooms_and_people_fit")
        if meeting.language not in laws.speakable(session):
            yield Breach("everybody_understands")
    if any(times > 1 for times in busy.values()):
        yield Breach("rooms_hold_one_meeting")
    for given in problem.meetings:
        if not any(
            (m.session, m.slot) == (given.session, given.slot)
            and given.room in (None, m.room)
            and given.language in (None, m.language)
            for m in sheet.meetings
        ):
            yield Breach("locks_hold")
    yield from _programme(sheet)


def _programme(sheet: Sheet) -> Iterator[Breach]:
    problem = sheet.problem
    held = {session.id: [m for m in sheet.meetings if m.session == session.id] for session in problem.sessions}
    for session in problem.sessions:
        many, fewest = len(held[session.id]), 0 if session.may_be_cancelled else session.offered
        if many < fewest or many > session.offered:
            yield Breach("size_at_least")
        yield from _order(sheet, session, held)
    for slot in problem.slots:
        starting = sum(m.slot == slot.id for m in sheet.meetings)
        if starting < slot.least or (slot.most is not None and starting > slot.most):
            yield Breach("sessions_in_order")


def _order(sheet: Sheet, session: Session, held: dict[str, list[Meeting]]) -> Iterator[Breach]:
    mine = held[session.id]
    if any(set(sheet.times[one.id]) & set(sheet.times[two.id]) for one, two in combinations(mine, 2)):
        yield Breach("sessions_in_order")
    for other in session.conflicts:
        if any(set(sheet.times[m.id]) & set(sheet.times[n.id]) for m in mine for n in held[other]):
            yield Breach("sessions_in_order")
    for other in session.after:
        for m in mine:
            for n in held[other]:
                if sheet.names.index(m.slot) <= sheet.names.index(sheet.times[n.id][-1]):
                    yield Breach("sessions_in_order")
    for other in session.beside:
        if {m.slot for m in mine} != {n.slot for n in held[other]}:
            yield Breach("sessions_in_order")


def _one_place(sheet: Sheet) -> Iterator[Breach]:
    problem = sheet.problem
    for person in problem.participants:
        for slot in problem.slots:
            here = [seat for seat in sheet.seats if (seat.participant, seat.slot) == (person.id, slot.id)]
            present = person.attends and laws.there(person, (slot.id,))
            must = present and problem.full_day and not problem.unplaced_allowed
            if len(here) > 1 or (must and not here):
                yield Breach("one_meeting_per_slot")
            if any(seat.role is Role.ATTENDEE for seat in here) and not present:
                yield Breach("one_meeting_per_slot")
        visited = [meeting.session for meeting in sheet.visits(person.id)]
        if len(set(visited)) < len(visited):
            yield Breach("never_the_same_session_twice")


def _sizes(sheet: Sheet) -> Iterator[Breach]:
    for meeting in sheet.meetings:
        session, room = sheet.sessions[meeting.session], sheet.rooms[meeting.room]
        size = len(sheet.attending[meeting.id])
        if room.capacity is not None and len(sheet.inside[meeting.id]) > room.capacity:
            yield Breach("size_at_most")
        if session.maximum is not None and size > session.maximum:
            yield Breach("size_at_most", size - session.maximum)
        if size < session.minimum:
            yield Breach("size_at_least", session.minimum - size)


def _staff(sheet: Sheet) -> Iterator[Breach]:
    for meeting in sheet.meetings:
        session = sheet.sessions[meeting.session]
        wanted = sorted(
            [(id, Role.FACILITATOR) for id in session.facilitators]
            + [(id, Role.NOTE_TAKER) for id in session.note_takers]
        )
        working = sorted(
            (seat.participant, seat.role)
            for seat in sheet.inside[meeting.id]
            if seat.role in (Role.FACILITATOR, Role.NOTE_TAKER)
        )
        if wanted != working:
            yield Breach("staff_at_their_own")
        for id, _ in wanted:
            if not laws.there(sheet.people[id], sheet.times[meeting.id]):
                yield Breach("staff_at_their_own")


def _fit(sheet: Sheet) -> Iterator[Breach]:
    for meeting in sheet.meetings:
        session, room = sheet.sessions[meeting.session], sheet.rooms[meeting.room]
        for seat in sheet.inside[meeting.id]:
            if not sheet.people[seat.participant].needs <= room.features:
                yield Breach("rooms_and_people_fit")
        for person in sheet.attending[meeting.id]:
            for attribute, values in session.admits.items():
                if person.attributes.get(attribute) not in values:
                    yield Breach("rooms_and_people_fit")


def _languages(sheet: Sheet) -> Iterator[Breach]:
    able = {interpreter.participant: interpreter for interpreter in sheet.problem.interpreters}
    for meeting in sheet.meetings:
        session = sheet.sessions[meeting.session]
        working: dict[str, list[Interpreter]] = {}
        for seat in sheet.inside[meeting.id]:
            if seat.role is Role.INTERPRETER:
                who, channel = able.get(seat.participant), seat.listens_in or ""
                if who is None or not _may_work(sheet, meeting, who, channel):
                    yield Breach("everybody_understands")
                else:
                    working.setdefault(channel, []).append(who)
        listening: Counter[str] = Counter()
        for seat in sheet.inside[meeting.id]:
            if seat.role is not Role.ATTENDEE:
                continue
            person, channel = sheet.people[seat.participant], seat.listens_in
            if channel is None:
                if not laws.follows(person, session, meeting.language):
                    yield Breach("everybody_understands", 1)
            elif channel not in working or not laws.hears(person, session, meeting.language, channel):
                yield Breach("everybody_understands")
            else:
                listening[channel] += 1
        for channel, voices in working.items():
            yield from _channel(voices, listening[channel])
            yield from _between_two(sheet, meeting)
    yield from _rests(sheet)


def _between_two(sheet: Sheet, meeting: Meeting) -> Iterator[Breach]:
    """All who listen understand one and the same of two languages, so that nobody need interpret."""
    session = sheet.sessions[meeting.session]
    attending = (seat for seat in sheet.inside[meeting.id] if seat.role is Role.ATTENDEE)
    listening = [sheet.people[seat.participant] for seat in attending if seat.listens_in is not None]
    shared = any(all(laws.understands(person, each) for person in listening) for each in session.languages)
    if session.two_language and shared:
        yield Breach("everybody_understands")


def _may_work(sheet: Sheet, meeting: Meeting, who: Interpreter, channel: str) -> bool:
    times, session = sheet.times[meeting.id], sheet.sessions[meeting.session]
    return (
        channel in laws.targets(session, meeting.language, who.pairs)
        and laws.there(sheet.people[who.participant], times)
        and (who.slots is None or set(times) <= who.slots)
    )


def _channel(voices: list[Interpreter], listening: int) -> Iterator[Breach]:
    single = [each for each in voices if each.mode is not Mode.SIMULTANEOUS]
    booth = [each for each in voices if each.mode is Mode.SIMULTANEOUS]
    twos, odd = divmod(len(booth), 2)
    if odd:
        yield Breach("everybody_understands")
    places = sum(each.listeners for each in single)
    if booth:
        places += twos * min(each.listeners for each in booth)
    if listening > places or len(single) + twos > listening:
        yield Breach("everybody_understands")


def _rests(sheet: Sheet) -> Iterator[Breach]:
    for who in sheet.problem.interpreters:
        works = [
            any((s.participant, s.slot, s.role) == (who.participant, slot, Role.INTERPRETER) for s in sheet.seats)
            for slot in sheet.names
        ]
        longest = max((len(list(run)) for busy, run in groupby(works) if busy), default=0)
        if who.most_in_a_row is not None and longest > who.most_in_a_row:
            yield Breach("everybody_understands")


def _groups(sheet: Sheet) -> Iterator[Breach]:
    problem = sheet.problem
    for meeting in sheet.meetings:
        people = sheet.attending[meeting.id]
        for quota in problem.quotas:
            if quota.session in (None, meeting.session):
                count = _count(people, quota.attribute, quota.value)
                if count < quota.minimum:
                    yield Breach("quotas_hold", quota.minimum - count)
                elif quota.maximum is not None and count > quota.maximum:
                    yield Breach("quotas_hold", count - quota.maximum)
        for company in problem.company:
            count = _count(people, company.attribute, company.value)
            if 0 < count < company.least:
                yield Breach("nobody_isolated", company.least - count)
        for spread in problem.spread:
            for value in {p.attributes[spread.attribute] for p in people if spread.attribute in p.attributes}:
                over = _count(people, spread.attribute, value) - spread.most
                if over > 0:
                    yield Breach("organisations_spread", over)


def _count(people: list[Participant], attribute: str, value: str) -> int:
    return sum(person.attributes.get(attribute) == value for person in people)


def _bonds(sheet: Sheet) -> Iterator[Breach]:
    for meeting in sheet.meetings:
        times, inside = sheet.times[meeting.id], sheet.inside[meeting.id]
        for bond in sheet.problem.apart:
            if sum(seat.participant in bond for seat in inside) > 1:
                yield Breach("together_or_apart")
        for bond in sheet.problem.together:
            for person in sheet.attending[meeting.id]:
                if person.id in bond:
                    for other in bond - {person.id}:
                        if not _joins(sheet, sheet.people[other], meeting, times):
                            yield Breach("together_or_apart")


def _joins(sheet: Sheet, other: Participant, meeting: Meeting, times: tuple[str, ...]) -> bool:
    """She is away, on duty when it begins, or attends it too."""
    if not (other.attends and laws.there(other, times)):
        return True
    return any(
        seat.participant == other.id
        and seat.slot == times[0]
        and (seat.role is not Role.ATTENDEE or seat.meeting == meeting.id)
        for seat in sheet.seats
    )


def _decided(sheet: Sheet) -> Iterator[Breach]:
    problem = sheet.problem
    for lock in problem.locks:
        there = any(
            seat.participant == lock.participant and m.session == lock.session and lock.slot in (None, m.slot)
            for m in sheet.meetings
            for seat in sheet.inside[m.id]
        )
        if there == lock.never:
            yield Breach("locks_hold")
    for person in problem.participants:
        been = {m.session for m in sheet.meetings if any(s.participant == person.id for s in sheet.inside[m.id])}
        visited = [m.session for m in sheet.visits(person.id)]
        if not person.required <= been:
            yield Breach("locks_hold")
        if problem.only_wanted and not set(visited) <= set(person.ratings) | person.required:
            yield Breach("locks_hold")
        for session in visited:
            if session in person.vetoes:
                yield Breach("vetoes_respected", 1)


def values(problem: Problem, found: Solution, preset: Preset) -> dict[str, int]:
    """Each goal of the preset in whole parts (see `laws.unit`)."""
    sheet = Sheet(problem, found)
    return {aim.name: COUNTS[aim.name](sheet) for aim in laws.aims(problem, preset)}


def _unplaced(sheet: Sheet) -> int:
    placed = {(seat.participant, seat.slot) for seat in sheet.seats}
    return sum(
        sheet.problem.full_day and person.attends and laws.there(person, (slot,)) and (person.id, slot) not in placed
        for person in sheet.problem.participants
        for slot in sheet.names
    )


def _exceptions(sheet: Sheet) -> int:
    problem = sheet.problem
    found = Solution(status="feasible", meetings=sheet.meetings, seats=sheet.seats)  # type: ignore[arg-type]
    return sum(breach.amount * problem.flexible.get(breach.rule, 0) for breach in breaches(problem, found))


def _got(sheet: Sheet, person: Participant) -> int:
    return sum(laws.points(sheet.problem, person, meeting.session) for meeting in sheet.visits(person.id))


def _worst_off(sheet: Sheet) -> int:
    return sum(
        cost
        for person in sheet.problem.participants
        if person.favourites and person.attends
        for wanted, cost in laws.steps(sheet.problem, person)
        if _got(sheet, person) < wanted
    )


def _wishes(sheet: Sheet) -> int:
    return sum(_got(sheet, person) for person in sheet.problem.participants if person.favourites)


def _mix(sheet: Sheet) -> int:
    parts, total = laws.unit(sheet.problem, "mix"), 0
    for attribute in sheet.problem.balance:
        whole = laws.composition(sheet.problem, attribute)
        everybody = sum(whole.values())
        for people in sheet.attending.values():
            known = sum(person.attributes.get(attribute) in whole for person in people)
            for value, share in whole.items():
                total += parts // everybody * abs(everybody * _count(people, attribute, value) - share * known)
    return total


def _encounters(sheet: Sheet) -> int:
    met = Counter(
        frozenset({one.id, other.id}) for people in sheet.attending.values() for one, other in combinations(people, 2)
    )
    return sum(times - 1 for times in met.values())


def _even_sizes(sheet: Sheet) -> int:
    total = 0
    for slot in sheet.names:
        sizes = [len(sheet.attending[m.id]) for m in sheet.meetings if m.slot == slot]
        total += max(sizes) - min(sizes) if sizes else 0
    return total


def _stability(sheet: Sheet) -> int:
    previous, changes = sheet.problem.previous, 0
    if previous is None:
        return 0
    for place in previous.places:
        person = sheet.people.get(place.participant)
        if person and person.attends and laws.there(person, (place.slot,)):
            changes += not any((m.session, m.slot) == (place.session, place.slot) for m in sheet.visits(person.id))
    kept = {(m.session, m.slot, m.room) for m in sheet.meetings}
    return changes + sum((m.session, m.slot, m.room) not in kept for m in previous.meetings)


def _ratings(sheet: Sheet) -> list[tuple[Participant, str]]:
    return [(person, m.session) for person in sheet.problem.participants for m in sheet.visits(person.id)]


def _native(sheet: Sheet) -> int:
    return sum(round(person.ratings.get(session, 0) * 10**6) for person, session in _ratings(sheet))


def cost(problem: Problem, person: Participant, session: str) -> int:
    """What this assignment falls short of the highest rating of all; nothing where she must go."""
    highest = max((rating for each in problem.participants for rating in each.ratings.values()), default=0)
    return 0 if session in person.required else round(highest - person.ratings.get(session, 0))


def _worst_pair(sheet: Sheet) -> int:
    return max((cost(sheet.problem, person, session) for person, session in _ratings(sheet)), default=0)


def _cubes(sheet: Sheet) -> int:
    return sum(cost(sheet.problem, person, session) ** 3 for person, session in _ratings(sheet))


COUNTS = {
    "unplaced": _unplaced,
    "exceptions": _exceptions,
    "worst_off": _worst_off,
    "wishes": _wishes,
    "mix": _mix,
    "encounters": _encounters,
    "even_sizes": _even_sizes,
    "stability": _stability,
    "native": _native,
    "worst_pair": _worst_pair,
    "cubes": _cubes,
}
