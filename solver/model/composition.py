"""Rules 9 to 12 as constraints: quotas, company, organisations, together and apart."""

from itertools import combinations

from ortools.sat.python import cp_model

from solver.model.variables import Model, Start, Variables
from solver.problem import Problem


def quotas_hold(model: Model, problem: Problem, x: Variables) -> None:
    """Each meeting has as many of a group as its quota says."""
    for quota in problem.quotas:
        for start, held in x.held.items():
            if quota.session not in (None, start[0]):
                continue
            count = sum(
                seat for person, seat in x.attendees[start] if person.attributes.get(quota.attribute) == quota.value
            )
            name = f"{quota.attribute} {quota.value} {start}"
            if quota.minimum:
                less = x.allowance(model, "quotas_hold", quota.minimum, name)
                model.add(count >= quota.minimum * held - less)
            if quota.maximum is not None:
                more = x.allowance(model, "quotas_hold", x.people, name)
                model.add(count <= quota.maximum * held + more)


def nobody_isolated(model: Model, problem: Problem, x: Variables) -> None:
    """Of a marked group a meeting has nobody, or enough that nobody is alone."""
    for company in problem.company:
        for start in x.held:
            group = [
                (p.id, seat) for p, seat in x.attendees[start] if p.attributes.get(company.attribute) == company.value
            ]
            there = [seat for _, seat in group]
            if not there:
                continue
            some = model.new_bool_var(f"some {company.value} {start}")
            alone = x.allowance(model, "nobody_isolated", company.least - 1, f"{company.value} {start}")
            for id, seat in group:
                model.add(seat <= x.many(id) * some)
            model.add(sum(there) >= company.least * some - alone)
            x.derived.append((some, tuple(there)))


def organisations_spread(model: Model, problem: Problem, x: Variables) -> None:
    """No meeting has more people of one organisation than agreed."""
    for spread in problem.spread:
        for start in x.held:
            members: dict[str, list[cp_model.IntVar]] = {}
            for person, seat in x.attendees[start]:
                if spread.attribute in person.attributes:
                    members.setdefault(person.attributes[spread.attribute], []).append(seat)
            for value, seats in members.items():
                if len(seats) > spread.most or x.crowd:
                    more = x.allowance(model, "organisations_spread", x.people, f"{value} {start}")
                    model.add(sum(seats) <= spread.most + more)


def together_or_apart(model: Model, problem: Problem, x: Variables) -> None:
    """Who belongs together attends the same meetings, duties aside; who must be apart never meets."""
    for bond in problem.together:
        for one in sorted(bond):
            for start, seat in x.seat[one].items():
                for other in sorted(bond - {one}):
                    if _both_free(problem, x, other, start):
                        theirs = x.seat[other].get(start, 0)
                        model.add(seat <= theirs + sum(x.duties(other, start[1])))
    for bond in problem.apart:
        for one, other in combinations(sorted(bond), 2):
            for start in x.held:
                for mine in x.there(one, start):
                    for theirs in x.there(other, start):
                        model.add_at_most_one([mine, theirs])


def _both_free(problem: Problem, x: Variables, other: str, start: Start) -> bool:
    person = problem.participant[other]
    return person.attends and all(problem.present(person, slot) for slot in problem.span(*start) or ())
