"""What an AKPlanning file must have to be read: every fault with its place in the file, in the file's own words."""

from collections.abc import Iterable, Iterator
from typing import Any

from solver.problem.codec import Fault, ProblemError
from solver.problem.text import parsed

Data = dict[str, Any]
LISTS = {"aks": ("id",), "rooms": ("id", "capacity"), "participants": ("id", "preferences")}
LABELS = {
    "aks": ("room_constraints", "time_constraints"),
    "rooms": ("fulfilled_room_constraints", "time_constraints"),
    "participants": ("room_constraints", "time_constraints", "preferences"),
}
SCORES = (-1, 0, 1, 2)
CONFIG = {"mu", "allow_unscheduled_aks", "allow_changing_rooms", "max_num_timeslots_before_break"}


def checked(text: str) -> Data:
    """The data, if it has the parts that we read and names what it has; raises ProblemError with all faults."""
    data = parsed(text)
    if not isinstance(data, dict):
        raise ProblemError([Fault("$", "is not an object", "write { ... }")])
    if isinstance(data.get("input"), dict):
        data = {**data["input"], "scheduled_aks": data.get("scheduled_aks")}
    # Each step may trust what the one before found in order.
    for step in (_parts, _shapes, _names, _values):
        faults = list(step(data))
        if faults:
            raise ProblemError(faults)
    return data


def _parts(data: Data) -> Iterator[Fault]:
    for key in (*LISTS, "timeslots"):
        if key not in data:
            yield Fault(f"$.{key}", "is missing", "add it")
    for key in LISTS:
        if key in data and not isinstance(data[key], list):
            yield Fault(f"$.{key}", "is not a list", "write [ ... ]")
    blocks = data["timeslots"].get("blocks") if isinstance(data.get("timeslots"), dict) else None
    if "timeslots" in data and not (isinstance(blocks, list) and all(isinstance(block, list) for block in blocks)):
        yield Fault("$.timeslots.blocks", "is not a list of lists", "write [[{...}], ...]")
    if not isinstance(data.get("scheduled_aks") or [], list):
        yield Fault("$.scheduled_aks", "is not a list", "write [ ... ]")
    if not isinstance(data.get("config") or {}, dict):
        yield Fault("$.config", "is not an object", "write { ... } or leave it out")


def _shapes(data: Data) -> Iterator[Fault]:
    """Every item is an object with what it needs, and lists are lists."""
    for name, keys in LISTS.items():
        for at, item in enumerate(data[name]):
            yield from _object(f"$.{name}[{at}]", item, keys, LABELS[name])
    for path, slot in _slots(data):
        yield from _object(path, slot, ("id",), ("fulfilled_time_constraints",))
    for at, topic in enumerate(data["aks"]):
        if isinstance(topic, dict):
            yield from _object(f"$.aks[{at}].properties", topic.get("properties") or {}, (), PROPERTIES)
    for path, wish in _wishes(data):
        yield from _object(path, wish, ("ak_id", "preference_score"), ())
    for at, item in enumerate(data.get("scheduled_aks") or ()):
        yield from _object(f"$.scheduled_aks[{at}]", item, ("ak_id",), ("timeslot_ids", "participant_ids"))


PROPERTIES = ("conflicts", "dependencies")


def _object(path: str, item: Any, needed: Iterable[str], lists: Iterable[str]) -> Iterator[Fault]:
    if not isinstance(item, dict):
        yield Fault(path, "is not an object", "write { ... }")
        return
    for key in needed:
        if key not in item:
            yield Fault(f"{path}.{key}", "is missing", "add it")
    for key in lists:
        if not isinstance(item.get(key) or [], list):
            yield Fault(f"{path}.{key}", "is not a list", "write [ ... ]")


def _slots(data: Data) -> Iterator[tuple[str, Any]]:
    for at, block in enumerate(data["timeslots"]["blocks"]):
        for place, slot in enumerate(block):
            yield f"$.timeslots.blocks[{at}][{place}]", slot


