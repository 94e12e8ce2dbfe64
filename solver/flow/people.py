"""Who is there and who is alike: a problem's people, sessions and slots by number."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.flow.classes import Classes, classes_of
from solver.flow.numbers import Flags, Numbers
from solver.judge import scores
from solver.problem import Given, Meeting, Participant, Problem
from solver.problem.eligibility import channels, working_languages


@dataclass(frozen=True, eq=False)
class People:
    """P people, S sessions, T slots, C classes of equal people; derived when first asked for, never written after."""

    problem: Problem

    @property
    def people(self) -> tuple[Participant, ...]:
        return self.problem.participants

    @cached_property
    def row(self) -> dict[str, int]:
        return {person.id: at for at, person in enumerate(self.people)}

    @cached_property
    def column(self) -> dict[str, int]:
        return {session.id: at for at, session in enumerate(self.problem.sessions)}

    @property
    def slot(self) -> dict[str, int]:
        return self.problem.slot_at

    @cached_property
    def grouping(self) -> str | None:
        """The attribute whose counts a flow can bound: that of the quotas, else the first to be balanced."""
        names = [*(quota.attribute for quota in self.problem.quotas), *self.problem.balance]
        return names[0] if names else None

    @cached_property
    def values(self) -> list[str]:
        """The values of the grouping attribute; a *group* is the number of one, the last number stands for none."""
        return (
            sorted({p.attributes[self.grouping] for p in self.people if self.grouping in p.attributes})
            if self.grouping
            else []
        )

    @cached_property
    def classes(self) -> Classes:
        """Who is alike, and what each class understands and may enter."""
        return classes_of(self.problem, self.grouping)

    @property
    def of_class(self) -> Numbers:
        """P: the class of each person."""
        return self.classes.of_person

    @property
    def examples(self) -> list[Participant]:
        """C: one person of each class."""
        return self.classes.examples

    @property
    def class_size(self) -> Numbers:
        """C: how many people."""
        return self.classes.size

    @property
    def admitted(self) -> Flags:
        """C x S: see Classes.admitted."""
        return self.classes.admitted

    @cached_property
    def class_group(self) -> Numbers:
        """C: the group of each class."""
        number = {value: at for at, value in enumerate(self.values)}
        none = len(self.values)
        return np.array([number.get(p.attributes.get(self.grouping or "", ""), none) for p in self.examples], np.int64)

    @cached_property
    def group(self) -> Numbers:
        """P: the group of each person."""
        return self.class_group[self.of_class]

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of each group among those who attend; 0 for those without a value."""
        whole: Counter[str] = scores.shares(self.problem, self.grouping) if self.grouping else Counter()
        everybody = max(1, sum(whole.values()))
        return np.array([*(whole[value] / everybody for value in self.values), 0.0])

    @cached_property
    def present(self) -> Flags:
        """P x T: attends the conference and is there."""
        found = np.zeros((len(self.people), len(self.slot)), dtype=bool)
        for at, person in enumerate(self.people):
            if person.attends:
                found[at] = [self.problem.present(person, slot.id) for slot in self.problem.slots]
        return found

    @cached_property
    def channels(self) -> list[str]:
        """Every channel that a meeting of this conference can have, sorted; days count channels by number."""
        return sorted(
            {
                channel
                for session in self.problem.sessions
                for working in working_languages(session)
                for interpreter in self.problem.interpreters
                for channel in channels(interpreter.pairs, session, working)
            }
        )

    @cached_property
    def languages_given(self) -> dict[tuple[str, str], str]:
        """(session, slot) -> the working language that is decided."""
        return _spoken(self.problem.meetings)

    @cached_property
    def languages_before(self) -> dict[tuple[str, str], str]:
        """(session, slot) -> the working language in the earlier allocation."""
        return _spoken(self.problem.previous.meetings if self.problem.previous else ())

    def staffed(self, meetings: tuple[Meeting, ...]) -> Flags:
        """P x T: leads or takes notes in one of these meetings."""
        found = np.zeros((len(self.people), len(self.slot)), dtype=bool)
        for meeting in meetings:
            rows = [self.row[id] for id in self.problem.session[meeting.session].staff]
            for slot in self.problem.span(meeting.session, meeting.slot) or ():
                found[rows, self.slot[slot]] = True
        return found


def _spoken(meetings: tuple[Given, ...]) -> dict[tuple[str, str], str]:
    return {(each.session, each.slot): each.language for each in meetings if each.language is not None}
