"""What the hubs got, handed out to their people: nobody to where she was before, and who can take nothing is named.

A hub's place costs the same whoever takes it, so people who come in by the same node may trade their places. Each
class first takes what its hub got; who is left over is served along a row of trades, an augmenting path (Kuhn, 1955).
"""

from collections import defaultdict

import numpy as np

from solver.flow.frame import Frame
from solver.flow.numbers import CODE, Numbers


def hand_out(
    frame: Frame, waiting: Numbers, classes: Numbers, doors: Numbers, counts: Numbers, found: Numbers
) -> Numbers:
    """Give each class its hub's doors, so many times as `counts` says, and let people trade where that does not do.

    waiting: rows of the people whom the flow sent through their hub. classes, doors, counts: parallel, the hub's flow.
    found: n, the door of each person to be seated; written here.
    Returns the places in `rows` of those for whom nothing was left that they may take.
    """
    places, left = _Places(frame, waiting), list[int]()
    of_class = frame.question.arrays.of_class[waiting]
    order = np.argsort(of_class, kind="stable")
    bounds = np.searchsorted(of_class[order], np.arange(len(frame.entry) + 1))
    for c in np.unique(classes[counts > 0]):
        mine = (classes == c) & (counts > 0)
        offers = np.repeat(doors[mine], counts[mine]).tolist()
        left += places.taken(waiting[order[bounds[c] : bounds[c + 1]]].tolist(), offers)
        places.spare += [(int(frame.entry[c, door]), door) for door in offers]
    failed = [person for person in left if not places.traded(person)]
    local = frame.question.local
    found[local[list(places.door)]] = list(places.door.values())
    return local[np.array(failed, dtype=np.int64)]


class _Places:
    """door: who has which. inside: who came in by which node. spare: nodes with doors that nobody took."""

    def __init__(self, frame: Frame, waiting: Numbers):
        question, arrays = frame.question, frame.question.arrays
        self.door: dict[int, int] = {}
        self.inside: dict[int, list[int]] = defaultdict(list)
        self.spare: list[tuple[int, int]] = []
        self.of_class = dict(zip(waiting.tolist(), arrays.of_class[waiting].tolist(), strict=True))
        self.entry = {c: frame.entry[c].tolist() for c in set(self.of_class.values())}
        self.session = question.timetable.session[question.meetings][frame.meeting].tolist()
        self.shut = {person: set(map(int, question.visited[person])) for person in self.of_class}
        for code in question.closed[np.isin(question.closed // CODE, waiting)].tolist():
            self.shut[code // CODE].add(code % CODE)
        self._hopeless: set[int] = set()

    def taken(self, people: list[int], offers: list[int]) -> list[int]:
        """Each takes one of her class's offers, which are used up; returns those who may take none that is left."""
        return [person for person in people if not self._takes(person, offers)]

    def _takes(self, person: int, offers: list[int]) -> bool:
        shut, session = self.shut[person], self.session
        for at in reversed(range(len(offers))):
            if session[offers[at]] not in shut:
                self._put(person, offers[at])
                offers[at] = offers[-1]
                offers.pop()
                return True
        return False

    def _put(self, person: int, door: int) -> None:
        if person in self.door:
            self.inside[self._node(person)].remove(person)
        self.door[person] = door
        self.inside[self._node(person)].append(person)

    def _node(self, person: int) -> int:
        return int(self.entry[self.of_class[person]][self.door[person]])

    def traded(self, person: int) -> bool:
        """She takes somebody's place, who takes another's, and so on; the last one takes a spare one.

        False if no row of trades leads to one. No later row goes through the nodes that were looked at then.
        """
        after: dict[int, tuple[int, int]] = {}  # who gives up a place: to whom, and its door
        row, seen = [person], set[int]()
        for who in row:
            at = next((at for at, (node, door) in enumerate(self.spare) if self._may(who, door, node)), None)
            if at is not None:
                self._pass_on(who, self.spare.pop(at)[1], after)
                return True
            for door, node in enumerate(self.entry[self.of_class[who]]):
                if node not in seen and node not in self._hopeless and self._may(who, door, node):
                    seen.add(node)
                    others = [other for other in self.inside[node] if other not in after]
                    after |= dict.fromkeys(others, (who, door))
                    row += others
        self._hopeless |= seen
        return False

    def _pass_on(self, who: int | None, door: int | None, after: dict[int, tuple[int, int]]) -> None:
        """The last of a row takes a door, and everybody before her the one that the next gave up."""
        while who is not None and door is not None:
            self._put(who, door)
            who, door = after.get(who, (None, None))

    def _may(self, person: int, door: int, node: int) -> bool:
        """Whether somebody may come in by this node of a door."""
        own = self.entry[self.of_class[person]][door]
        return node >= 0 and own == node and self.session[door] not in self.shut[person]
