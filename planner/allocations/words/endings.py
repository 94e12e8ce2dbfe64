"""How a run without a plan ended, in words: a heading and the sentences below it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from planner.models import Allocation, AllocationState


@dataclass(frozen=True)
class Ending:
    """`rules` are the codes of rules that cannot all hold; empty but for what was proven impossible."""

    title: str
    sentences: tuple[str, ...]
    rules: tuple[str, ...] = ()


def ending(run: Allocation) -> Ending:
    code = (run.reason or {}).get("code", "")
    facts = (run.reason or {}).get("facts") or {}
    if run.state is AllocationState.INFEASIBLE:
        sentence = _("The rules contradict each other. Two programs that share no rule found this independently.")
        return Ending(_("This conference cannot be allocated like this"), (sentence,), tuple(facts.get("rules", ())))
    if run.state is AllocationState.UNKNOWN:
        return Ending(_("No answer in time"), (_unknown(code),))
    if run.state is AllocationState.CANCELLED:
        return Ending(_("The run was cancelled"), (_("Nothing was changed."),))
    return Ending(_("The run failed"), (_failed(code), _("Nothing was changed. Please start again.")))


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
        "unreadable": _("What was asked could not be read. It was made by another version."),
        "worker_lost": _("The worker was lost several times."),
    }.get(code, _("The solver stopped with an error (%(code)s).", code=code or "?"))
