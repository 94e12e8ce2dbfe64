"""Who may sit where, person by person: what languages are understood or bridged, and whom a session admits."""

from solver.problem.entities import Participant


def understands(person: Participant, languages: frozenset[str]) -> bool:
    return not languages or bool(person.understood & languages)


def tongues(pairs: frozenset[str]) -> list[str]:
    return sorted({language for pair in pairs for language in pair.split("-")})


def bridges(pairs: frozenset[str], languages: frozenset[str], wanted: str) -> bool:
    return any(f"{language}-{wanted}" in pairs or f"{wanted}-{language}" in pairs for language in languages)


def voiced(pairs: frozenset[str], languages: frozenset[str]) -> set[str]:
    """Into which languages somebody with these pairs makes a meeting in these languages understood."""
    return {key for key in tongues(pairs) if key not in languages and bridges(pairs, languages, key)}


def admitted(admits: dict[str, tuple[str, ...]], person: Participant) -> bool:
    return all(person.attributes.get(name) in values for name, values in admits.items())
