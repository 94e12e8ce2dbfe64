"""Rules 9 to 12 by plain counting: quotas, company, organisations, together and apart."""

from collections import Counter
from collections.abc import Iterator

from solver.judge.facts import Facts
from solver.problem import Role, Violation


def quotas_hold(facts: Facts) -> Iterator[Violation]:
    """Rule 9: each meeting has as many of a group as its quota says."""
    for meeting in facts.listed:
        for quota in facts.problem.quotas:
            if quota.session not in (None, meeting.session):
                continue
            people = facts.attendees(meeting)
            count = sum(person.attributes.get(quota.attribute) == quota.value for person in people)
            over = 0 if quota.maximum is None else count - quota.maximum
            amount = max(quota.minimum - count, over)
            if amount > 0:
                broken = {"meeting": meeting.id, "attribute": quota.attribute, "value": quota.value, "count": count}
                yield Violation("quotas_hold", {**broken, "least": quota.minimum, "most": quota.maximum}, amount)


def nobody_isolated(facts: Facts) -> Iterator[Violation]:
    """Rule 10: of a marked group a meeting has nobody, or enough that nobody is alone."""
    for meeting in facts.listed:
        people = facts.attendees(meeting)
        for company in facts.problem.company:
            count = sum(person.attributes.get(company.attribute) == company.value for person in people)
            if 0 < count < company.least:
                broken = {"meeting": meeting.id, "attribute": company.attribute, "value": company.value}
                shown = {**broken, "count": count, "least": company.least}
                yield Violation("nobody_isolated", shown, company.least - count)


def organisations_spread(facts: Facts) -> Iterator[Violation]:
    """Rule 11: no meeting has more people of one organisation than agreed."""
    for meeting in facts.listed:
        people = facts.attendees(meeting)
        for spread in facts.problem.spread:
            counts = Counter(person.attributes.get(spread.attribute) for person in people)
            for value, count in counts.items():
                if value is not None and count > spread.most:
                    broken = {"meeting": meeting.id, "attribute": spread.attribute, "value": value, "count": count}
                    yield Violation("organisations_spread", {**broken, "most": spread.most}, count - spread.most)


def together_or_apart(facts: Facts) -> Iterator[Violation]:
    """Rule 12: who belongs together attends the same meetings; who must be apart never meets. Names nobody apart."""
    problem = facts.problem
    sits = {(seat.participant, seat.slot): seat for seat in facts.seats}
    for bond in problem.together:
        for seat in facts.first_seats():
            if seat.participant not in bond or seat.role is not Role.ATTENDEE:
                continue
            span = facts.span(facts.meetings[seat.meeting])
            for other in sorted(bond - {seat.participant}):
                person, theirs = problem.participant[other], sits.get((other, seat.slot))
                there = person.attends and all(problem.present(person, slot) for slot in span)
                busy = theirs is not None and (theirs.role is not Role.ATTENDEE or theirs.meeting == seat.meeting)
                if there and not busy:
                    broken = {"meeting": seat.meeting, "participant": seat.participant, "other": other}
                    yield Violation("together_or_apart", broken)
    for bond in problem.apart:
        for meeting in facts.listed:
            if sum(seat.participant in bond for seat in facts.at[meeting.id]) > 1:
                yield Violation("together_or_apart", {"meeting": meeting.id})
