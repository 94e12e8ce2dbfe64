"""What is done with plans: allocate, wait, stop, publish, take back, stay close; and what is read of them."""

import csv
import io
import re
import time
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.faults.workflow import truths
from tests.faults.workflow.base import AT, OFFICE, SOMETIMES, Base, Broken
from tests.faults.workflow.opening import SLUG

PATIENCE = 120.0  # seconds for a run of 2 s, on a busy machine
MOST_RUNS = 4  # of a conference; each costs more than all other steps
PRESETS = ("wishes_first", "balanced", "mix_first", "repair")
MEETING = re.compile(r"/facilitate/meetings/(\d+)/")


class Plans(Base):
    @initialize(planned=st.booleans(), chooses=st.sampled_from([True, True, False]), first=st.integers(0, 499))
    def begins(self, planned: bool, chooses: bool, first: int) -> None:
        """Every second run with a plan that everybody can see, and most of them while people choose; the pages and
        doors that are looked at after each step are others in each run."""
        self.steps = first
        if chooses:
            self.steps_through_time(0, "call")  # type: ignore[attr-defined]
        if planned:
            self.allocates(0, "wishes_first", True)
            self.publishes(0, 0, False)
            self.must(self.ledger.published is not None, "the first plan could not be published")

    @precondition(lambda self: len(truths.of(self.now_stored, "allocation", self.conference)) < MOST_RUNS)
    @rule(at=AT, preset=st.sampled_from(PRESETS), waits=st.sampled_from([True, True, True, False]))
    def allocates(self, at: int, preset: str, waits: bool) -> None:
        if preset == "repair" and self.ledger.published is None:
            preset = "balanced"
        before = self.runs()
        active = [row for row in before if row["state"] in truths.ACTIVE]
        form = self.organiser(at).open(f"{OFFICE}allocations/")
        fields = form.fields | {"preset": [preset], "seconds": ["2"]}
        answer = self.organiser(at).post(form.action, fields)
        if answer.status == 422:  # what it is made from cannot work, and the page says why
            self.must(len(self.runs()) == len(before), "a run was made although it was refused")
            return
        self.answered(answer, 302, "a run")
        number = int(answer.leads_to.rpartition("/")[2])
        if active and any(row["id"] == active[0]["id"] and row["state"] in truths.ACTIVE for row in self.runs()):
            self.must(number == active[0]["number"], "a second run beside an active one")
        if waits:
            self._wait(active == [])

    @rule()
    def waits_for_the_worker(self) -> None:
        self._wait(False)

    def _wait(self, undisturbed: bool) -> None:
        ends = time.monotonic() + PATIENCE
        while any(row["state"] in truths.ACTIVE for row in self.runs()):
            if time.monotonic() > ends:
                raise Broken(f"a run has not ended after {PATIENCE} s")
            time.sleep(0.05)
        last = max(self.runs(), key=lambda row: row["number"], default=None)
        if undisturbed and last:
            RUNS[last["state"]] = RUNS.get(last["state"], 0) + 1
            unexpected = last["state"] == "failed" and last["reason"].get("code") != "contradiction"
            self.must(not unexpected, f"run {last['number']} failed: {last['reason']}")

    @precondition(lambda self: not truths.is_at_rest(self.now_stored))
    @rule(at=AT, keeps=st.booleans())
    def ends_a_run(self, at: int, keeps: bool) -> None:
        active = [row for row in self.runs() if row["state"] in truths.ACTIVE]
        if active:
            page = f"{OFFICE}allocations/{active[0]['number']}"
            answer = self.organiser(at).press(page, f"{page}/{'stop' if keeps else 'cancel'}")
            self.answered(answer, 302, "ending a run")

    def _run(self, which: int, *, solved: bool = False) -> Any:
        runs = [row for row in self.runs() if row["state"] == "solved" or not solved]
        return runs[which % len(runs)] if runs else None

    @rule(at=AT, which=AT, unasked=SOMETIMES)
    def publishes(self, at: int, which: int, unasked: bool) -> None:
        """With a yes to what the page asks about, or by a press that says yes to nothing."""
        run = self._run(which)
        if run is None:
            return
        page = f"{OFFICE}allocations/{run['number']}"
        browser, button = self.organiser(at), f"{page}/publish"
        if unasked:
            answer = browser.post(button, browser.tokens(page) | {"accepted": [""]})
        else:
            answer = browser.press(page, button)
        self.answered(answer, 302, "publishing")
        after = truths.published(self.tables(), self.conference)
        if after and after["id"] == run["id"]:
            self.must(run["state"] == "solved", f"a run that is {run['state']} was published")
            self.ledger.published = run["id"]
        elif not unasked and run["state"] == "solved" and self._still_fits(run):
            raise Broken(f"run {run['number']} keeps every rule and was not published")

    def _still_fits(self, run: Any) -> bool:
        tables = self.now_stored
        here = [{**row, "published_id": run["id"]} for row in tables["conference"]]
        return not list(truths.published_keeps_every_rule({**tables, "conference": here}, self.conference))

    @rule(at=AT, which=AT)
    def takes_back(self, at: int, which: int) -> None:
        run = self._run(which)
        if run:
            page = f"{OFFICE}allocations/{run['number']}"
            self.answered(self.organiser(at).press(page, f"{page}/unpublish"), 302, "taking back")
            if self.ledger.published == run["id"]:
                self.ledger.published = None

    @rule(at=AT, which=AT, page=st.sampled_from(["", "/fairness", "/fairness.csv", "/people", "/meetings"]))
    def looks_at_a_run(self, at: int, which: int, page: str) -> None:
        run = self._run(which, solved=True)
        if run is None:
            return
        if page == "/people":
            page += f"/{self.somebody(at).id}"
        elif page == "/meetings":
            held = [row["id"] for row in self.now_stored["meeting"] if row["allocation_id"] == run["id"]]
            page = f"/meetings/{held[at % len(held)]}" if held else ""
        self.answered(self.organiser(at).get(f"{OFFICE}allocations/{run['number']}{page}"), 200, f"a run{page}")

    @rule(at=AT, paper=st.sampled_from(["names.csv", "confidential.csv", "confidential.xlsx", "brief.pdf"]))
    def downloads_for_a_room(self, at: int, paper: str) -> None:
        """Whoever leads sees her own meetings alone, and in the list whom the plan puts there."""
        inside = [person for person in self.ledger.people if person.inside]
        leading = [p for p in inside if any(p.id in s.leaders for s in self.ledger.sessions.values())]
        if not leading:
            return
        person, tables = leading[at % len(leading)], self.now_stored
        home = f"/c/{SLUG}/facilitate/"
        shown = {int(id) for id in MEETING.findall(person.browser.get(home).text)}
        run = truths.published(tables, self.conference)
        seats = [row for row in tables["assignment"] if run and row["allocation_id"] == run["id"]]
        hers = {
            row["meeting_id"]
            for row in seats
            if row["participant_id"] == person.id and row["role"] in {"facilitator", "note_taker"}
        }
        self.must(shown == hers, f"the page shows meetings {shown}, hers are {hers}")
        for id in sorted(hers)[:1]:
            answer = person.browser.get(f"{home}meetings/{id}/{paper}")
            self.answered(answer, 200, paper)
            if paper == "names.csv":
                there = {row["participant_id"] for row in seats if row["meeting_id"] == id}
                names = {p.name for p in self.ledger.people if p.id in there}
                cells = {cell for row in csv.reader(io.StringIO(answer.text), delimiter=";") for cell in row}
                self.must(names <= cells, f"{names - cells} are not in the list")


RUNS: dict[str, int] = {}
"""How the runs ended that nobody disturbed, over all runs of this process."""
