"""Codes and facts as plain English, for the command line."""

from typing import Any

from solver.problem import GoalResult, Solution, Status, Violation

RULES = {
    "references": "names something that does not exist",
    "one_meeting_per_slot": "somebody is in no meeting, in two, or somewhere while absent",
    "never_the_same_session_twice": "somebody attends the same session twice",
    "size_at_most": "a meeting is larger than its room or its maximum",
    "size_at_least": "a meeting is below its minimum, or a session runs too rarely or too often",
    "rooms_hold_one_meeting": "a room holds two meetings, or is not free",
    "staff_at_their_own": "somebody who leads or takes notes is not in her own meeting",
    "rooms_and_people_fit": "a room lacks what its session or somebody in it needs",
    "everybody_understands": "somebody does not understand the language and nobody interprets",
    "quotas_hold": "a meeting has too few or too many of a group",
    "nobody_isolated": "somebody of a marked group sits alone",
    "organisations_spread": "a meeting has too many people of one organisation",
    "together_or_apart": "people who belong together are parted, or people meet who must not",
    "locks_hold": "something that was fixed has moved",
    "vetoes_respected": "somebody is in a session that is not for her",
    "sessions_in_order": "a session breaks its slots, its length, its order or a conflict",
}
STATUS = {
    Status.OPTIMAL: "Solved and proven optimal.",
    Status.FEASIBLE: "Solved.",
    Status.INFEASIBLE: "No solution can exist.",
    Status.UNKNOWN: "No answer in time.",
    Status.FAILED: "The solver failed.",
}


def of_violation(violation: Violation) -> str:
    return f"{violation.rule}: {RULES[violation.rule]} ({facts(violation.facts)})"


def facts(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def of_goal(goal: GoalResult) -> str:
    bound = "no bound" if goal.bound is None else f"bound {goal.bound:.6g}"
    gap = "" if goal.gap is None else ", proven" if goal.gap == 0 else f", gap {goal.gap:.2%}"
    return f"{goal.name}: {goal.value:.6g} ({bound}{gap})"


def of_solution(solution: Solution) -> list[str]:
    lines = [STATUS[solution.status]]
    if solution.reason:
        lines.append(f"Reason: {solution.reason} {facts(solution.facts)}".rstrip())
    if solution.status.has_answer:
        lines.append(f"{len(solution.meetings)} meetings, {len(solution.seats)} places; verified by counting.")
        lines += [of_goal(goal) for goal in solution.goals]
    lines.append(
        f"{solution.seconds:.1f} s, peak {solution.peak_memory_mb or 0:.0f} MB, seed {solution.seed}, "
        f"problem {solution.problem_hash[:12]}"
    )
    return lines
