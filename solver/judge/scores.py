"""How good a solution is, by plain counting: the same goals without any model."""

from collections import Counter
from fractions import Fraction

import numpy as np

from solver.judge.verify import exceptions as agreed_exceptions
from solver.problem import Participant, Place, Problem, Role, Solution

STEPS = ((0.30, 64), (0.50, 16), (0.70, 4), (0.85, 1))
"""Shares of one's best day, and what it costs to fall short of each: the worst-off weigh most."""


def attended(problem: Problem, solution: Solution) -> dict[str, list[str]]:
    """The sessions that each participant attends, one entry per meeting."""
    meetings = {meeting.id: meeting for meeting in solution.meetings}
    found: dict[str, list[str]] = {person.id: [] for person in problem.participants}
    for seat in solution.seats:
        if seat.role is Role.ATTENDEE and seat.slot == meetings[seat.meeting].slot:
            found[seat.participant].append(meetings[seat.meeting].session)
    return found


def free_slots(problem: Problem, person: Participant) -> int:
    """How many slots she can attend something in, her own sessions aside."""
    present = sum(problem.present(person, slot.id) for slot in problem.slots)
    return max(0, present - problem.on_duty.get(person.id, 0))


def best_day(problem: Problem, person: Participant) -> int:
    """The points of the best day that her list allows; unlisted sessions count as the next rank."""
    table, listed = problem.rank_points, len(person.favourites)
    rest = table[min(listed, len(table) - 1)]
    points = [table[min(rank, len(table) - 1)] for rank in range(listed)]
    points += [rest] * (len(problem.sessions) - listed)
    return sum(sorted(points, reverse=True)[: free_slots(problem, person)])


