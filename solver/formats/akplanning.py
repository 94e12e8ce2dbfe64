"""AKPlanning's conference files: topics with durations, labels that slots and rooms fulfil, scores 0 to 2.

Its objective (`native`): over participants, score x attendance / number of their preferences. People attend only
what they rated or must; every topic runs exactly once; there are no minimum sizes and no groups.
"""

import json
from collections.abc import Iterable
from typing import Any

from solver.problem import (
    Given,
    Lock,
    Meeting,
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

NAME = "akplanning"
PRESET = Preset.NATIVE
KEYS = ("aks", "rooms", "participants", "timeslots")
Data = dict[str, Any]


def looks_like(text: str) -> bool:
    try:
        data = json.loads(text)
    except ValueError:
        return False
    return isinstance(data, dict) and "timeslots" in data and "aks" in data


def read(text: str) -> Problem:
    try:
        return _problem(_checked(text))
    except ProblemError:
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        fault = Fault(
            "$", f"has a value of a kind that nobody expects here: {error}", "compare it with an example file"
        )
        raise ProblemError([fault]) from error


def _problem(data: Data) -> Problem:
    slots = [slot for block in data["timeslots"]["blocks"] for slot in block]
    first = {str(block[0]["id"]) for block in data["timeslots"]["blocks"] if block}
    labels = {str(slot["id"]): frozenset(map(str, slot.get("fulfilled_time_constraints", ()))) for slot in slots}

    def open_slots(item: Data) -> frozenset[str] | None:
        wanted = set(map(str, item.get("time_constraints", ())))
        fitting = frozenset(id for id, fulfilled in labels.items() if wanted <= fulfilled)
        return fitting if wanted else None

    config = data.get("config") or {}
    scheduled = data.get("scheduled_aks") or ()
    # A fixed room without a time becomes a feature that this room alone has and this topic needs.
    tied = {str(a["ak_id"]): str(a["room_id"]) for a in scheduled if _is(a, "room_id") and not a.get("timeslot_ids")}
    return Problem(
        slots=tuple(Slot(id, joined=id not in first) for id in labels),
        rooms=tuple(
            Room(
                str(room["id"]),
                None if room["capacity"] == -1 else room["capacity"],
                frozenset(map(str, room.get("fulfilled_room_constraints", ())))
                | ({f"room {room['id']}"} if str(room["id"]) in tied.values() else set()),
                open_slots(room),
            )
            for room in data["rooms"]
        ),
        sessions=tuple(_session(topic, open_slots(topic), tied, config) for topic in data["aks"]),
        participants=tuple(
            _participant(person, open_slots(person), float(config.get("mu", 2))) for person in data["participants"]
        ),
        meetings=tuple(_given(scheduled)),
        locks=tuple(
            Lock(str(person), str(item["ak_id"])) for item in scheduled for person in item.get("participant_ids") or ()
        ),
        balance=(),
        full_day=False,
        only_wanted=True,
        objective="native",
        info={"source": NAME},
    )


def _is(item: Data, key: str) -> bool:
    return item.get(key) is not None


def _session(topic: Data, slots: frozenset[str] | None, tied: dict[str, str], config: Data) -> Session:
    properties = topic.get("properties") or {}
    own = {f"room {tied[str(topic['id'])]}"} if str(topic["id"]) in tied else set()
    return Session(
        str(topic["id"]),
        duration=topic.get("duration", 1),
        features=frozenset(map(str, topic.get("room_constraints", ()))) | own,
        slots=slots,
        may_be_cancelled=bool(config.get("allow_unscheduled_aks", False)),
        conflicts=frozenset(map(str, properties.get("conflicts", ()))),
        after=frozenset(map(str, properties.get("dependencies", ()))),
    )


def _participant(person: Data, slots: frozenset[str] | None, mu: float) -> Participant:
    """A strong wish (2) counts `mu`; -1 is a must."""
    wishes = [p for p in person["preferences"] if p.get("required") or p["preference_score"] != 0]
    return Participant(
        str(person["id"]),
        slots=slots,
        needs=frozenset(map(str, person.get("room_constraints", ()))),
        ratings={
            str(p["ak_id"]): (mu if p["preference_score"] == 2 else 1.0) / len(wishes)
            for p in wishes
            if p["preference_score"] > 0
        },
        required=frozenset(str(p["ak_id"]) for p in wishes if p.get("required") or p["preference_score"] == -1),
    )


def _given(scheduled: Iterable[Data]) -> Iterable[Given]:
    for item in scheduled:
        if item.get("timeslot_ids"):
            room = item.get("room_id")
            yield Given(str(item["ak_id"]), str(item["timeslot_ids"][0]), None if room is None else str(room))


def write_solution(problem: Problem, solution: Solution, source: str) -> str:
    """{"input": the file as it came, "scheduled_aks": [...]}: what AKPlanning reads back."""
    people: dict[str, list[str]] = {meeting.id: [] for meeting in solution.meetings}
    for seat in solution.seats:
        if seat.slot == next(m.slot for m in solution.meetings if m.id == seat.meeting):
            people[seat.meeting].append(seat.participant)
    scheduled = [
        {
            "ak_id": _number(meeting.session),
            "room_id": _number(meeting.room),
            "timeslot_ids": [_number(slot) for slot in problem.span(meeting.session, meeting.slot) or ()],
            "participant_ids": [_number(person) for person in people[meeting.id]],
        }
        for meeting in solution.meetings
    ]
    return json.dumps({"input": json.loads(source), "scheduled_aks": scheduled}, ensure_ascii=False, indent=1) + "\n"


def read_solution(problem: Problem, text: str) -> Solution:
    """A schedule in AKPlanning's own words, for the verifier."""
    try:
        data = json.loads(text)
        scheduled = data["scheduled_aks"]
        meetings = [
            Meeting(
                f"{a['ak_id']}@{a['timeslot_ids'][0]}", str(a["ak_id"]), str(a["timeslot_ids"][0]), str(a["room_id"])
            )
            for a in scheduled
        ]
        seats = [
            Seat(str(person), str(slot), f"{a['ak_id']}@{a['timeslot_ids'][0]}")
            for a in scheduled
            for person in a["participant_ids"]
            for slot in a["timeslot_ids"]
        ]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        fault = Fault("$.scheduled_aks", f"cannot be read: {error!r}", "write a list as AKPlanning's solver does")
        raise ProblemError([fault]) from error
    return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def _number(id: str) -> int | str:
    return int(id) if id.lstrip("-").isdigit() else id


def _checked(text: str) -> Data:
    """The data, if it has the parts that we read; otherwise every missing one with its place."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ProblemError([Fault("$", f"is not JSON: {error}", "check for a cut-off file")]) from error
    if not isinstance(data, dict):
        raise ProblemError([Fault("$", "is not an object", "write { ... }")])
    if isinstance(data.get("input"), dict):
        data = {**data["input"], "scheduled_aks": data.get("scheduled_aks")}
    faults = [Fault(f"$.{key}", "is missing", "add it") for key in KEYS if key not in data]
    faults += _faults(data) if not faults else []
    if faults:
        raise ProblemError(faults)
    return data


def _faults(data: Data) -> list[Fault]:
    found: list[Fault] = []
    needed = {"aks": ("id",), "rooms": ("id", "capacity"), "participants": ("id", "preferences")}
    for name, keys in needed.items():
        if not isinstance(data[name], list):
            found.append(Fault(f"$.{name}", "is not a list", "write [ ... ]"))
            continue
        for at, item in enumerate(data[name]):
            missing = [key for key in keys if not isinstance(item, dict) or key not in item]
            found += [Fault(f"$.{name}[{at}].{key}", "is missing", "add it") for key in missing]
    blocks = data["timeslots"].get("blocks") if isinstance(data["timeslots"], dict) else None
    if not isinstance(blocks, list) or not all(isinstance(block, list) for block in blocks):
        return [*found, Fault("$.timeslots.blocks", "is not a list of lists", "write [[{...}], ...]")]
    for at, block in enumerate(blocks):
        for place, slot in enumerate(block):
            if not isinstance(slot, dict) or "id" not in slot:
                found.append(Fault(f"$.timeslots.blocks[{at}][{place}].id", "is missing", "add it"))
    for at, person in enumerate(data["participants"] if not found else ()):
        for place, wish in enumerate(person["preferences"]):
            path = f"$.participants[{at}].preferences[{place}]"
            if not isinstance(wish, dict) or "ak_id" not in wish:
                found.append(Fault(f"{path}.ak_id", "is missing", "add it"))
            elif wish.get("preference_score") not in (-1, 0, 1, 2):
                found.append(Fault(f"{path}.preference_score", "is none of -1, 0, 1, 2", "write one of these"))
    return [*found, *_config_faults(data.get("config")), *([] if found else _scheduled_faults(data, blocks))]


KNOWN = {"mu", "allow_unscheduled_aks", "allow_changing_rooms", "max_num_timeslots_before_break"}


def _config_faults(config: Any) -> list[Fault]:
    """What we cannot do is said, never silently left out."""
    if config is None:
        return []
    if not isinstance(config, dict):
        return [Fault("$.config", "is not an object", "write { ... } or leave it out")]
    found = [
        Fault(f"$.config.{name}", "is not known here", f"use {', '.join(sorted(KNOWN))}")
        for name in config.keys() - KNOWN
    ]
    mu = config.get("mu", 2)
    if isinstance(mu, bool) or not isinstance(mu, int | float) or mu <= 0:
        found.append(Fault("$.config.mu", "is no number above 0", "write what a strong wish counts, 2 for example"))
    if config.get("max_num_timeslots_before_break") not in (None, 0):
        found.append(Fault("$.config.max_num_timeslots_before_break", "is not supported", "write 0 or leave it out"))
    return found


def _scheduled_faults(data: Data, blocks: list[list[Data]]) -> list[Fault]:
    scheduled = data.get("scheduled_aks") or []
    if not isinstance(scheduled, list):
        return [Fault("$.scheduled_aks", "is not a list", "write [ ... ]")]
    order = {str(slot["id"]): (b, at) for b, block in enumerate(blocks) for at, slot in enumerate(block)}
    duration = {str(topic["id"]): topic.get("duration", 1) for topic in data["aks"]}
    found: list[Fault] = []
    for at, item in enumerate(scheduled):
        path = f"$.scheduled_aks[{at}]"
        if not isinstance(item, dict) or str(item.get("ak_id")) not in duration:
            found.append(Fault(f"{path}.ak_id", "names no topic of this file", "use the id of one"))
            continue
        for key in ("timeslot_ids", "participant_ids"):
            if not isinstance(item.get(key) or [], list):
                found.append(Fault(f"{path}.{key}", "is not a list", "write [ ... ]"))
        slots = item.get("timeslot_ids") or []
        if isinstance(slots, list) and slots:
            spots = [order.get(str(slot)) for slot in slots]
            first = spots[0]
            whole = first is not None and spots == [
                (first[0], first[1] + k) for k in range(duration[str(item["ak_id"])])
            ]
            if not whole:
                found.append(
                    Fault(f"{path}.timeslot_ids", "is not its duration in a row", "name all its slots in order")
                )
    return found
