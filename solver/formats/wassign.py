"""wassign's scripts, the plain subset: slots, choices with bounds, choosers with ratings, the common constraints.

A higher number is wanted more. Its score (`cubes`): the worst mirrored preference, then the sum of (cost / 100) ** 3;
a pair forced by `contains` costs nothing. There are no rooms: each choice has one of its own without bounds.
"""

import csv
import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from solver.problem import (
    Lock,
    Meeting,
    Objective,
    Participant,
    Preset,
    Problem,
    Room,
    Seat,
    Session,
    Slot,
    Solution,
    Status,
)
from solver.problem.codec import Fault, ProblemError

NAME = "wassign"
PRESET = Preset.NATIVE
ENDINGS = (".scheduling.csv", ".assignment.csv")
NAME = r'(?:[^"\\]|\\.)*'
NAMED = rf'\(\s*"({NAME})"\s*'
CHOICE, CHOOSER = (rf'{kind}\(\s*"(?P<{kind}>{NAME})"\s*' for kind in ("choice", "chooser"))
STATEMENT = re.compile(r"\+\s*(slot|choice|chooser|constraint)\s*\((.*)\)\s*;?\s*$", re.DOTALL)
REMEDY = "leave it out, or write it with slot, choice, chooser and the constraints of the README"


def looks_like(text: str) -> bool:
    return bool(re.search(r"^\s*\+\s*(slot|choice|chooser)\s*\(", text, re.MULTILINE))


@dataclass
class Choice:
    name: str
    minimum: int = 0
    maximum: int | None = None
    optional: bool = False
    parts: int = 1
    slots: set[str] | None = None
    conflicts: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)


@dataclass
class Script:
    """What the statements said so far, and what is wrong with them."""

    slots: dict[str, list[int | None]] = field(default_factory=dict)  # name -> [least, most]
    choices: dict[str, Choice] = field(default_factory=dict)
    choosers: dict[str, list[float]] = field(default_factory=dict)
    musts: list[tuple[str, str]] = field(default_factory=list)
    nevers: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, problem: str, remedy: str = REMEDY) -> None:
        self.faults.append(Fault(f"line {line}", problem, remedy))


