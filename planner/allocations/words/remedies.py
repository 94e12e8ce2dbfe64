"""What would make an impossible conference possible, and what each way leads to: the solver's codes in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.allocations.words.names import Names, feature_of, given
from planner.models import Allocation


def relaxations(run: Allocation, *, needs: bool = True, agreed: bool = True) -> list[str]:
    """Each was tried by the solver; the least harmful first: fewest places missing, then the cheapest.

    Without `needs` not those that tell what people need, and of a group's rule not which group it is. To whoever does
    not know what is `agreed` nothing tells that somebody must be apart.
    """
    names = Names(run.conference)
    found = ((run.reason or {}).get("facts") or {}).get("relaxations", [])
    hidden = {kind for kind, seen in (("feature", needs), ("agreement", agreed)) if not seen}
    found = [each for each in found if each["kind"] not in hidden]
    ordered = sorted(found, key=lambda each: (each.get("missing") or 0, each.get("cost", 0)))
    told = [_seen(each["kind"], names.of(each.get("facts", {})), needs) for each in ordered]
    return [remedy(kind, facts, each.get("missing")) for (kind, facts), each in zip(told, ordered, strict=True)]


def _seen(kind: str, facts: dict[str, Any], needs: bool) -> tuple[str, dict[str, Any]]:
    """Which groups are protected, only those read who may know of what group somebody is."""
    return ("of_a_group", {}) if kind in {"company", "quota"} and not needs else (kind, facts)


def remedy(kind: str, facts: dict[str, Any], missing: int | None = None) -> str:
    """One change, and what it leads to."""
    change = _on_people(kind, facts) or _on_rooms(kind, facts) or _on_sessions(kind, facts)
    if not missing:
        return change
    left = ngettext("…but then %(num)s place is missing.", "…but then %(num)s places are missing.", missing)
    return f"{change} {left}"


def _on_people(kind: str, facts: dict[str, Any]) -> str:
    return {
        "lock": _("Do not fix %(participant)s in “%(session)s”.", **given(facts, "participant", "session")),
        "must": _(
            "Do not insist that %(participant)s attends “%(session)s”.", **given(facts, "participant", "session")
        ),
        "given": _("Let “%(session)s” move from “%(slot)s”.", **given(facts, "session", "slot")),
        "quota": _("Loosen the bound for people %(whom)s by %(by)s.", **given(facts, "whom", "by")),
        "present": _("%(participant)s would have to be there all day.", **given(facts, "participant")),
        "interpreter": _("Find one more interpreter for %(pair)s.", **given(facts, "pair")),
        "interpreter_free": _("Let %(participant)s interpret in every round.", **given(facts, "participant")),
        "staff": _("Let somebody else lead “%(session)s”.", **given(facts, "session")),
        "company": _("Allow that somebody %(whom)s sits alone.", **given(facts, "whom")),
        "of_a_group": _("Loosen a rule for a group."),
        "spread": ngettext(
            "Allow more than %(num)s person of one organisation in a meeting.",
            "Allow more than %(num)s people of one organisation in a meeting.",
            facts.get("most", 1),
        ),
        "together": _("Let people sit apart who were to sit together."),
        "agreement": _("Look again at the confidential agreements about who sits with whom."),
        "unplaced": _("Allow that somebody stays without a place."),
    }.get(kind, "")


def _on_rooms(kind: str, facts: dict[str, Any]) -> str:
    return {
        "feature": ngettext(
            "%(room)s lacks what %(num)s person needs (%(feature)s). If it had it, it would work.",
            "%(room)s lacks what %(num)s people need (%(feature)s). If it had it, it would work.",
            facts.get("people", 0),
            room=facts.get("room"),
            feature=feature_of(facts.get("feature")),
        ),
        "capacity": ngettext(
            "%(room)s would need %(num)s more chair.",
            "%(room)s would need %(num)s more chairs.",
            facts.get("by", 1),
            **given(facts, "room"),
        ),
        "open": _("Have %(room)s in every round.", **given(facts, "room")),
        "rooms": ngettext("Find %(num)s more room.", "Find %(num)s more rooms.", facts.get("by", 1)),
    }.get(kind, "")


def _on_sessions(kind: str, facts: dict[str, Any]) -> str:
    return {
        "minimums": _("Lower all minimum sizes by %(by)s.", **given(facts, "by")),
        "maximums": _("Raise all maximum sizes by %(by)s.", **given(facts, "by")),
        "cancel_some": _("Allow sessions to be cancelled where too few people come."),
        "minimum": _("Lower the minimum size of “%(session)s” by %(by)s.", **given(facts, "session", "by")),
        "cancel": _("Allow “%(session)s” to be cancelled.", **given(facts, "session")),
        "offered": _("Offer “%(session)s” one time less.", **given(facts, "session")),
        "order": _("Free “%(session)s” from fixed rounds and order.", **given(facts, "session")),
        "language": _("Let “%(session)s” be held in %(language)s too.", **given(facts, "session", "language")),
        "two_language": _(
            "Let “%(session)s” be held in both its languages at once, with somebody who interprets between them.",
            **given(facts, "session"),
        ),
        "given_language": _("Leave open in which language “%(session)s” is held.", **given(facts, "session")),
        "session_feature": _("Let “%(session)s” do without a special room.", **given(facts, "session")),
        "maximum": _("Let “%(session)s” be larger.", **given(facts, "session")),
    }.get(kind, "")
