"""The campaigns of faults at a size of seconds: the promise holds, and without the protection it is seen to break."""

import pytest

from tests.faults import races
from tests.faults.__main__ import FAULTS

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
SIZES = {"lists": 160, "twice": 4, "deadline": 1, "mail": 12, "queue": 4}


@pytest.mark.parametrize("database", BOTH)
@pytest.mark.parametrize("fault", SIZES)
def test_the_promise_holds(fault: str, database: str) -> None:
    _promised, run = FAULTS[fault]

    report = run(SIZES[fault], 1, database=database, unguarded=False, say=lambda _: None)

    assert report.broken == []


@pytest.mark.parametrize("database", BOTH)
@pytest.mark.parametrize("fault", ["lists", "twice"])
def test_without_its_protection_it_breaks(fault: str, database: str) -> None:
    _promised, run = FAULTS[fault]

    assert run(SIZES[fault], 1, database=database, unguarded=True, say=lambda _: None).broken


@pytest.mark.postgresql
def test_a_snapshot_that_waits_for_nobody_lacks_what_was_acknowledged() -> None:
    """On a slow machine too few saves are on their way at that moment to be seen each time."""

    def broken(seed: int) -> list[str]:
        return races.deadline(2, seed, database="postgresql", unguarded=True, say=lambda _: None).broken

    assert any(broken(seed) for seed in range(1, 6))


@pytest.mark.parametrize("fault", ["mail", "queue"])
def test_a_mail_goes_out_twice_without_its_protection(fault: str) -> None:
    _promised, run = FAULTS[fault]

    broken = run(SIZES[fault], 1, database="sqlite", unguarded=True, say=lambda _: None).broken

    assert any("accepted" in each for each in broken)


def test_a_list_that_came_late_and_was_stored_by_then_is_no_second_change() -> None:
    """Of 40,000 saves one was: it was counted as two lists for one change."""
    of = races.site.Gathering(1, "x", organiser=1, people=[1], sessions=[7, 8, 9])
    ledger = races.Ledger(won={(1, 0): [[7]], (1, 1): [[8]]})
    assert races._judged(ledger, of, {1: [8]}) == []

    ledger.won[1, 0].append([8])
    assert races._judged(ledger, of, {1: [8]}) == []
    ledger.won[1, 0].append([9])
    assert len(races._judged(ledger, of, {1: [8]})) == 1
