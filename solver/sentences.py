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


SHORTFALLS = {
    "seats": "Slot {slot}: {people} people are expected, {seats} seats side by side.",
    "seats_of_the_day": "The whole day: {people} places are asked for, all meetings have {seats} seats.",
    "rooms": "{meetings} meetings are planned, rooms are free {rooms} times.",
    "room_for_session": "No room with {features} seats the {people} people that {session} needs.",
    "facilitator": "{session} has nobody who leads it.",
    "note_taker": "{session} has nobody who takes notes.",
    "staff_presence": "{participant} is needed in {meetings} meetings but is there in {slots} slots.",
    "interpreters": "Slot {slot}: {people} people understand only {language}; interpreters serve {places}.",
    "feature": "Slot {slot}: {people} people need {feature}, such rooms have {chairs} chairs.",
    "theme": "{theme}: {wishes} wishes, {seats} seats.",
}
RELAXATIONS = {
    "lock": "drop the lock of {participant} at {session}",
    "given": "let the meeting of {session} in {slot} move",
    "must": "do not insist that {participant} attends {session}",
    "quota": "loosen the quota of {attribute} {value} by {by}",
    "present": "have {participant} there all day",
    "interpreter": "find one more interpreter for {pair}",
    "staff": "let others lead {session}",
    "feature": "room {room} lacks {feature}, which {people} people need: give it {feature}",
    "capacity": "room {room} takes {by} more chairs",
    "open": "have room {room} all day",
    "rooms": "find {by} more rooms",
    "minimums": "lower all minimum sizes by {by}",
    "maximums": "raise all maximum sizes by {by}",
    "cancel_some": "let sessions be cancelled where few come",
    "minimum": "lower the minimum of {session} ({minimum}) by {by}",
    "cancel": "let {session} be cancelled",
    "offered": "offer {session} once less than {offered} times",
    "order": "free {session} from its slots, order and conflicts",
    "session_feature": "let {session} do without {features}",
    "maximum": "let {session} be larger than {maximum}",
    "company": "let people with {attribute} {value} sit alone",
    "spread": "allow more than {most} people of one {attribute}",
    "together": "let {participants} sit apart",
    "agreement": "look again at the confidential agreements",
    "unplaced": "let people be without a place",
}
WHY = {
    "not_now": "{session} is not held then.",
    "elsewhere": "{session} is on your plan in {slot}.",
    "duty": "You have a duty then.",
    "room": "The room of {session} lacks {features}.",
    "language": "{session} is held in {languages}, and nobody interprets.",
    "not_open": "{session} is open to others only.",
    "full": "{session} is full: {seats} seats, wished for by {wished}, {as_high} of those inside wished it as much.",
    "minimum": "The meeting you are in would fall below its minimum.",
    "mix": "The places that keep the meeting of {session} mixed are taken.",
    "agreed": "Something that was agreed for this meeting stands against it.",
    "own_day": "Your whole day would be worse.",
    "others": "Others would be worse off.",
}


def of_shortfall(code: str, values: dict[str, Any]) -> str:
    return SHORTFALLS[code].format(**values)


def of_relaxation(kind: str, values: dict[str, Any]) -> str:
    return RELAXATIONS[kind].format(**{"by": "some", **values})


def of_why_not(session: str, reason: str, values: dict[str, Any]) -> str:
    told = {name: "a few" if value is None else value for name, value in values.items()}
    return WHY[reason].format(session=session, **told)
