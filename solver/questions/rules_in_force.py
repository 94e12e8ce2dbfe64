"""Which rules can be broken at all in a conference: the others were not kept, they did not apply."""

from solver.judge.checks import CHECKS
from solver.problem import Problem

ALWAYS = {
    "one_meeting_per_slot",
    "never_the_same_session_twice",
    "size_at_least",  # sessions run as often as they are offered, whatever their minimum
    "rooms_hold_one_meeting",
}


def rules_in_force(problem: Problem) -> tuple[str, ...]:
    """The codes of the rules that ask for something here, in the judge's order."""
    asked = ALWAYS | {name for name, stands in _asked(problem).items() if stands}
    return tuple(check.__name__ for check in CHECKS if check.__name__ in asked)


def _asked(problem: Problem) -> dict[str, bool]:
    sessions, people = problem.sessions, problem.participants
    return {
        "size_at_most": any(room.capacity is not None for room in problem.rooms)
        or any(session.maximum is not None for session in sessions),
        "staff_at_their_own": any(session.staff for session in sessions),
        "rooms_and_people_fit": any(session.features or session.admits for session in sessions)
        or any(person.needs for person in people),
        "everybody_understands": any(session.languages for session in sessions),
        "quotas_hold": bool(problem.quotas),
        "nobody_isolated": bool(problem.company),
        "organisations_spread": bool(problem.spread),
        "together_or_apart": bool(problem.together or problem.apart),
        "locks_hold": bool(problem.locks or problem.meetings or problem.only_wanted)
        or any(person.required for person in people),
        "vetoes_respected": any(person.vetoes for person in people),
        "sessions_in_order": any(
            session.slots is not None or session.conflicts or session.after or session.beside or session.duration > 1
            for session in sessions
        )
        or any(slot.least or slot.most is not None for slot in problem.slots),
    }
