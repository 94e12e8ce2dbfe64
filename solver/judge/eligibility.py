"""Who may sit where, as the judge reads the rules: nothing of it is shared with what is judged."""

from solver.problem import Interpreter, Participant, Session


def may_be_held_in(session: Session, language: str | None) -> bool:
    """The working language is one of the session's; a meeting held in two, or without any, has none to name."""
    if language is None:
        return session.two_language or not session.languages
    return language in session.languages


def understands(person: Participant, session: Session, language: str | None) -> bool:
    """She follows a meeting in this working language; in none, if she understands all that the session has."""
    if language is None:
        return session.languages <= person.understood
    return language in person.understood


def may_listen(person: Participant, session: Session, language: str | None, channel: str) -> bool:
    """This channel is one that serves her: she understands what comes out of it, and not what goes into it."""
    if session.two_language:
        return language is None and channel == _both(session) and len(session.languages & person.understood) == 1
    if not session.languages or language == channel:
        return False
    return channel in person.understood and language not in person.understood


def may_fill(interpreter: Interpreter, session: Session, language: str | None, channel: str) -> bool:
    """One of the interpreter's pairs leads from the working language into this channel."""
    wanted = [set(pair.split("-")) for pair in interpreter.pairs]
    if session.two_language:
        return language is None and channel == _both(session) and set(session.languages) in wanted
    return bool(session.languages) and {language, channel} in wanted


def _both(session: Session) -> str:
    return "-".join(sorted(session.languages))


def admits(session: Session, person: Participant) -> bool:
    """The session is open to her: each named attribute has one of the values that it lets in."""
    return all(person.attributes.get(name) in values for name, values in session.admits.items())
