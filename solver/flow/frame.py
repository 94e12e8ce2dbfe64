"""What every network of a slot has behind the people: doors of meetings, listeners, groups, sizes, and the sink.

A *door* is a way into a meeting here: one for those who understand, and one for each open channel.
"""

from dataclasses import dataclass

import numpy as np

from solver.flow.network import Arcs
from solver.flow.numbers import NOBODY, Numbers
from solver.flow.slot import SlotProblem
from solver.flow.weights import PERCENT


@dataclass(frozen=True, eq=False)
class Frame:
    """The nodes of a slot's network, and D doors: first one for each of the k meetings here, then the channels'.

    meeting: D, the meeting here that a door leads to. channel: D, the channel listened to there, -1 for none.
    entry: C x D, the node by which a class comes in, -1 where it may not.
    nested: whether groups are told apart. places: D, listeners' places, 0 for the doors of those who understand.
    hub, group, door, listen, sink: the first node of each kind; people come first of all.
    """

    question: SlotProblem
    nested: bool
    meeting: Numbers
    channel: Numbers
    places: Numbers
    entry: Numbers
    hub: int
    group: int
    door: int
    listen: int
    sink: int

    @property
    def k(self) -> int:
        return len(self.question.meetings)

    @property
    def groups(self) -> int:
        """How many groups the network tells apart."""
        return len(self.question.arrays.values) + 1 if self.nested else 1

    @property
    def doors(self) -> Numbers:
        """k: the nodes of the meetings themselves."""
        return self.door + np.arange(self.k)

    def supply(self) -> Numbers:
        """One unit at each person, all of them taken at the sink."""
        n = len(self.question.rows)
        found = np.zeros(self.sink + 1, dtype=np.int64)
        found[:n] = 1
        found[self.sink] = -n
        return found


def frame_of(question: SlotProblem) -> Frame:
    """The nodes and doors for a slot subproblem."""
    timetable, arrays = question.timetable, question.arrays
    k, n, classes = len(question.meetings), len(question.rows), len(arrays.examples)
    nested = timetable.bounded or question.weights.mix > 0
    groups = len(arrays.values) + 1 if nested else 1
    heard = timetable.listening
    here = np.full(len(timetable.meetings), NOBODY)
    here[question.meetings] = np.arange(k)
    open_here = np.flatnonzero(here[heard.meeting] >= 0)
    hub, group = n, n + classes
    door = group + (k * groups if nested else 0)
    listen = door + k
    of_class = arrays.class_group if nested else np.zeros(classes, dtype=np.int64)
    inside = group + np.arange(k)[None, :] * groups + of_class[:, None] if nested else door + np.arange(k)[None, :]
    first = np.where(timetable.enters[:, question.meetings], inside, NOBODY)
    spots = listen + np.arange(len(open_here))[None, :] * groups + of_class[:, None]
    further = np.where(heard.may[:, open_here], spots, NOBODY)
    return Frame(
        question,
        nested,
        np.concatenate([np.arange(k), here[heard.meeting[open_here]]]),
        np.concatenate([np.full(k, NOBODY), heard.channel[open_here]]),
        np.concatenate([np.zeros(k, dtype=np.int64), places_left(question)[open_here]]),
        np.concatenate([first, further], axis=1),
        hub,
        group,
        door,
        listen,
        listen + len(open_here) * groups,
    )


def places_left(question: SlotProblem) -> Numbers:
    """K: listeners' places of every open channel, those who stay in a long meeting taken off."""
    heard, t = question.timetable.listening, question.t
    at, channel = question.at[question.stays, t], question.channel[question.stays, t]
    taken = (at[:, None] == heard.meeting[None, :]) & (channel[:, None] == heard.channel[None, :])
    return np.maximum(0, heard.places - taken.sum(axis=0))


def add_frame(arcs: Arcs, frame: Frame) -> None:
    """Listeners' places, quotas and mix by group, sizes, and the way of those without a place."""
    question, sink = frame.question, np.int64(frame.sink)
    _listeners(arcs, frame)
    if frame.nested:
        _groups(arcs, frame)
    _sizes(arcs, frame)
    unplaced = question.weights.unplaced if question.arrays.problem.full_day else 0
    arcs.add(np.arange(len(question.rows)), sink, 1, unplaced)