def read(text: str) -> Problem:
    script = Script()
    for line, statement in _statements(text):
        match = STATEMENT.match(statement)
        if not match:
            script.fault(line, f"is beyond what we read: {statement[:60]}")
            continue
        try:
            READERS[match[1]](script, line, match[2].strip())
        except ValueError:  # Python reads no number of more than 4,300 digits
            script.fault(line, "has a number without an end", "write it in a few digits")
    if not script.faults and not (script.slots and script.choices and script.choosers):
        script.fault(1, "has no slots, choices or choosers", "add at least one of each")
    if script.faults:
        raise ProblemError(script.faults)
    return _problem(script)


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, statement) pairs without comments; a statement may run over several lines."""
    clean = re.sub(r"//[^\n]*|/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)
    found, start, depth, quoted, begin = [], 1, 0, False, 0
    for at, char in enumerate(clean):
        quoted ^= char == '"'
        depth += 0 if quoted else (char in "([") - (char in ")]")
        if char == ";" and not quoted and depth <= 0:
            found.append((start, clean[begin:at]))
            begin, depth = at + 1, 0
            start = clean.count("\n", 0, begin) + 1
    if clean[begin:].strip():
        found.append((start, clean[begin:]))
    result = []
    for line, piece in found:
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            result.append((line + piece.count("\n", 0, lead), piece.strip()))
    return result


def _slot(script: Script, line: int, inside: str) -> None:
    match = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', inside)
    if not match or match[1] in script.slots:
        script.fault(line, "is no slot with a name of its own", '+slot("name");')
        return
    script.slots[match[1]] = [0, None]


def _choice(script: Script, line: int, inside: str) -> None:
    match = re.match(r'"((?:[^"\\]|\\.)*)"\s*(?:,(.*))?$', inside, re.DOTALL)
    if not match or match[1] in script.choices:
        script.fault(line, "is no choice with a name of its own", '+choice("name", bounds(5, 20));')
        return
    choice = Choice(match[1])
    for option in re.findall(r"[a-z_]+(?:\s*\([^)]*\))?", match[2] or ""):
        name, _, rest = option.partition("(")
        numbers = [int(n) for n in re.findall(r"-?\d+", rest)]
        kind = name.strip()
        if kind == "bounds" and len(numbers) == 2:
            choice.minimum, choice.maximum = numbers
        elif kind in {"min", "max"} and len(numbers) == 1:
            setattr(choice, "minimum" if kind == "min" else "maximum", numbers[0])
        elif kind == "optional" and not numbers:
            choice.optional = True
        elif kind == "parts" and len(numbers) == 1:
            choice.parts = numbers[0]
        else:
            script.fault(
                line, f"has the option {option!r} that we do not read", "use bounds, min, max, optional, parts"
            )
    if choice.minimum < 0 or (choice.maximum is not None and choice.maximum < choice.minimum) or choice.parts < 1:
        script.fault(line, "has bounds that nothing can meet", "write bounds(small, large)")
    script.choices[choice.name] = choice


def _chooser(script: Script, line: int, inside: str) -> None:
    match = re.match(r'"((?:[^"\\]|\\.)*)"\s*,\s*\[(.*)\]$', inside, re.DOTALL)
    if not match or match[1] in script.choosers:
        script.fault(line, "is no chooser with a name of its own and a list", '+chooser("name", [3, 1, 2]);')
        return
    try:
        ratings = [float(number) for number in match[2].split(",") if number.strip()]
    except ValueError:
        script.fault(line, "has a rating that is no number", "write [3, 1, 2]")
        return
    if not all(map(math.isfinite, ratings)):
        script.fault(line, "has a rating that is no number with an end", "write [3, 1, 2]")
        return
    if len(ratings) != len(script.choices):
        script.fault(line, f"has {len(ratings)} ratings for {len(script.choices)} choices", "write one for each")
        return
    script.choosers[match[1]] = ratings


def _constraint(script: Script, line: int, inside: str) -> None:
    flat = re.sub(r"\s+", " ", inside)
    for pattern, reader in FORMS:
        match = pattern.fullmatch(flat)
        if match:
            reader(script, line, match)
            return
    script.fault(line, f"is a constraint that we do not read: {flat[:70]}")


def _size(script: Script, line: int, match: re.Match[str]) -> None:
    slot, sign, number = match[1], match[2], int(match[3])
    if slot not in script.slots:
        script.fault(line, f"names the unknown slot {slot!r}", "declare it before")
        return
    bounds = script.slots[slot]
    if sign in {">=", ">", "=="}:
        bounds[0] = max(bounds[0] or 0, number + (sign == ">"))
    if sign in {"<=", "<", "=="}:
        most = number - (sign == "<")
        bounds[1] = most if bounds[1] is None else min(bounds[1], most)


def _choice_slot(script: Script, line: int, match: re.Match[str]) -> None:
    choice, sign, kind, other = script.choices.get(match[1]), match[2], match[3], match[4]
    if choice is None or other not in (script.slots if kind == "slot" else script.choices):
        script.fault(line, "names an unknown choice or slot", "declare it before")
    elif kind == "choice":
        (choice.beside if sign == "==" else choice.conflicts).add(other)
    else:
        allowed = {other} if sign == "==" else set(script.slots) - {other}
        choice.slots = allowed if choice.slots is None else choice.slots & allowed


def _contains(script: Script, line: int, match: re.Match[str]) -> None:
    chooser, no, choice = match["chooser"], match["no"], match["choice"]
    if chooser not in script.choosers or choice not in script.choices:
        script.fault(line, "names an unknown chooser or choice", "declare it before")
        return
    (script.nevers if no else script.musts).append((chooser, choice))


Reader = Callable[[Script, int, str], None]
READERS: dict[str, Reader] = {"slot": _slot, "choice": _choice, "chooser": _chooser, "constraint": _constraint}
FORMS: tuple[tuple[re.Pattern[str], Callable[[Script, int, re.Match[str]], None]], ...] = (
    (re.compile(rf"slot{NAMED}\)\.size ?(>=|<=|==|>|<) ?(\d+)"), _size),
    (re.compile(rf"choice{NAMED}\)\.slot ?(==|!=) ?(choice|slot){NAMED}\)(?:\.slot)?"), _choice_slot),
    (re.compile(rf"{CHOOSER}\)\.choices\.contains(?P<no>_not)?\({CHOICE}\) ?\)"), _contains),
    (re.compile(rf"{CHOICE}\)\.choosers\.contains(?P<no>_not)?\({CHOOSER}\) ?\)"), _contains),
)


def _problem(script: Script) -> Problem:
    names = list(script.choices)
    return Problem(
        slots=tuple(Slot(name, least=low or 0, most=high) for name, (low, high) in script.slots.items()),
        rooms=tuple(Room(name, features=frozenset({name})) for name in names),
        sessions=tuple(
            Session(
                choice.name,
                minimum=choice.minimum,
                maximum=choice.maximum,
                features=frozenset({choice.name}),
                slots=None if choice.slots is None else frozenset(choice.slots),
                duration=choice.parts,
                may_be_cancelled=choice.optional,
                conflicts=frozenset(choice.conflicts),
                beside=frozenset(choice.beside),
            )
            for choice in script.choices.values()
        ),
        participants=tuple(
            Participant(
                name,
                ratings=dict(zip(names, ratings, strict=True)),
                required=frozenset(choice for who, choice in script.musts if who == name),
            )
            for name, ratings in script.choosers.items()
        ),
        locks=tuple(Lock(who, choice, never=True) for who, choice in script.nevers),
        balance=(),
        unplaced_allowed=False,
        objective=Objective.CUBES,
        info={"source": NAME},
    )


def write_files(problem: Problem, solution: Solution) -> dict[str, str]:
    """wassign's two results by suffix: which choice in which slot, and who sits where."""
    slot = {meeting.id: meeting.slot for meeting in solution.meetings}
    session = {meeting.id: meeting.session for meeting in solution.meetings}
    scheduling = ["Choice, Slot"] + [
        f'"{meeting.session}", "{meeting.slot}"'
        for meeting in sorted(solution.meetings, key=lambda m: [s.id for s in problem.sessions].index(m.session))
    ]
    where = {(s.participant, slot[s.meeting]): session[s.meeting] for s in solution.seats}
    names = [s.id for s in problem.slots]
    assignment = [", ".join(["Chooser", *(f'"{name}"' for name in names)])] + [
        ", ".join([f'"{person.id}"', *(f'"{where.get((person.id, name), "")}"' for name in names)])
        for person in problem.participants
    ]
    return dict(zip(ENDINGS, ("\n".join(scheduling) + "\n", "\n".join(assignment) + "\n"), strict=True))


