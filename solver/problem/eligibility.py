"""Who may sit where, person by person: what is understood in a meeting, who may listen there, whom a session admits."""

from solver.problem.entities import Participant, Session


def working_languages(session: Session) -> tuple[str | None, ...]:
    """What a meeting of this session may be held in; None alone for a two-language session or one without languages."""
    if session.two_language or not session.languages:
        return (None,)
    return tuple(sorted(session.languages))


def spoken(session: Session, working: str | None) -> frozenset[str]:
    """The languages that one must understand to follow such a meeting without an interpreter."""
    if session.two_language:
        return session.languages
    return frozenset() if working is None else frozenset({working})


def understands(person: Participant, session: Session, working: str | None) -> bool:
    """She follows a meeting of this session held in `working` without an interpreter."""
    return spoken(session, working) <= person.understood


def channels(pairs: frozenset[str], session: Session, working: str | None) -> frozenset[str]:
    """The channels of such a meeting in which somebody with these language pairs can work.

    In a meeting held in one language a channel is the language into which it is interpreted; in a two-language
    meeting there is one, named after both ("ar-de"); a meeting without languages has none.
    """
    halves = [frozenset(pair.split("-")) for pair in pairs]
    if session.two_language:
        return frozenset({bridge(session)} if session.languages in halves else ())
    return frozenset(other for pair in halves if working in pair for other in pair - {working})


def bridge(session: Session) -> str:
    """The one channel of a two-language session."""
    return "-".join(sorted(session.languages))


def may_listen(person: Participant, session: Session, working: str | None, channel: str) -> bool:
    """She needs this channel of such a meeting and is served by it."""
    if session.two_language:
        return channel == bridge(session) and len(session.languages & person.understood) == 1
    return working is not None and working not in person.understood and channel in person.understood


def admitted(admits: dict[str, tuple[str, ...]], person: Participant) -> bool:
    return all(person.attributes.get(name) in values for name, values in admits.items())
