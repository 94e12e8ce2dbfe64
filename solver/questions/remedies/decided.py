"""Changes to what is decided already: locks, given meetings and their languages, musts."""

from collections.abc import Iterator
from dataclasses import replace

from solver.problem import Given, Problem
from solver.questions.remedies.option import Change, Option, of_person, without


def decided(problem: Problem) -> Iterator[Option]:
    for lock in problem.locks:
        facts = {"participant": lock.participant, "session": lock.session}
        yield Option("lock", "locks_hold", facts, 1, without("locks", lock), drops=True)
    for given in problem.meetings:
        facts = {"session": given.session, "slot": given.slot}
        yield Option("given", "locks_hold", facts, 1, without("meetings", given), drops=True)
        if given.language:
            facts = {**facts, "language": given.language}
            yield Option("given_language", "locks_hold", facts, 1, _in_any_language(given), drops=True)
    for person in problem.participants:
        for session in sorted(person.required):
            facts = {"participant": person.id, "session": session}
            yield Option("must", "locks_hold", facts, 1, _freed(person.id, session), drops=True)


def _freed(id: str, session: str) -> Change:
    return of_person(id, lambda who: replace(who, required=who.required - {session}))


def _in_any_language(given: Given) -> Change:
    def change(problem: Problem) -> Problem:
        free = (replace(each, language=None) if each == given else each for each in problem.meetings)
        return replace(problem, meetings=tuple(free))

    return change
