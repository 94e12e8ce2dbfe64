"""Who follows which session unaided, and how many listeners interpreters can serve in a slot at most."""

from solver.problem import Mode, Problem, Session
from solver.problem.eligibility import channels, working_languages


def followed(session: Session, known: frozenset[str]) -> bool:
    """Whether a meeting of it can be held so that somebody who understands `known` follows unaided.

    One of a two-language session too: where everybody shares a language, it is held in that.
    """
    return not session.languages or bool(session.languages & known)


def listener_places(problem: Problem, slot: str, served: set[frozenset[str]]) -> int:
    """In this slot, at most, for people who understand one of these sets, in meetings held in other languages."""
    kinds = {(session.languages, session.two_language): session for session in problem.sessions}.values()
    here = [
        i
        for i in problem.interpreters
        if (i.slots is None or slot in i.slots)
        and problem.present(problem.participant[i.participant], slot)
        and any(_serves(i.pairs, session, known) for session in kinds for known in served)
    ]
    booth = [i for i in here if i.mode is Mode.SIMULTANEOUS]
    # At best those who serve many sit together, two by two.
    twos = sorted((i.listeners for i in booth), reverse=True)[1::2]
    return sum(twos) + sum(i.listeners for i in here if i.mode is not Mode.SIMULTANEOUS)


def _serves(pairs: frozenset[str], session: Session, known: frozenset[str]) -> bool:
    """Whether such an interpreter makes some meeting of this session understood to them."""
    return any(
        session.two_language or channel in known
        for working in working_languages(session)
        if working is None or working not in known
        for channel in channels(pairs, session, working)
    )
