"""Who may sit where, as the judge reads the rules: nothing of it is shared with what is judged."""

from solver.problem import Interpreter, Participant, Session


def understands(person: Participant, session: Session) -> bool:
    """She follows at least one of the session's languages; a session without languages is open to everybody."""
    return not session.languages or any(language in person.understood for language in session.languages)


def interprets_into(interpreter: Interpreter, session: Session, language: str) -> bool:
    """One of the interpreter's pairs leads from a language of the session into this one, which is not among them."""
    wanted = [set(pair.split("-")) for pair in interpreter.pairs]
    return language not in session.languages and any({spoken, language} in wanted for spoken in session.languages)


def admits(session: Session, person: Participant) -> bool:
    """The session is open to her: each named attribute has one of the values that it lets in."""
    return all(person.attributes.get(name) in values for name, values in session.admits.items())
