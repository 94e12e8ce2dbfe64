"""From AKPlanning's checked data to a problem of ours."""

from collections.abc import Iterable
from typing import Any

from solver.problem import Given, Lock, Objective, Participant, Problem, Room, Session, Slot

Data = dict[str, Any]


def problem_of(data: Data) -> Problem:
    blocks = data["timeslots"]["blocks"]
    first = {str(block[0]["id"]) for block in blocks if block}
    labels = {str(s["id"]): _names(s, "fulfilled_time_constraints") for block in blocks for s in block}

    def open_slots(item: Data) -> frozenset[str] | None:
        wanted = _names(item, "time_constraints")
        return frozenset(id for id, fulfilled in labels.items() if wanted <= fulfilled) if wanted else None

    config, scheduled = data.get("config") or {}, data.get("scheduled_aks") or ()
    # A fixed room without a time becomes a feature that this room alone has and this topic needs.
    tied = {
        str(item["ak_id"]): str(item["room_id"])
        for item in scheduled
        if item.get("room_id") is not None and not item.get("timeslot_ids")
    }
    return Problem(
        slots=tuple(Slot(id, joined=id not in first) for id in labels),
        rooms=tuple(_room(room, open_slots(room), set(tied.values())) for room in data["rooms"]),
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
        objective=Objective.NATIVE,
        info={"source": "akplanning"},
    )


def _names(item: Data, key: str) -> frozenset[str]:
    return frozenset(map(str, item.get(key) or ()))


def _room(room: Data, slots: frozenset[str] | None, tied: set[str]) -> Room:
    own = {f"room {room['id']}"} if str(room["id"]) in tied else set()
    capacity = None if room["capacity"] == -1 else room["capacity"]
    return Room(str(room["id"]), capacity, _names(room, "fulfilled_room_constraints") | own, slots)


def _session(topic: Data, slots: frozenset[str] | None, tied: dict[str, str], config: Data) -> Session:
    properties = topic.get("properties") or {}
    own = {f"room {tied[str(topic['id'])]}"} if str(topic["id"]) in tied else set()
    return Session(
        str(topic["id"]),
        duration=topic.get("duration", 1),
        features=_names(topic, "room_constraints") | own,
        slots=slots,
        may_be_cancelled=bool(config.get("allow_unscheduled_aks", False)),
        conflicts=_names(properties, "conflicts"),
        after=_names(properties, "dependencies"),
    )


def _participant(person: Data, slots: frozenset[str] | None, mu: float) -> Participant:
    """A strong wish (2) counts `mu`, -1 is a must; each is divided by how many preferences she has.

    AKPlanning counts different topics: those whose score, the last one written, is above 0, and those that she must
    attend (src/akplan/solve.py, num_prefs_per_person).
    """
    weights: dict[str, float] = {}
    musts: set[str] = set()
    for wish in person["preferences"]:
        topic, score = str(wish["ak_id"]), wish["preference_score"]
        must = bool(wish.get("required")) or score == -1
        weights[topic] = 0.0 if must else mu if score == 2 else float(score)
        musts |= {topic} if must else set()
    wanted = {topic: weight for topic, weight in weights.items() if weight}
    number = len(wanted) + len(musts)
    return Participant(
        str(person["id"]),
        slots=slots,
        needs=_names(person, "room_constraints"),
        ratings={topic: weight / number for topic, weight in wanted.items()},
        required=frozenset(musts),
    )


def _given(scheduled: Iterable[Data]) -> Iterable[Given]:
    for item in scheduled:
        if item.get("timeslot_ids"):
            room = item.get("room_id")
            yield Given(str(item["ak_id"]), str(item["timeslot_ids"][0]), None if room is None else str(room))
