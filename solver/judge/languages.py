"""Rule 8 by plain counting: everybody understands, or listens to an interpreter who is there."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from solver.judge.eligibility import interprets_into, understands
from solver.judge.facts import Facts
from solver.problem import Interpreter, Meeting, Mode, Role, Violation


def everybody_understands(facts: Facts) -> Iterator[Violation]:
    """Rule 8: everybody understands the working language, or listens to an interpreter who is there."""
    problem = facts.problem
    known = {interpreter.participant: interpreter for interpreter in problem.interpreters}
    for meeting in facts.listed:
        session = problem.session[meeting.session]
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
            elif seat.role is Role.ATTENDEE and not understands(person, session):
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
        interprets_into(interpreter, facts.problem.session[meeting.session], language)
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
