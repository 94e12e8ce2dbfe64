"""Rules 9 to 12 by plain counting: quotas, company, organisations, together and apart."""

from collections import Counter
from collections.abc import Iterator

from solver.judge.facts import Facts
from solver.problem import Meeting, Role, Violation


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
    for bond in facts.problem.together:
        for one in sorted(bond):
            for seat in facts.of[one]:
                meeting = facts.meetings[seat.meeting]
                if seat.role is Role.ATTENDEE and seat.slot == meeting.slot:
                    for other in sorted(bond - {one}):
                        if _comes_along(facts, other, meeting) is False:
                            broken = {"meeting": meeting.id, "participant": one, "other": other}
                            yield Violation("together_or_apart", broken)
    for bond in facts.problem.apart:
        for meeting in facts.listed:
            if len({seat.participant for seat in facts.at[meeting.id]} & bond) > 1:
                yield Violation("together_or_apart", {"meeting": meeting.id})


def _comes_along(facts: Facts, other: str, meeting: Meeting) -> bool | None:
    """Whether she attends the meeting, or has a duty when it starts; None where she is not there to do so."""
    person = facts.problem.participant[other]
    if not person.attends or not all(facts.problem.present(person, slot) for slot in facts.span(meeting)):
        return None
    then = [seat for seat in facts.of[other] if seat.slot == meeting.slot]
    return any(seat.role is not Role.ATTENDEE or seat.meeting == meeting.id for seat in then)