def needed(problem: Problem, person: Participant) -> list[tuple[int, int]]:
    """Points that reach each step, with the cost of missing it."""
    best = Fraction(best_day(problem, person))
    return [(-(-best * Fraction(str(share)) // 1), cost) for share, cost in STEPS]  # type: ignore[misc]


def unplaced(problem: Problem, solution: Solution) -> list[tuple[str, str]]:
    """(participant, slot) pairs without a place although she is there."""
    if not problem.full_day:
        return []
    placed = {(seat.participant, seat.slot) for seat in solution.seats}
    return [
        (person.id, slot.id)
        for person in problem.participants
        for slot in problem.slots
        if person.attends and problem.present(person, slot.id) and (person.id, slot.id) not in placed
    ]


def worst_off(problem: Problem, solution: Solution) -> int:
    total = 0
    for id, sessions in attended(problem, solution).items():
        person = problem.participant[id]
        if person.favourites and person.attends:
            got = sum(problem.points(person, session) for session in sessions)
            total += sum(cost for wanted, cost in needed(problem, person) if got < wanted)
    return total


def wishes(problem: Problem, solution: Solution) -> int:
    return sum(
        problem.points(problem.participant[id], session)
        for id, sessions in attended(problem, solution).items()
        for session in sessions
        if problem.participant[id].favourites
    )


def shares(problem: Problem, attribute: str) -> Counter[str]:
    """How many attending people have each value of an attribute."""
    return Counter(p.attributes[attribute] for p in problem.participants if p.attends and attribute in p.attributes)


def mix(problem: Problem, solution: Solution) -> float:
    """Persons too many or too few in each meeting's groups against the conference's composition."""
    people: dict[str, list[Participant]] = {meeting.id: [] for meeting in solution.meetings}
    first = {meeting.id: meeting.slot for meeting in solution.meetings}
    for seat in solution.seats:
        if seat.role is Role.ATTENDEE and seat.slot == first[seat.meeting]:
            people[seat.meeting].append(problem.participant[seat.participant])
    total = Fraction(0)
    for attribute in problem.balance:
        whole = shares(problem, attribute)
        everybody = sum(whole.values())
        for here in people.values():
            counts = Counter(person.attributes.get(attribute) for person in here)
            known = sum(counts[value] for value in whole)
            for value, share in whole.items():
                total += abs(counts[value] - Fraction(share * known, everybody))
    return float(total)


def even_sizes(problem: Problem, solution: Solution) -> int:
    """Per slot the largest meeting's size less the smallest's, added up."""
    sizes = Counter(seat.meeting for seat in solution.seats if seat.role is Role.ATTENDEE)
    total = 0
    for slot in problem.slots:
        here = [sizes[m.id] // problem.session[m.session].duration for m in solution.meetings if m.slot == slot.id]
        total += max(here) - min(here) if here else 0
    return total


def exceptions(problem: Problem, solution: Solution) -> int:
    """What the breaches of flexible rules cost, at their prices."""
    return sum(broken.amount * problem.flexible[broken.rule] for broken in agreed_exceptions(problem, solution))


def encounters(problem: Problem, solution: Solution) -> int:
    """How often two people meet again: for each pair of attendees the meetings that they share, less one."""
    at = {person.id: number for number, person in enumerate(problem.participants)}
    here: dict[str, list[int]] = {meeting.id: [] for meeting in solution.meetings}
    first = {meeting.id: meeting.slot for meeting in solution.meetings}
    for seat in solution.seats:
        if seat.role is Role.ATTENDEE and seat.slot == first[seat.meeting]:
            here[seat.meeting].append(at[seat.participant])
    pairs = []
    for people in here.values():
        numbers = np.sort(np.array(people, dtype=np.int64))
        low, high = np.triu_indices(len(numbers), 1)
        pairs.append(numbers[low] * len(at) + numbers[high])
    every = np.concatenate(pairs) if pairs else np.zeros(0, dtype=np.int64)
    return int(len(every) - len(np.unique(every)))


def stability(problem: Problem, solution: Solution) -> int:
    """Changes against the earlier allocation: people who sit elsewhere, meetings in another room or slot."""
    if problem.previous is None:
        return 0
    meetings = {meeting.id: meeting for meeting in solution.meetings}
    sits = {
        (seat.participant, meetings[seat.meeting].slot, meetings[seat.meeting].session)
        for seat in solution.seats
        if seat.role is Role.ATTENDEE
    }
    kept = {(m.session, m.slot, room) for m in solution.meetings for room in (m.room, None)}
    moved = sum((place.participant, place.slot, place.session) not in sits for place in still_there(problem))
    return moved + sum((m.session, m.slot, m.room) not in kept for m in problem.previous.meetings)


def still_there(problem: Problem) -> list[Place]:
    """The earlier places of people who are still here then; nobody who stays away counts as moved."""
    return [
        place
        for place in (problem.previous.places if problem.previous else ())
        if place.participant in problem.participant
        and problem.participant[place.participant].attends
        and problem.present(problem.participant[place.participant], place.slot)
    ]


def native(problem: Problem, solution: Solution) -> float:
    """The foreign format's own objective: ratings, added up."""
    return sum(
        problem.participant[id].ratings.get(session, 0.0)
        for id, sessions in attended(problem, solution).items()
        for session in sessions
    )


def mirrored(problem: Problem) -> dict[str, dict[str, float]]:
    """What each (participant, session) costs: the highest rating less hers, nothing where she must go."""
    highest = max((max(p.ratings.values(), default=0.0) for p in problem.participants), default=0.0)
    return {
        person.id: {
            session.id: 0.0 if session.id in person.required else highest - person.ratings.get(session.id, 0.0)
            for session in problem.sessions
        }
        for person in problem.participants
    }


def worst_pair(problem: Problem, solution: Solution) -> float:
    """The largest cost of a single assignment (wassign's first figure)."""
    cost = mirrored(problem)
    return max((cost[id][s] for id, sessions in attended(problem, solution).items() for s in sessions), default=0.0)


def cubes(problem: Problem, solution: Solution) -> float:
    """The sum of (cost / 100) ** 3 over all assignments (wassign's second figure)."""
    cost = mirrored(problem)
    return sum((cost[id][s] / 100) ** 3 for id, sessions in attended(problem, solution).items() for s in sessions)
