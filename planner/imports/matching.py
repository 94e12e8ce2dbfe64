"""Whether a row is somebody who is there already: certainly, certainly not, or only the organiser can tell."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from planner.imports.known import Register, Somebody, folded
from planner.imports.people import Person
from planner.imports.plan import SKIP, Plan

SAME, OTHER = "same", "new"


@dataclass(frozen=True)
class Match:
    """`who` is None for somebody new; not certain means that the organiser is asked."""

    who: Somebody | None
    certain: bool = True


def find(person: Person, organisation_id: int | str | None, register: Register, *, knows_organisations: bool) -> Match:
    """By e-mail, else by name and organisation, else by the list's own number; what contradicts itself is asked."""
    name = folded(person.name)
    for key, text in (("email", person.email), ("external_key", person.external)):
        same = register.same(key, text, name)
        if len(same) == 1:
            return Match(same[0])
    by_key = register.free(register.by_key, person.external)
    by_mail = register.free(register.by_mail, person.email)
    if by_mail or by_key:
        # Families and offices share an address; people marry; numbers are given again.
        return Match((by_mail or by_key)[0], certain=False)
    named = register.free(register.by_name, name)
    fitting = [
        each
        for each in named
        if _agree(person.email, each.facts["email"])
        and _agree(person.external, each.facts["external_key"])
        and (not knows_organisations or each.facts["organisation_id"] == organisation_id)
    ]
    if len(fitting) == 1:
        return Match(fitting[0])
    return Match((fitting or named)[0], certain=False) if named else Match(None)


def _agree(told: str, stored: str | None) -> bool:
    return not told or not stored or told.casefold() == stored.casefold()


def ask(plan: Plan, kind: str, person: Person, who: str) -> str:
    """The organiser's answer about a doubtful row: the same person, another one, or leave the row out.

    `kind` is "person" for somebody who is there already, "double" for another row of the list.
    """
    text = _l("Line %(line)s, “%(name)s”: is it %(who)s?", line=person.line.number, name=person.name, who=who)
    options: list[tuple[str, object]] = [
        (SAME, _l("yes, the same person: change her")),
        (OTHER, _l("no, another person: add her")),
        (SKIP, _l("leave this line out")),
    ]
    return plan.ask(f"{kind}:{person.line.number}", kind, text, options, person.line.number)


class Doubles:
    """Finds rows of one list that may be the same person."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Person]] = {}

    def earlier(self, person: Person) -> Person | None:
        """An earlier row with her name that contradicts her in nothing."""
        rows = self.seen.setdefault(folded(person.name), [])
        pairs = ("email", "organisation", "external")
        same = [each for each in rows if all(_agree(getattr(person, part), getattr(each, part)) for part in pairs)]
        rows.append(person)
        return same[0] if same else None


def merge(first: Person, later: Person) -> None:
    """What the later row says counts; where it is silent the first one stays."""
    for name in ("email", "external", "organisation", "group", "state", "absent", "locale"):
        setattr(first, name, getattr(later, name) or getattr(first, name))
    first.languages |= later.languages
    first.attributes |= later.attributes
    first.needs += [kind for kind in later.needs if kind not in first.needs]