def _sizes(arcs: Arcs, frame: Frame) -> None:
    """meeting -> sink: the minimum, what a plan wants at least, then evenly up to the maximum."""
    question, weights, sink = frame.question, frame.question.weights, np.int64(frame.sink)
    least, most = question.room_left
    arcs.add(frame.doors, sink, least, -weights.minimum)
    rest = most - least
    if question.wanted_least is not None:
        more = np.clip(question.wanted_least[question.meetings] - least, 0, rest)
        arcs.add(frame.doors, sink, more, -weights.soon)
        rest = rest - more
    if weights.even:
        middle = np.clip(len(question.rows) // max(1, frame.k) - (most - rest), 0, rest)
        arcs.add(frame.doors, sink, middle, -weights.even)
        rest = rest - middle
        for step in range(1, 4):
            some = np.minimum(rest, 2)
            arcs.add(frame.doors, sink, some, weights.even * step)
            rest = rest - some
    arcs.add(frame.doors, sink, rest, weights.even * 4)


def _listeners(arcs: Arcs, frame: Frame) -> None:
    """channel -> meeting: listeners' places; by group they are shared out, since a flow cannot bound both."""
    for d in range(frame.k, len(frame.meeting)):
        nodes = frame.listen + (d - frame.k) * frame.groups + np.arange(frame.groups)
        j = int(frame.meeting[d])
        to = frame.group + j * frame.groups + np.arange(frame.groups) if frame.nested else frame.door + j
        arcs.add(nodes, to, _shares(frame, d), 0)


def _shares(frame: Frame, d: int) -> Numbers:
    """Groups: so many places of a channel for each, by how many of it could listen and how many wish to."""
    question, arrays = frame.question, frame.question.arrays
    if not frame.nested:
        return frame.places[d : d + 1]
    may = frame.entry[:, d] >= 0
    there = np.bincount(arrays.of_class[question.rows], minlength=len(may)) * may
    session = question.timetable.session[question.meetings[frame.meeting[d]]]
    wish = np.bincount(arrays.class_group, weights=arrays.wanting[:, session] * may, minlength=frame.groups)
    people = np.bincount(arrays.class_group, weights=there, minlength=frame.groups).astype(np.int64)
    return shared_out(int(frame.places[d]), wish + 0.1 * people, people)


def shared_out(places: int, demand: np.ndarray, most: Numbers) -> Numbers:
    """Whole places in proportion to demand, none above its most; what is left goes where the most is missing."""
    found = np.zeros(len(most), dtype=np.int64)
    for _ in range(int(min(places, most.sum()))):
        ratio = np.where(found < most, (demand + 1e-9) / (found + 1), -1.0)
        found[int(ratio.argmax())] += 1
    return found


def _groups(arcs: Arcs, frame: Frame) -> None:
    """(meeting, group) -> meeting: quotas, and the convex cost of too many or too few of a group."""
    question, weights, k = frame.question, frame.question.weights, frame.k
    nodes = frame.group + np.arange(k * frame.groups).reshape(k, frame.groups)
    to = np.repeat(frame.doors[:, None], frame.groups, axis=1)
    least, most = (bound[question.meetings] for bound in question.timetable.quotas)
    if not weights.mix:
        arcs.add(nodes, to, least, -weights.minimum)
        arcs.add(nodes, to, most - least, 0)
        return
    target = question.arrays.share[None, :] * question.sizes[question.meetings][:, None]
    whole = np.floor(target).astype(np.int64)
    part = np.round((1 - 2 * (target - whole)) * PERCENT).astype(np.int64) * weights.mix
    left, bound = most.copy(), least.copy()
    for cap, cost in (
        (np.minimum(whole, left), np.int64(-PERCENT * weights.mix) + np.zeros_like(part)),
        (np.ones_like(left), part),
        (left, np.int64(PERCENT * weights.mix) + np.zeros_like(part)),
    ):
        here = np.minimum(cap, left)
        must = np.minimum(bound, here)
        arcs.add(nodes, to, must, cost - weights.minimum)
        arcs.add(nodes, to, here - must, cost)
        left, bound = left - here, bound - must
