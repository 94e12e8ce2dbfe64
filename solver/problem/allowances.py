"""How long a run may take beside its search, phase by phase: the only place where such a number stands.

The time limit is the search's alone. Starting the process, ending an engine that does not look at the clock, confirming
and diagnosing what is impossible, and handing the answer over each have an allowance of their own; whoever waits for a
run waits for their sum, so that no phase can outlast the patience of the next one.
"""

import enum

CONFIRM = 10.0
"""Seconds for the second program, after the search has said "impossible"."""
OVERRUN = 10.0
"""Seconds that an engine may overrun the limit (presolve does not look at the clock) before the run is ended."""

IN_HAND = 7.0
"""The same where an answer is in hand, which only a proof or a little more could better: it is handed on in time."""


class Phase(enum.StrEnum):
    """What a run is doing."""

    STARTING = "starting"
    SEARCHING = "searching"
    DIAGNOSING = "diagnosing"
    HANDING_OVER = "handing_over"


ALLOWED = {Phase.STARTING: 60.0, Phase.DIAGNOSING: 10.0, Phase.HANDING_OVER: 60.0}
"""Seconds beside the search. Generous: they end what hangs, and a busy machine may need ten times the usual."""
USUAL = {Phase.STARTING: 1.5, Phase.HANDING_OVER: 1.0}
"""Seconds measured for a conference of 300 on two cores."""
DIAGNOSIS_OVERRUN = 10.0
"""Seconds that the engine may need to notice the end of a diagnosis."""


def allowed(phase: Phase, time_limit: float) -> float:
    """Seconds after which a phase is ended by force. `time_limit` is the search's, in seconds."""
    if phase is Phase.SEARCHING:
        return time_limit + OVERRUN + CONFIRM
    return ALLOWED[phase] + (DIAGNOSIS_OVERRUN if phase is Phase.DIAGNOSING else 0.0)


def most_seconds(time_limit: float) -> float:
    """After so many seconds at most a run has ended, whatever happens: the sum of all allowances.

    Example: `most_seconds(60)` -> 220.0
    """
    return sum(allowed(phase, time_limit) for phase in Phase)


def expected_seconds(time_limit: float) -> float:
    """How long a run that uses its whole time usually takes from its start to its stored answer.

    Example: `expected_seconds(60)` -> 62.5
    """
    return USUAL[Phase.STARTING] + time_limit + USUAL[Phase.HANDING_OVER]
