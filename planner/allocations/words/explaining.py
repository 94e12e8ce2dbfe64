"""Why somebody is where she is, in sentences that speak of her own wishes and of seats only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from planner import languages
from planner.allocations.results.answer import with_answer
from planner.models import Allocation, Conference, Group, Participant, Session, Slot
from solver import Role, Seat, shortages

if TYPE_CHECKING:
    from solver import Explanation, WhyNot


@dataclass(frozen=True)
class Told:
    """One round of somebody's day: `here` says why she is where she is, `wishes` what stood against better ones."""

    slot: Slot
    session: str | None
    kind: str  # wish, no_wishes, fixed, duty, other, absent or unplaced
    here: str
    wishes: list[str]


def day_of(
    allocation: Allocation, participant: Participant, *, needs: bool = True, to_herself: bool = False
) -> list[Told]:
    """For each round why she is there, in sentences that speak of her own wishes and of seats only.

    Empty where the run does not know her, or cannot be read any more. Without `needs` nothing tells what she needs;
    what she does not want is told `to_herself` alone.
    """
    from solver import explain  # brings OR-Tools, which pages do without otherwise

    known = with_answer(allocation)
    if known is None or participant.key not in known[0].participant:
        return []
    words = _Words(allocation.conference, needs)
    seats = {seat.slot: seat for seat in known[1].seats if seat.participant == participant.key}
    lacking = shortages(*known) if allocation.lacks(participant.key) else ()
    kept_out = {each.slot: each.why[participant.key] for each in lacking if participant.key in each.why}
    if not to_herself:
        kept_out = {slot: for_organisers(reason, needs) for slot, reason in kept_out.items()}
    found = []
    for slot in allocation.conference.slots:
        if str(slot.id) in known[0].slot_at:
            told = explain(*known, participant.key, str(slot.id), proof=False)
            here = _here(told, seats.get(str(slot.id)), kept_out.get(str(slot.id), ""))
            found.append(Told(slot, told.session, told.here, here, [words.why_not(why) for why in told.wishes]))
    return found


def for_organisers(reason: str, needs: bool) -> str:
    """What keeps somebody out of free places, of whom they read the name: what she does not want is hers alone."""
    return "other" if reason == "veto" or (reason == "needs" and not needs) else reason


MAY_BE_A_NEED = {"room", "mix", "own_day"}
"""Told alike where needs are not: who reads of nothing but another rule would else be somebody who needs something."""


class _Words:
    """The conference's names for what the solver calls by id."""

    def __init__(self, conference: Conference, needs: bool):
        self.needs = needs
        here = languages.current()
        self.sessions = {str(s.id): languages.pick(s.title, here) for s in _sessions(conference)}
        self.slots = {str(slot.id): languages.pick(slot.title, here) for slot in conference.slots}

    def why_not(self, why: "WhyNot") -> str:
        title = self.sessions.get(why.session, _("A session that is gone"))
        isolated = f"\N{FIRST STRONG ISOLATE}{title}\N{POP DIRECTIONAL ISOLATE}"
        lead = _("Wish %(rank)s, “%(title)s”:", rank=why.rank, title=isolated)
        return f"{lead} {self._reason(why.reason, why.facts)}"

    def _reason(self, reason: str, facts: dict[str, Any]) -> str:
        if reason == "elsewhere":
            return _("you are there in “%(slot)s”.", slot=self.slots.get(facts["slot"], "?"))
        if reason == "full":
            return self._full(facts)
        if reason == "duty":
            return _("it also runs in “%(slot)s”, where you have a task.", slot=self.slots.get(facts["slot"], "?"))
        if reason == "away":
            return _("it also runs in “%(slot)s”, when you are not there.", slot=self.slots.get(facts["slot"], "?"))
        if not self.needs and reason in MAY_BE_A_NEED:
            reason = ""
        if reason == "room":
            return _("its room has not everything that you need.")
        return {
            "not_now": _("it does not take place in this round.")
            if facts.get("slots")
            else _("it does not take place."),
            "not_open": _("it is open to certain people only."),
            "language": _("it is held in a language that you do not understand, and nobody interprets there for you."),
            "minimum": _("the session you are in would have had too few people."),
            "listeners": _("the places with an interpreter for you were taken."),
            "mix": _("the places that keep the rooms mixed stood against it."),
            "own_day": _("your day as a whole would have been worse."),
            "missed": _("nothing stood against it: the search did not find this in its time."),
        }.get(reason, _("another rule, or a goal that concerns everybody, stood against it."))

    def _full(self, facts: dict[str, Any]) -> str:
        wished = facts["wished"]
        known = _("a few people wished for it") if wished is None else _("%(count)s people wished for it", count=wished)
        seats = ngettext("there was %(num)s seat", "there were %(num)s seats", facts["seats"])
        as_high = {
            "few": _("Hardly anybody inside had it as high on the list as you."),
            "most": _("Most of those inside had it as high on their lists as you, or higher."),
        }.get(facts["as_high"]) or _(
            "%(count)s of those inside had it as high on their lists as you, or higher.", count=facts["as_high"]
        )
        return _("%(seats)s, and %(wished)s.", seats=seats, wished=known) + " " + as_high


def _sessions(conference: Conference) -> list[Session]:
    return list(conference.sessions)


def group_titles(conference: Conference) -> dict[str, str]:
    here = languages.current()
    groups: list[Group] = list(conference.groups)
    return {str(group.id): languages.pick(group.title, here) for group in groups}


def _here(told: "Explanation", seat: Seat | None, kept_out: str = "") -> str:
    """Why she is where she is, or has no place; nothing for an interpreter, whose channel is told beside it."""
    if told.here == "duty" and seat:
        interprets = "" if seat.listens_in else _("You interpret here.")
        return {
            Role.FACILITATOR: _("You lead this session."),
            Role.NOTE_TAKER: _("You take the notes in this session."),
        }.get(seat.role, interprets)
    if told.here == "wish":
        return _("You are here because it was your wish number %(rank)s.", rank=told.rank)
    if told.here == "other" and all(why.reason == "elsewhere" for why in told.wishes):
        return _("All your wishes are fulfilled in other rounds. Here was a seat.")
    return {
        "no_wishes": _("You chose nothing that is offered, so we chose a session with free seats for you."),
        "fixed": _("The organisers fixed this place for you."),
        "absent": _("You are not there in this round."),
        "unplaced": " ".join(
            filter(
                None,
                [
                    _("There is no place for you in this round. The organisers know it and will speak to you."),
                    _no_place(kept_out),
                ],
            )
        ),
    }.get(told.here, _("You did not wish for this session. Here was a seat."))


def _no_place(reason: str) -> str:
    """What kept her out of the places that were free, as the shortage counts it."""
    return {
        "full": _("No place was free."),
        "language": _("Places were free in meetings whose language you do not understand; nobody interprets for you."),
        "unspoken": _(
            "No meeting in this round is held in a language that you understand, and nobody interprets there for you."
        ),
        "needs": _("Places were free in rooms that have not everything that you need."),
        "not_open": _("Places were free in sessions that are open to certain people only."),
        "veto": _("Places were free in sessions that are “not for me” on your list."),
        "been": _("Places were free in sessions that you attend in another round."),
        "other": _("Places were free, but another rule, or a goal that concerns everybody, stood against it."),
    }.get(reason, "")