def _wishes(data: Data) -> Iterator[tuple[str, Any]]:
    for at, person in enumerate(data["participants"]):
        wishes = person.get("preferences") if isinstance(person, dict) else None
        for place, wish in enumerate(wishes if isinstance(wishes, list) else ()):
            yield f"$.participants[{at}].preferences[{place}]", wish


def _names(data: Data) -> Iterator[Fault]:
    """Each id once, and nothing names what is not there."""
    listed = {name: [(f"$.{name}[{at}].id", item["id"]) for at, item in enumerate(data[name])] for name in LISTS}
    listed["timeslots"] = [(f"{path}.id", slot["id"]) for path, slot in _slots(data)]
    known: dict[str, set[str]] = {}
    for name, ids in listed.items():
        known[name] = set()
        for path, id in ids:
            if str(id) in known[name]:
                yield Fault(path, f"{id!r} stands twice", "give each its own id")
            known[name].add(str(id))
    for path, what, id in _mentions(data):
        if str(id) not in known[what]:
            yield Fault(path, f"names {id!r}, which is not in $.{what}", "use an id from there, or leave it out")


def _mentions(data: Data) -> Iterator[tuple[str, str, Any]]:
    """Where something is named, of which kind, and how."""
    for at, topic in enumerate(data["aks"]):
        for key in PROPERTIES:
            for place, other in enumerate((topic.get("properties") or {}).get(key) or ()):
                yield f"$.aks[{at}].properties.{key}[{place}]", "aks", other
    for path, wish in _wishes(data):
        yield f"{path}.ak_id", "aks", wish["ak_id"]
    for at, item in enumerate(data.get("scheduled_aks") or ()):
        path = f"$.scheduled_aks[{at}]"
        yield f"{path}.ak_id", "aks", item["ak_id"]
        if item.get("room_id") is not None:
            yield f"{path}.room_id", "rooms", item["room_id"]
        for key, what in (("timeslot_ids", "timeslots"), ("participant_ids", "participants")):
            for place, id in enumerate(item.get(key) or ()):
                yield f"{path}.{key}[{place}]", what, id


def _values(data: Data) -> Iterator[Fault]:
    for at, topic in enumerate(data["aks"]):
        if not _whole(topic.get("duration", 1), 1):
            yield Fault(f"$.aks[{at}].duration", "is no number of slots", "write 1 or more")
    for at, room in enumerate(data["rooms"]):
        if not _whole(room["capacity"], -1):
            yield Fault(f"$.rooms[{at}].capacity", "is no number of chairs", "write 0 or more, or -1 for no limit")
    for path, wish in _wishes(data):
        if not _whole(wish["preference_score"], -1) or wish["preference_score"] not in SCORES:
            yield Fault(f"{path}.preference_score", "is none of -1, 0, 1, 2", "write one of these")
    yield from _config(data.get("config") or {})
    yield from _scheduled(data)


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _config(config: Data) -> Iterator[Fault]:
    """What we cannot do is said, never silently left out."""
    for name in sorted(config.keys() - CONFIG):
        yield Fault(f"$.config.{name}", "is not known here", f"use {', '.join(sorted(CONFIG))}")
    mu = config.get("mu", 2)
    if isinstance(mu, bool) or not isinstance(mu, int | float) or mu <= 0:
        yield Fault("$.config.mu", "is no number above 0", "write what a strong wish counts, 2 for example")
    if config.get("max_num_timeslots_before_break") not in (None, 0):
        yield Fault("$.config.max_num_timeslots_before_break", "is not supported", "write 0 or leave it out")


def _scheduled(data: Data) -> Iterator[Fault]:
    order = {
        str(slot["id"]): (b, at) for b, block in enumerate(data["timeslots"]["blocks"]) for at, slot in enumerate(block)
    }
    duration = {str(topic["id"]): topic.get("duration", 1) for topic in data["aks"]}
    for at, item in enumerate(data.get("scheduled_aks") or ()):
        spots = [order[str(slot)] for slot in item.get("timeslot_ids") or ()]
        if spots and spots != [(spots[0][0], spots[0][1] + k) for k in range(duration[str(item["ak_id"])])]:
            path = f"$.scheduled_aks[{at}].timeslot_ids"
            yield Fault(path, "is not its duration in a row", "name all its slots in order")
