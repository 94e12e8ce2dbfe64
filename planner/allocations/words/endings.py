"""How long a run takes, and how it ended when not with the plan that it was to have: in words."""

from dataclasses import dataclass
from math import ceil

from flask_babel import gettext as _

from planner.allocations.runs.store import settings_of
from planner.allocations.words.faults import contradiction
from planner.models import Allocation, AllocationState
from solver import Preset, expected_seconds, most_seconds


@dataclass(frozen=True)
class Ending:
    """`rules` are the codes of rules in conflict, proven or suspected, as `conflict` says."""

    title: str
    sentences: tuple[str, ...]
    conflict: str = ""
    rules: tuple[str, ...] = ()


def waiting(run: Allocation) -> str:
    """How long it really takes from the press to the answer, and when it ends whatever happens."""
    settings = settings_of(run)
    usual, most = ceil(expected_seconds(settings.time_limit)), ceil(most_seconds(settings.time_limit))
    if settings.preset is Preset.REPAIR:
        return _(
            "It usually takes about %(usual)s seconds, on a busy computer longer. Where places would be missing it "
            "searches up to three times. After %(most)s seconds at most it ends. You may leave this page.",
            usual=usual,
            most=most,
        )
    return _(
        "It usually takes about %(usual)s seconds, on a busy computer longer. After %(most)s seconds at most it ends. "
        "You may leave this page.",
        usual=usual,
        most=most,
    )


def kept(run: Allocation) -> str:
    """Why a plan is not the end of a whole search; empty where it is."""
    result = run.result or {}
    if result.get("facts", {}).get("mix_left_out") and not result.get("reason"):
        return _("The time ended before the search could better the mix. With more time the rooms may be better mixed.")
    return {
        "stopped_at_limit": _(
            "The search did not come to its end in time. This is its last plan, verified like any other."
        ),
        "crashed": _("The search ended by itself. This is its last plan, verified like any other."),
        "unreadable": _("The end of the search got lost. This is its last plan, verified like any other."),
        "not_verified": _("The last answer broke a rule and was thrown away. This is the plan before it."),
        "contradiction": _("The search contradicted itself. This plan is verified, but nothing is proven about it."),
    }.get(result.get("reason", ""), "")


def ending(run: Allocation, *, agreed: bool = True) -> Ending:
    """To whoever does not know what is `agreed`, nothing tells that somebody must be apart."""
    code = (run.reason or {}).get("code", "")
    facts = (run.reason or {}).get("facts") or {}
    named = tuple(rule for rule in facts.get("rules", ()) if agreed or rule != "together_or_apart")
    if run.state is AllocationState.INFEASIBLE:
        sentence = _("The rules contradict each other. Two programs that share no rule found this independently.")
        return Ending(
            _("This conference cannot be allocated like this"), (sentence,), _("These rules cannot all hold:"), named
        )
    if run.state is AllocationState.UNKNOWN:
        conflict = _("These rules may be what stands against it:")
        return Ending(_("No answer in time"), _near(run, code) or (_unknown(code),), conflict, named)
    if run.state is AllocationState.CANCELLED:
        return Ending(_("The run was cancelled"), (_("Nothing was changed."),))
    if code == "contradiction":
        why = contradiction(facts.get("fault", ""), facts.get("about", {}), run.conference)
        return Ending(_("The run failed"), (why, _("Nothing was changed.")))
    return Ending(
        _("The run failed"), (_failed(code), *(_near(run, code) or (_("Nothing was changed. Please start again."),)))
    )


def _near(run: Allocation, code: str) -> tuple[str, ...]:
    """What was tried to stay close to what is published, and what to do; said of no other ending.

    The questions before the last are left out where they have no answer, so they are not told one by one.
    """
    if settings_of(run).preset is not Preset.REPAIR or code not in {"unknown", "hung"}:
        return ()
    return (
        _(
            "It was tried to change as little as possible of what is published, at last with everything open that "
            "nobody has fixed. Nothing was found within the time."
        ),
        _(
            "Please give it more time, or take back something that was changed since. If that does not help, allocate "
            "anew with another aim. What is published stays as it is."
        ),
    )


def _unknown(code: str) -> str:
    if code == "not_confirmed":
        return _(
            "The search found no plan and took it for impossible, but a second program could not confirm that. "
            "Please give it more time, or offer fewer meetings."
        )
    return _("Nothing was found within the time. Please give it more time, or offer fewer meetings.")


def _failed(code: str) -> str:
    return {
        "crashed": _("The solver ended by itself, perhaps for lack of memory."),
        "hung": _("The solver did not end in time and was stopped."),
        "changed": _("A session, a round, a room or a person was removed while it was searching."),
        "not_verified": _("The solver's answer broke a rule, so it was thrown away."),
        "unreadable": _("The solver's answer could not be read."),
        "unreadable_question": _("What was to be computed is stored, but it cannot be read any more."),
        "worker_lost": _("The worker was lost several times."),
    }.get(code, _("The solver stopped with an error (%(code)s).", code=code or "?"))
