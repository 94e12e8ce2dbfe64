"""A better answer by flows: a better worst-off at rising prices, more wishes, then mix within what they may give."""

from collections.abc import Callable

from solver.search.flow_search import FlowSearch, State
from solver.search.moving import can_move, placed_better

RAMP = (1, 2, 3, 4, 6, 8, 12, 20, 40)
"""Points that a unit of the worst-off value is worth, step by step: cheap improvements first, then dear ones."""
MIX_PRICES = (2, 16, 64, 128, 256, 512)
"""What a hundredth of a person too many or too few costs, beside POINTS for a rank point."""
POINTS = 16
FIRM = 10_000
"""The same where wishes may give nothing for mix."""
SWEEPS = 2
"""Rounds over all slots at one price."""


def improve(flows: FlowSearch, ended: Callable[[], bool]) -> None:
    """Offer better answers until `ended`, from the best one on."""
    if ended():
        return
    day = flows.best().copy()
    states = [flows.state(day)]
    if can_move(flows, day.timetable):
        day = placed_better(flows, day, ended)
        states.append(flows.state(day))
    if flows.problem.company:
        day = flows.gathered(day, ended)
        states.append(flows.state(day))
    for price in RAMP:
        if ended():
            break
        day = day.copy()
        day.sweep(flows.weights(worst=price), ended, most=SWEEPS)
        states.append(flows.state(day))
    if not ended():
        day = day.copy()
        day.sweep(flows.weights(), ended)
        states.append(flows.state(day))
    _offer_fair(flows, states, ended)
    if flows.seeks_mix and not ended():
        _mix(flows, ended)


def _offer_fair(flows: FlowSearch, states: list[State], ended: Callable[[], bool]) -> None:
    """The best worst-off, then the most wishes among those whose worst-off is within its limit."""
    fewest = min(state.unplaced for state in states)
    states = [state for state in states if state.unplaced == fewest]
    flows.offer(min(states, key=lambda state: (state.worst_off, -state.wishes)).day)
    limit = flows.known.limit("worst_off")
    if limit is None:
        return
    states += _between(flows, states, limit, ended)
    fair = [state for state in states if state.worst_off <= limit]
    for state in sorted(fair, key=lambda state: -state.wishes)[:1]:
        flows.offer(state.day)


def _between(flows: FlowSearch, states: list[State], limit: float, ended: Callable[[], bool]) -> list[State]:
    """Days at prices between the last one that was too bad for some and the next."""
    ramp = states[-len(RAMP) - 1 : -1]
    above = [at for at, state in enumerate(ramp) if state.worst_off > limit]
    found: list[State] = []
    if not above or above[-1] + 1 >= len(ramp) or len(ramp) < len(RAMP):
        return found
    low, high, base = RAMP[above[-1]], RAMP[above[-1] + 1], ramp[above[-1]]
    while high - low > 1 and not ended():
        middle = (low + high) // 2
        day = base.day.copy()
        day.sweep(flows.weights(worst=middle), ended, most=SWEEPS)
        state = flows.state(day)
        if state.worst_off > limit:
            low, base = middle, state
        else:
            high = middle
            found.append(state)
    return found


def _mix(flows: FlowSearch, ended: Callable[[], bool]) -> None:
    """Mix at rising prices, as long as the goals before it keep their limits."""
    goals, known = flows.known.goals, flows.known
    flows.sought_mix = True
    before = known.earlier_limits("mix")
    base = flows.state(flows.best())
    best, day = base, base.day
    points = POINTS if "wishes" not in before or goals["wishes"].slack else FIRM
    # Where the worst-off may give something a high price is enough; where it may not, nothing outweighs it.
    worst = RAMP[-1] if before.get("worst_off") != known.reached("worst_off") else None
    for price in MIX_PRICES:
        if ended():
            break
        day = day.copy()
        day.sweep(flows.weights(worst, points, price), ended, most=SWEEPS)
        state = flows.state(day)
        if not _keeps(state, before):
            break
        if state.mix < best.mix:
            best = state
    if best is not base:
        flows.offer(best.day)


def _keeps(state: State, limits: dict[str, float]) -> bool:
    """Whether a day keeps these limits, as far as counting it shows."""
    return (
        state.unplaced <= limits.get("unplaced", state.unplaced)
        and state.worst_off <= limits.get("worst_off", state.worst_off)
        and state.wishes >= limits.get("wishes", state.wishes)
    )
