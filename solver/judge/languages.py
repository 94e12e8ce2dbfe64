"""Rule 8 by plain counting: a meeting has one working language, which everybody follows, alone or by ear."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from solver.judge.eligibility import may_be_held_in, may_fill, may_listen, understands
from solver.judge.facts import Facts
from solver.problem import Interpreter, Meeting, Mode, Role, Violation


def everybody_understands(facts: Facts) -> Iterator[Violation]:
    """Rule 8: everybody understands the working language, or listens to an interpreter who is there."""
    known = {interpreter.participant: interpreter for interpreter in facts.problem.interpreters}
    for meeting in facts.listed:
        session = facts.problem.session[meeting.session]
        if not may_be_held_in(session, meeting.language):
            yield _broken(meeting, language=meeting.language)
            continue
        yield from _people(facts, meeting)
        if any(seat.listens_in is not None or seat.role is Role.INTERPRETER for seat in facts.at[meeting.id]):
            yield from _interpreting(facts, meeting, known)
    yield from _interpreters_rest(facts)


def _broken(meeting: Meeting, amount: int = 0, **shown: Any) -> Violation:
    return Violation("everybody_understands", {"meeting": meeting.id, **shown}, amount)


def _people(facts: Facts, meeting: Meeting) -> Iterator[Violation]:
    """Each attendee understands, or has a channel that serves her; without either the breach can be bought."""
    session, language = facts.problem.session[meeting.session], meeting.language
    for seat in facts.at[meeting.id]:
        if seat.role is not Role.ATTENDEE:
            continue
        person = facts.problem.participant[seat.participant]
        if seat.listens_in is None:
            if not understands(person, session, language):
                yield _broken(meeting, 1, participant=person.id)
        elif not may_listen(person, session, language, seat.listens_in):
            yield _broken(meeting, participant=person.id, language=seat.listens_in)


def _interpreting(facts: Facts, meeting: Meeting, known: dict[str, Interpreter]) -> Iterator[Violation]:
    """Interpreters may work here, and every channel has places enough and no more people at work than listeners."""
    problem, session = facts.problem, facts.problem.session[meeting.session]
    listeners: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    working: dict[str, list[Interpreter]] = defaultdict(list)
    for seat in facts.at[meeting.id]:
        channel = seat.listens_in or ""
        if seat.role is Role.INTERPRETER:
            interpreter = known.get(seat.participant)
            if interpreter is None or not _can_work(facts, meeting, interpreter, channel):
                yield _broken(meeting, interpreter=seat.participant)
            else:
                working[channel].append(interpreter)
        elif seat.role is Role.ATTENDEE and channel:
            person = problem.participant[seat.participant]
            if may_listen(person, session, meeting.language, channel):
                listeners[channel] += 1
                alone.update(session.languages & person.understood)
    for channel in sorted(listeners.keys() | working.keys()):
        yield from _channel(meeting, channel, listeners[channel], working[channel])
        if session.two_language and working[channel]:
            for language in sorted(session.languages - alone.keys()):
                yield _broken(meeting, language=channel, interpreters=len(working[channel]), alone=language)


def _can_work(facts: Facts, meeting: Meeting, interpreter: Interpreter, channel: str) -> bool:
    """Has the pair, is free and there, and does nothing else meanwhile."""
    span, person = facts.span(meeting), facts.problem.participant[interpreter.participant]
    duties = Counter(seat.slot for seat in facts.of[person.id] if seat.role is not Role.ATTENDEE)
    return (
        may_fill(interpreter, facts.problem.session[meeting.session], meeting.language, channel)
        and (interpreter.slots is None or set(span) <= interpreter.slots)
        and all(facts.problem.present(person, slot) and duties[slot] <= 1 for slot in span)
    )


def _channel(meeting: Meeting, channel: str, listeners: int, working: list[Interpreter]) -> Iterator[Violation]:
    """Simultaneous interpreters work in twos, and two serve as many as the one who can serve fewer."""
    booth = [each.listeners for each in working if each.mode is Mode.SIMULTANEOUS]
    single = [each.listeners for each in working if each.mode is not Mode.SIMULTANEOUS]
    twos = len(booth) // 2
    places = sum(single) + twos * min(booth, default=0)
    if len(booth) % 2:
        yield _broken(meeting, language=channel, booth=len(booth))
    if listeners > places:
        yield _broken(meeting, language=channel, listeners=listeners, places=places)
    if len(single) + twos > listeners:
        yield _broken(meeting, language=channel, listeners=listeners, interpreters=len(working))


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
