"""Who may sit where, person by person: what is understood in a meeting, who may listen there, whom a session admits."""

from solver.problem.entities import Participant, Session


def working_languages(session: Session) -> tuple[str | None, ...]:
    """What a meeting of this session may be held in: one of its languages; None where it has none.

    A two-language session may also be held in both at once (None again), which is bridged.
    """
    both = (None,) if session.two_language or not session.languages else ()
    return (*both, *sorted(session.languages))


def spoken(session: Session, working: str | None) -> frozenset[str]:
    """The languages that one must understand to follow such a meeting without an interpreter."""
    if working is not None:
        return frozenset({working})
    return session.languages if session.two_language else frozenset()


def understands(person: Participant, session: Session, working: str | None) -> bool:
    """She follows a meeting of this session held in `working` without an interpreter."""
    return spoken(session, working) <= person.understood


def channels(pairs: frozenset[str], session: Session, working: str | None) -> frozenset[str]:
    """The channels of such a meeting in which somebody with these language pairs can work.

    In a meeting held in one language a channel is the language into which it is interpreted; held in two, it has one,
    named after both ("ar-de"). A meeting without languages has none, and neither has one of a two-language session in
    which everybody shares a language.
    """
    halves = [frozenset(pair.split("-")) for pair in pairs]
    if session.two_language:
        bridged = working is None and session.languages in halves
        return frozenset({bridge(session)} if bridged else ())
    return frozenset(other for pair in halves if working in pair for other in pair - {working})


def bridge(session: Session) -> str:
    """The one channel of a two-language session."""
    return "-".join(sorted(session.languages))


def may_listen(person: Participant, session: Session, working: str | None, channel: str) -> bool:
    """She needs this channel of such a meeting and is served by it."""
    if session.two_language:
        return working is None and channel == bridge(session) and side(person, session) is not None
    return working is not None and working not in person.understood and channel in person.understood


def side(person: Participant, session: Session) -> str | None:
    """The one of two languages that she understands; None for who understands both or neither."""
    known = session.languages & person.understood
    return next(iter(known)) if len(known) == 1 else None


def admitted(admits: dict[str, tuple[str, ...]], person: Participant) -> bool:
    return all(person.attributes.get(name) in values for name, values in admits.items())