def write_solution(problem: Problem, solution: Solution, source: str) -> str:
    """Both tables in one text, an empty line between: what `read_solution` takes."""
    return "\n".join(write_files(problem, solution).values())


def read_solution(problem: Problem, text: str) -> Solution:
    """The two tables one after the other, as wassign writes them."""
    rows = _rows(text)
    try:
        second = next(at for at, row in enumerate(rows) if row[0] == "Chooser")
        meetings = [Meeting(f"{choice}@{slot}", choice, slot, choice) for choice, slot in rows[1:second]]
        names = rows[second][1:]
        running = {(m.session, slot): m for m in meetings for slot in problem.span(m.session, m.slot) or (m.slot,)}
        seats = [
            Seat(row[0], slot, running[choice, slot].id)
            for row in rows[second + 1 :]
            for slot, choice in zip(names, row[1:], strict=True)
            if choice
        ]
    except (StopIteration, ValueError, KeyError, IndexError) as error:
        fault = Fault("$", f"cannot be read as wassign's tables: {error!r}", "join both CSV files, scheduling first")
        raise ProblemError([fault]) from error
    return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def _rows(text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text), skipinitialspace=True)
    try:
        return [row for row in reader if row]
    except csv.Error as error:  # most often a cell that does not end
        fault = Fault(f"line {reader.line_num}", f"is no line of a table: {error}", "close its quotation marks")
        raise ProblemError([fault]) from error
