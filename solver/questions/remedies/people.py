"""Changes that concern people: when they are there, who leads, quotas, and who sits with whom."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from solver.problem import Problem, Quota, Session
from solver.questions.remedies.option import Option, of_person, of_session, without


def staff(problem: Problem) -> Iterator[Option]:
    leading = {id for session in problem.sessions for id in session.staff}
    for person in problem.participants:
        if person.id in leading and person.slots is not None:
            there = of_person(person.id, lambda who: replace(who, slots=None))
            yield Option("present", "staff_at_their_own", {"participant": person.id}, 3, there)
    for session in problem.sessions:
        if session.staff and (len(session.staff) > 1 or _overworked(problem, session)):
            others = of_session(session.id, lambda s: replace(s, facilitators=(), note_takers=()))
            yield Option("staff", "staff_at_their_own", {"session": session.id}, 4, others, drops=True)


def _overworked(problem: Problem, session: Session) -> bool:
    """Whether its staff has other sessions too, or is needed more often than it is there."""
    return any(
        sum(id in other.staff for other in problem.sessions) > 1
        or session.offered > sum(problem.present(problem.participant[id], slot.id) for slot in problem.slots)
        for id in session.staff
    )


def quotas(problem: Problem) -> Iterator[Option]:
    everybody = len(problem.participants) * len(problem.slots)
    for at, quota in enumerate(problem.quotas):
        facts = {"attribute": quota.attribute, "value": quota.value, "session": quota.session}
        loosened = partial(_loosened, at=at, quota=quota)
        change, most = partial(loosened, by=everybody), max(quota.minimum, 50)
        yield Option("quota", "quotas_hold", facts, 2, change, drops=True, most=most, partly=loosened)


def _loosened(problem: Problem, by: int, at: int, quota: Quota) -> Problem:
    most = None if quota.maximum is None else quota.maximum + by
    new = replace(quota, minimum=max(0, quota.minimum - by), maximum=most)
    return replace(problem, quotas=(*problem.quotas[:at], new, *problem.quotas[at + 1 :]))


def bonds(problem: Problem) -> Iterator[Option]:
    """Those who must be apart are never named: that there is such an agreement is all that is said."""
    for company in problem.company:
        facts = {"attribute": company.attribute, "value": company.value}
        yield Option("company", "nobody_isolated", facts, 4, without("company", company), drops=True)
    for spread in problem.spread:
        most = {"attribute": spread.attribute, "most": spread.most}
        yield Option("spread", "organisations_spread", most, 2, without("spread", spread), drops=True)
    for bond in problem.together:
        people = {"participants": sorted(bond)}
        yield Option("together", "together_or_apart", people, 2, without("together", bond), drops=True)
    if problem.apart:
        yield Option("agreement", "together_or_apart", {}, 9, lambda p: replace(p, apart=()), drops=True)
