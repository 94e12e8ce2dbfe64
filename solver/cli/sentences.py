"""Codes and facts as plain English, for the command line."""

from typing import Any

from solver.problem import GoalResult, Solution, Status, Violation
from solver.questions.diagnosis import Diagnosis
from solver.questions.explanation import Forced, Spoken
from solver.questions.fairness import Fairness
from solver.questions.satisfaction import SMALL
from solver.questions.tried import Relaxation

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
    "places": "At least {places} places will be missing over the day, however people are allocated.",
    "places_on_average": "About {places} places will be missing on average, perhaps more.",
    "places_by_language": "{places} places are missing because of languages; too few hear {languages}.",
    "few_sessions": "{people} people can attend fewer sessions than they have slots: {places} places are missing.",
    "seats": "Slot {slot}: {people} people are expected, {seats} seats side by side.",
    "seats_of_the_day": "The whole day: {people} places are asked for, all meetings have {seats} seats.",
    "minimums": "The minimum sizes add up to {fewest} people; {people} places are asked for.",
    "rooms": "{meetings} meetings are planned, rooms are free {rooms} times.",
    "room_for_session": "No room with {features} seats the {people} people that {session} needs.",
    "facilitator": "{session} has nobody who leads it.",
    "note_taker": "{session} has nobody who takes notes.",
    "staff_presence": "{participant} is needed in {meetings} meetings but is there in {slots} slots.",
    "interpreters": "Slot {slot}: {people} people must listen to an interpreter ({language}); {places} can.",
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
    "interpreter_free": "have {participant} interpret in any slot, as often in a row as needed",
    "language": "let {session} be held in {language} too",
    "two_language": "let {session} be held in {languages} at once, with an interpreter between them",
    "given_language": "let the meeting of {session} in {slot} be held in another language than {language}",
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
    "duty": "You have a duty in {slot}, while {session} runs.",
    "away": "You are not there in {slot}, while {session} runs.",
    "room": "The room of {session} lacks {features}.",
    "language": "{session} is held in {languages}, which you do not follow, and nobody interprets for you.",
    "listeners": "In {session} the places with an interpreter for you are taken.",
    "not_open": "{session} is open to certain people only.",
    "full": "{session} is full: seats {seats}, wished for by {wished}; {as_high} of those inside wished it as much.",
    "minimum": "The meeting you are in would fall below its minimum.",
    "mix": "The places that keep the meetings mixed stood against it.",
    "another": "Another rule, or a goal that concerns everybody, stood against it.",
    "own_day": "Your whole day would be worse.",
    "missed": "Nothing stood against it: the search did not find it in its time.",
}


HERE = {
    "wish": "it was your wish {rank}",
    "no_wishes": "you named no wishes",
    "fixed": "this place was fixed",
    "duty": "you have a duty here",
    "other": "no wish was possible",
    "absent": "you are not there then",
    "unplaced": "no place was found",
}


def of_shortfall(code: str, values: dict[str, Any]) -> str:
    return SHORTFALLS[code].format(**values)


def of_relaxation(tried: Relaxation) -> str:
    """The change, and what it leads to: never without the places that are missing then."""
    said = RELAXATIONS[tried.kind].format(**{"by": "some", **{key: _told(value) for key, value in tried.facts.items()}})
    if tried.missing:
        perhaps = "at most " if tried.at_most else ""
        said += f", but then {perhaps}{tried.missing} places are missing"
    return said + (f", and exceptions cost {tried.exceptions}" if tried.exceptions else "")


def of_diagnosis(found: Diagnosis) -> list[str]:
    """Which rules conflict, where, and what would help, the least harmful first; nothing where there is no conflict."""
    if not found.rules:
        return []
    sure = found.confirmed
    lines = ["These rules cannot all hold" + ("" if found.minimal else " (perhaps not all are needed)") + ":"]
    if not sure:
        lines = ["The search says that these rules cannot all hold; a second program could not confirm it in time:"]
    lines += [f"  {rule}: never that {RULES[rule]}" for rule in found.rules]
    lines += [f"  because of {part.rule}: {facts(part.facts)}" for part in found.parts[:10]]
    if found.relaxations:
        lines.append("Each of these alone would make it possible (tried):")
    return lines + [f"  {of_relaxation(each)}" for each in found.relaxations]


def of_here(here: str, rank: int | None) -> str:
    return HERE[here].format(rank=rank)


def of_spoken(said: Spoken) -> str:
    """What is spoken, who interprets into what, and to what she listens; "" where language plays no part."""
    if not said.languages:
        return ""
    two = len(said.languages) == 2
    parts = [f"Spoken: {' and '.join(said.languages)}"]
    parts += [f"{who} interprets {'between both' if two else f'into {channel}'}" for who, channel in said.interpreters]
    if said.listens_in:
        parts.append("you listen" if two else f"you listen in {said.listens_in}")
    return "; ".join(parts) + "."


def of_why_not(session: str, reason: str, values: dict[str, Any]) -> str:
    told = {name: "a few" if value is None else _told(value) for name, value in values.items()}
    return WHY[reason].format(session=session, **told)


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def of_forced(forced: Forced) -> str:
    """What solving again with the wish forced has shown."""
    if forced.possible is None:
        return "Tried with this wish fixed: not proven either way."
    if not forced.possible:
        return "Tried with this wish fixed: impossible (proven)."
    moved, lower = ("none, or a few" if each is None else each for each in (forced.moved, forced.lower))
    worse = f"; {forced.goal} would be worse" if forced.goal else ""
    return f"Tried with this wish fixed and fewest moves: others who move: {moved}; who would get less: {lower}{worse}."


def of_fairness(note: Fairness) -> list[str]:
    """The whole note as text, fit to be published."""
    hidden = f"hidden (fewer than {SMALL}, or beside such)"
    best = (f"{rank}: {hidden if count is None else count}" for rank, count in note.best.items())
    fulfilled = (f"{wishes}: {hidden if count is None else count}" for wishes, count in note.fulfilled.items())
    lines = [
        f"{note.people} people, {note.with_wishes} of them named wishes.",
        f"People by their best fulfilled wish: {', '.join(best)}.",
        f"People by how many wishes were fulfilled: {', '.join(fulfilled)}.",
        f"Nobody with wishes got less than {note.lowest:.1%} of her best possible day.",
    ]
    for group, cell in note.groups.items():
        people, wish = (hidden if each is None else each for each in (cell.people, cell.with_wish))
        share = hidden if cell.satisfaction is None else f"{cell.satisfaction:.0%}"
        lines.append(
            f"Group {group or '(none)'}: people {people}, with a fulfilled wish {wish}, share of the best day {share}."
        )
    lines.append(f"Rules that hold, counted again: {', '.join(note.rules)}.")
    for rule, price in note.flexible.items():
        times = note.exceptions.get(rule, 0)
        lines.append(f"Flexible at a price of {price}: {rule}, exceptions {hidden if times is None else times}.")
    versions = ", ".join(f"{name} {number}" for name, number in note.versions.items())
    lines += [of_goal(goal) for goal in note.goals]
    return [
        *lines,
        f"Preset {note.preset}, seed {note.seed}, {versions or 'versions unknown'}.",
        f"Problem {note.problem_hash}.",
    ]
