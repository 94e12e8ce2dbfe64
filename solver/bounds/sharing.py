"""Who follows a session in one of its languages only, and how many of them all its meetings can serve together."""

import numpy as np

from solver.bounds.chairs import by_meeting
from solver.bounds.eligible import ways
from solver.flow.numbers import Flags, Numbers
from solver.problem import Participant, Problem
from solver.problem.eligibility import working_languages


def tied(problem: Problem, people: list[Participant]) -> Numbers:
    """G x S: the only working language in which these follow a session that has several, by its place; else -1.

    Whoever somebody might interpret for in another language is tied to none.
    """
    found = np.full((len(people), len(problem.sessions)), -1, np.int64)
    if "everybody_understands" in problem.flexible:
        return found
    pairs = frozenset(pair for interpreter in problem.interpreters for pair in interpreter.pairs)
    ears: dict[frozenset[str], list[int]] = {}
    for g, person in enumerate(people):
        ears.setdefault(person.understood, []).append(g)
    alike: dict[object, list[int]] = {}
    for s, session in enumerate(problem.sessions):
        alike.setdefault((session.languages, session.two_language), []).append(s)
    for columns in alike.values():
        session = problem.sessions[columns[0]]
        languages = working_languages(session)
        for rows in ears.values() if len(languages) > 1 else ():
            follows = ways(people[rows[0]], session, pairs)
            if len(follows) == 1:
                found[np.ix_(rows, columns)] = languages.index(follows[0])
    return found


def shared(problem: Problem, may: Flags, only: Numbers, heads: Numbers) -> Numbers:
    """S: at most so many of the tied in all meetings, (person, slot) pairs, since each meeting serves one language.

    may G x S: whom each is open to. only G x S: see `tied`. heads G: everybody who might come, in whole people. With
    parts of people it would be no bound on the average: of one from each side who come half the time, one comes alone
    half the time, and is served.
    """
    found = np.zeros(len(problem.sessions), np.int64)
    for s in np.flatnonzero((only >= 0).any(axis=0)).tolist():
        meetings = by_meeting(problem, problem.sessions[s])
        most, parts = max(meetings, default=0), list[int]()
        for language in range(only[:, s].max() + 1):
            people = int(heads[may[:, s] & (only[:, s] == language)].sum())
            parts += [min(most, people - most * at) for at in range(len(meetings)) if people > most * at]
        found[s] = sum(sorted(parts, reverse=True)[: len(meetings)]) * problem.sessions[s].duration
    return found
