"""Rules 9 to 12 as rows: quotas, company, organisations, together and apart."""

from solver.bounds.confirmation.columns import Columns, Start
from solver.bounds.confirmation.program import Terms


def quotas_hold(x: Columns) -> None:
    """Each meeting has as many of a group as its quota says."""
    if x.soft("quotas_hold"):
        return
    for quota in x.problem.quotas:
        for start, held in x.held.items():
            if quota.session in (None, start[0]):
                group = _of(x, start, quota.attribute, quota.value)
                x.program.at_least([*group, (-quota.minimum, held)], 0)
                if quota.maximum is not None:
                    x.program.at_most([*group, (-quota.maximum, held)], 0)


def _of(x: Columns, start: Start, attribute: str, value: str) -> Terms:
    return [(1, seat) for crowd, seat in x.attending(start) if crowd.one.attributes.get(attribute) == value]


def nobody_isolated(x: Columns) -> None:
    """Of a marked group a meeting has nobody, or enough that nobody is alone."""
    if x.soft("nobody_isolated"):
        return
    for company in x.problem.company:
        everybody = sum(crowd.many for crowd in x.crowds)
        for start in x.held:
            group = _of(x, start, company.attribute, company.value)
            if group:
                some = x.program.whole()
                x.program.at_most([*group, (-everybody, some)], 0)
                x.program.at_least([*group, (-company.least, some)], 0)


def organisations_spread(x: Columns) -> None:
    """No meeting has more people of one organisation than agreed."""
    if x.soft("organisations_spread"):
        return
    for spread in x.problem.spread:
        values = {crowd.one.attributes.get(spread.attribute) for crowd in x.crowds} - {None}
        for value in sorted(map(str, values)):
            for start in x.held:
                group = _of(x, start, spread.attribute, value)
                if group:
                    x.program.at_most(group, spread.most)


def together_or_apart(x: Columns) -> None:
    """Who belongs together attends the same meetings, duties aside; who must be apart never meets, in no role."""
    for bond in x.problem.together:
        for one in sorted(bond & x.alone.keys()):
            for start, seat in x.seat[x.alone[one]].items():
                for other in sorted(bond - {one}):
                    if _expected(x, other, start):
                        x.program.at_most([(1, seat), *((-f, c) for f, c in _with_her(x, other, start))], 0)
    for bond in x.problem.apart:
        for start in x.held:
            there = [term for id in sorted(bond) for term in x.there(id, start)]
            if len(there) > 1:
                x.program.at_most(there, 1)


def _expected(x: Columns, person: str, start: Start) -> bool:
    """Whether she could come along: she attends and is there all the time."""
    who = x.problem.participant[person]
    return who.attends and all(x.problem.present(who, slot) for slot in x.span[start])


def _with_her(x: Columns, person: str, start: Start) -> Terms:
    """She attends the same meeting, or has a duty when it begins."""
    seat = x.seat[x.alone[person]].get(start)
    duties = [term for other in x.running(start[1]) for term in x.duty(person, other)]
    return [*([] if seat is None else [(1, seat)]), *duties]
