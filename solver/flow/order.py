"""Which slots the order of sessions leaves: the later one later, sessions side by side with their like."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from solver.problem import Meeting, Problem, Session


@dataclass(frozen=True)
class Order:
    """What `after` and `beside` of all sessions ask, asked of one meeting at a time while others are placed already."""

    problem: Problem

    @cached_property
    def later(self) -> dict[str, frozenset[str]]:
        """By session those that come after it."""
        sessions = self.problem.sessions
        return {each.id: frozenset(s.id for s in sessions if each.id in s.after) for each in sessions}

    @cached_property
    def beside(self) -> dict[str, frozenset[str]]:
        """By session those it stands beside, whichever of the two says so."""
        sessions = self.problem.sessions
        return {each.id: each.beside | {s.id for s in sessions if each.id in s.beside} for each in sessions}

    @cached_property
    def windows(self) -> dict[str, tuple[int, int]]:
        """By session the first slot that those before it leave, and the slot before which those after it must begin."""
        session, last = self.problem.session, len(self.problem.slots)
        length = {id: 0 if each.may_be_cancelled else each.offered * each.duration for id, each in session.items()}
        first, end = dict.fromkeys(session, 0), dict.fromkeys(session, last)
        for _ in range(last):  # a chain has no more links than there are slots
            first = {
                id: max((first[other] + length[other] for other in each.after), default=0)
                for id, each in session.items()
            }
            end = {id: min((end[other] - length[other] for other in self.later[id]), default=last) for id in session}
        return {id: (first[id], end[id]) for id in session}

    def keeps(self, meetings: Iterable[Meeting], session: Session, slot: str) -> bool:
        """Whether a meeting of this session that starts here fits with these, and leaves room for those to come."""
        if not (session.after or self.later[session.id] or self.beside[session.id]):
            return True
        begins, ends = self._times(session.id, slot)
        first, end = self.windows[session.id]
        if begins < first or ends > end:
            return False
        others = [(each.session, *self._times(each.session, each.slot)) for each in meetings]
        late = any(id in session.after and begins < other_ends for id, _, other_ends in others)
        early = any(id in self.later[session.id] and other_begins < ends for id, other_begins, _ in others)
        return not late and not early and self._beside(others, session, begins)

    def _beside(self, others: list[tuple[str, int, int]], session: Session, begins: int) -> bool:
        """Whether it and each that stands beside it can still start in the same slots."""
        starts: dict[str, set[int]] = defaultdict(set, {session.id: {begins}})
        for id, other_begins, _ in others:
            starts[id].add(other_begins)
        return all(
            len(starts[session.id] | starts[other]) <= min(session.offered, self.problem.session[other].offered)
            for other in self.beside[session.id]
        )

    def _times(self, session: str, slot: str) -> tuple[int, int]:
        """The position of its first slot, and of the one after its last."""
        begins = self.problem.slot_at[slot]
        return begins, begins + self.problem.session[session].duration
