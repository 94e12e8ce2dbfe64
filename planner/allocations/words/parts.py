"""Who is counted, in parts that add up; in the past of a plan whose ground has changed since it was made."""

from flask_babel import ngettext

from solver import Interpreters, Whole


def whole(parts: Whole, *, then: bool = False) -> str:
    """Who is counted, in parts that add up; `then` where that was so when a plan was made, and may not be today."""
    choosing, silent, busy = map(len, (parts.choosing, parts.without_wishes, parts.busy))
    return _in_parts(
        ngettext("%(num)s person took part then", "%(num)s people took part then", parts.people)
        if then
        else ngettext("%(num)s person takes part", "%(num)s people take part", parts.people),
        ngettext("%(num)s could choose and did", "%(num)s could choose and did", choosing),
        ngettext("%(num)s chose nothing that is offered", "%(num)s chose nothing that is offered", silent),
        ngettext(
            "%(num)s was to lead, take notes or interpret in every round",
            "%(num)s were to lead, take notes or interpret in every round",
            busy,
        )
        if then
        else ngettext(
            "%(num)s leads, takes notes or interprets in every round",
            "%(num)s lead, take notes or interpret in every round",
            busy,
        ),
    )


def interpreting(parts: Interpreters, *, then: bool = False) -> str:
    """What the plan makes of those who could interpret, in parts that add up; empty where nobody could."""
    if not parts.people:
        return ""
    working, elsewhere, nowhere = map(len, (parts.working, parts.elsewhere, parts.nowhere))
    told = (
        (working, ngettext("%(num)s does so in this plan", "%(num)s do so in this plan", working)),
        (elsewhere, ngettext("%(num)s has another place only", "%(num)s have another place only", elsewhere)),
        (nowhere, ngettext("%(num)s has no place in it", "%(num)s have no place in it", nowhere)),
    )
    whole = (
        ngettext("%(num)s person could interpret then", "%(num)s people could interpret then", parts.people)
        if then
        else ngettext("%(num)s person could interpret", "%(num)s people could interpret", parts.people)
    )
    return _in_parts(whole, *(part for count, part in told if count))


def _in_parts(whole: str, *parts: str) -> str:
    return f"{whole}: {', '.join(parts)}."
