"""Changes that help everybody to understand: interpreters, their hours, and the languages a session is held in."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from solver.problem import Interpreter, Level, Participant, Problem
from solver.questions.remedies.option import Change, Option, of_session

RULE = "everybody_understands"
LISTENERS = 50
"""So many can listen to the interpreter who is tried: more than sit in a meeting."""
HELPER = "interpreter more"


def languages(problem: Problem) -> Iterator[Option]:
    needed = _needed(problem)
    for pair in sorted({"-".join(sorted(each)) for each in needed}):
        yield Option("interpreter", RULE, {"pair": pair}, 4, partial(_with_interpreter, pair=pair))
    for interpreter in problem.interpreters:
        if interpreter.slots is not None or interpreter.most_in_a_row is not None:
            free = _interpreting(interpreter, replace(interpreter, slots=None, most_in_a_row=None))
            yield Option("interpreter_free", RULE, {"participant": interpreter.participant}, 3, free)
    spoken = {language for person in problem.participants if person.attends for language in person.understood}
    strange = {language for person in _strangers(problem) for language in person.understood}
    for session in problem.sessions:
        if not session.languages or session.two_language:
            continue
        for language in sorted(spoken & strange - session.languages):
            facts = {"session": session.id, "language": language}
            more = of_session(session.id, lambda s, new=language: replace(s, languages=s.languages | {new}))  # type: ignore[misc]
            yield Option("language", RULE, facts, 2, more)
        if len(session.languages) == 2 and session.languages in needed:
            told = {"session": session.id, "languages": sorted(session.languages)}
            yield Option("two_language", RULE, told, 3, partial(_in_both, session=session.id))


def _strangers(problem: Problem) -> list[Participant]:
    """Who does not understand every language in which some session may be held."""
    offered = {language for session in problem.sessions for language in session.languages}
    return [person for person in problem.participants if person.attends and offered - person.understood]


def _needed(problem: Problem) -> set[frozenset[str]]:
    """Pairs that would help somebody: a language that she lacks in some session, and one that she has."""
    pairs: set[frozenset[str]] = set()
    offered = {session.languages for session in problem.sessions}
    for known in {person.understood for person in _strangers(problem)}:
        for languages_ in offered:
            pairs |= {frozenset({spoken, own}) for spoken in languages_ - known for own in known}
    return pairs


def _in_both(problem: Problem, session: str) -> Problem:
    """Held in both of its languages at once: a meeting that was given in one of them is not any more."""
    sessions = tuple(replace(s, two_language=True) if s.id == session else s for s in problem.sessions)
    meetings = tuple(replace(m, language=None) if m.session == session else m for m in problem.meetings)
    return replace(problem, sessions=sessions, meetings=meetings)


def _with_interpreter(problem: Problem, pair: str) -> Problem:
    helper = Participant(HELPER, languages=dict.fromkeys(pair.split("-"), Level.SPEAKS), attends=False)
    return replace(
        problem,
        participants=(*problem.participants, helper),
        interpreters=(*problem.interpreters, Interpreter(HELPER, frozenset({pair}), LISTENERS)),
    )


def _interpreting(old: Interpreter, new: Interpreter) -> Change:
    def change(problem: Problem) -> Problem:
        return replace(problem, interpreters=tuple(new if each == old else each for each in problem.interpreters))

    return change
