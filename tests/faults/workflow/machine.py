"""The workflow as a state machine: every step of everybody, and after each of them what must hold."""

import re
from collections import Counter
from collections.abc import Iterator

from hypothesis.stateful import invariant

from planner.policy import POLICY, Who
from planner.policy.table import AREAS
from tests.faults.workflow import truths
from tests.faults.workflow.base import HOME, OFFICE, Broken
from tests.faults.workflow.browser import Browser
from tests.faults.workflow.office import Office
from tests.faults.workflow.opening import SLUG
from tests.faults.workflow.participants import Participants
from tests.faults.workflow.plans import Plans

RANDOM = 987654
KIND = re.compile(r"(\w+)/<int:\w+>")
READ_BY_ALL = ("", "wishes/", "wishes/receipt", "about/", "others/", "submissions/", "submissions/new", "day/why")
READ_BY_ALL += ("day/calendar.ics", "data/", "data/my-data.json")
READ_BY_ORGANISERS = ("", "submissions/", "sessions/", "rooms/", "rounds/", "programme/", "people/", "groups/")
READ_BY_ORGANISERS += ("people/?only=not_chosen", "allocations/", "allocations/forecast", "settings/", "audit/")
READ_BY_ORGANISERS += ("messages/", "themes/", "agenda/", "imports/")


DONE = Counter({"runs": 0, "steps": 0})
"""What was done, over all runs of this process."""


class Workflow(Participants, Office, Plans):
    def __init__(self) -> None:
        super().__init__()
        kinds = {kind for _method, _who, rule in self._doors() for kind in KIND.findall(rule)}
        self.must(kinds <= self.foreign.keys(), f"of {kinds - self.foreign.keys()} the other conference has none")

    @invariant()
    def everything_holds(self) -> None:
        if self.stage.errors:
            raise Broken(f"errors: {self.stage.errors}")
        self.steps += 1
        DONE["steps"] += 1
        tables = self.tables()
        wrong = [
            *truths.stored_is_acknowledged(tables, self.ledger, self.conference),
            *truths.one_run_is_published(tables, self.ledger, self.conference),
            *truths.published_keeps_every_rule(tables, self.conference),
            *truths.nobody_erased_is_there(tables, self.ledger),
            *truths.audit_is_whole(tables, self.stage.key),
        ]
        if wrong:
            raise Broken("; ".join(wrong)[:2000])
        self._a_day_is_the_plans(tables)
        self._foreign_things_are_nowhere()
        self._reading_changes_nothing()

    def _a_day_is_the_plans(self, tables: truths.Tables) -> None:
        person = self.anybody(self.steps)
        if person is None:
            return
        shown = truths.shown_day(person.browser.get(f"{HOME}day/").text)
        planned = truths.day_of(tables, self.conference, person.id)
        self.must(shown == planned, f"{person.name} reads {shown}, the plan says {planned}")

    def _foreign_things_are_nowhere(self) -> None:
        """Of another conference, or of none: nobody can tell which."""
        doors = list(self._doors())
        method, who, rule = doors[self.steps % len(doors)]
        if who is None:
            return
        tokens = who.tokens(HOME if rule.startswith("/c/") else OFFICE)  # a page that also takes along old messages
        paths = [self._filled(rule, number) for number in (None, RANDOM)]
        foreign, random = (who.get(path) if method == "GET" else who.post(path, tokens) for path in paths)
        self.must(foreign.status == random.status == 404, f"{method} {paths[0]}: {foreign.status}, {random.status}")
        same = foreign.without(paths[0]) == random.without(paths[1])
        self.must(same, f"{method} {paths[0]}: one can tell a foreign thing from none")

    def _doors(self) -> Iterator[tuple[str, Browser | None, str]]:
        person = self.anybody(self.steps)
        whose = {Who.PARTICIPANT: person and person.browser, **dict.fromkeys(AREAS, self.organiser(self.steps))}
        for rule in self.stage.app.url_map.iter_rules():
            who = POLICY.get(rule.endpoint)
            if "<int:" in rule.rule and who in whose:
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield method, whose[who], rule.rule

    def _filled(self, rule: str, number: int | None) -> str:
        def of(found: re.Match[str]) -> str:
            return f"{found[1]}/{self.foreign[found[1]] if number is None else number}"

        return KIND.sub(of, rule.replace("<slug>", SLUG))

    def _reading_changes_nothing(self) -> None:
        before, read = self.tables(), []
        person = self.anybody(self.steps)
        if person:
            read.append((person.browser, HOME + READ_BY_ALL[self.steps % len(READ_BY_ALL)]))
        read.append((self.organiser(self.steps), OFFICE + READ_BY_ORGANISERS[self.steps % len(READ_BY_ORGANISERS)]))
        for browser, page in read:
            self.answered(browser.get(page), 200, f"reading {page}")
        after = self.tables()
        if truths.is_at_rest(before) and truths.is_at_rest(after):
            self.must(
                truths.written(before) == truths.written(after),
                f"reading {[page for _, page in read]} changed something",
            )

    def teardown(self) -> None:
        """The worker is left nothing to do."""
        DONE["runs"] += 1
        for row in self.runs():
            if row["state"] in truths.ACTIVE:
                page = f"{OFFICE}allocations/{row['number']}"
                self.organisers[0].press(page, f"{page}/cancel")
        self._wait(False)
        for browser in self.browsers:
            browser.close()
