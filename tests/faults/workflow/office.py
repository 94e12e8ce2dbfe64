"""What organisers do to what people work with: sessions, rooms, rounds, people, statements, dates."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.faults.workflow.base import AT, OFFICE, SOMETIMES, Base
from tests.faults.workflow.browser import Answer, Browser, Fields
from tests.faults.workflow.ledger import Person, Session
from tests.faults.workflow.opening import SLUG
from tests.faults.workflow.participants import FEWEST_PEOPLE, WAY_IN

ZONE = ZoneInfo("Europe/Berlin")
MOST_PEOPLE, MOST_ROOMS, MOST_SLOTS, MOST_SESSIONS = 8, 4, 3, 6
PHASES = ("call", "wishes", "allocation", "day")
HALF_AN_HOUR = timedelta(minutes=30)


class Office(Base):
    # Sessions

    @precondition(lambda self: len(self.ledger.sessions) < MOST_SESSIONS)
    @rule(at=AT, leads=st.lists(AT, max_size=1), minimum=st.integers(0, 2))
    def makes_a_session(self, at: int, leads: list[int], minimum: int) -> None:
        title, leaders = self.word("Thema"), {self.somebody(each).id for each in leads}
        page = f"{OFFICE}sessions/new"
        form = self.organiser(at).open(page)
        answer = self.organiser(at).post(form.action, form.fields | self._as_session(title, minimum, leaders))
        self.answered(answer, 302, "a new session")
        id = next(r["id"] for r in self.tables()["session"] if r["title"].get("de") == title)
        self.ledger.sessions[id] = Session(id, title, minimum, leaders)

    @rule(at=AT, which=AT, leads=st.lists(AT, max_size=1), minimum=st.integers(0, 2), old=SOMETIMES)
    def edits_a_session(self, at: int, which: int, leads: list[int], minimum: int, old: bool) -> None:
        session, title = self.session(which), self.word("Thema")
        leaders = {self.somebody(each).id for each in leads}
        fields = self._as_session(title, minimum, leaders)
        answer, fresh = self._edited(at, f"{OFFICE}sessions/{session.id}", lambda: self._of(session), fields, old)
        if not fresh:
            self.answered(answer, 409, "a session over a change", shows=[title, session.title])
            return
        self.answered(answer, 302, "a session")
        session.title, session.minimum, session.leaders = title, minimum, leaders

    def _as_session(self, title: str, minimum: int, leaders: set[int]) -> Fields:
        return {
            "title_de": [title],
            "title_en": [title],
            "theme_id": [str(self.theme)],
            "minimum": [str(minimum)],
            "maximum": ["9"],
            "facilitators": [str(id) for id in leaders],
            "note_takers": [],
        }

    def _of(self, session: Session) -> Any:
        """What its form shows: a leader under another name is another form, too."""
        stored = next(row for row in self.now_stored["session"] if row["id"] == session.id)
        names = {person.id: person.name for person in self.ledger.people}
        return {**stored, "state": None}, sorted(names[id] for id in session.leaders)

    def _edited(self, at: int, page: str, stored: Callable[[], Any], fields: Fields, old: bool) -> tuple[Answer, bool]:
        """The answer, and whether what is stored is still what the form was made of."""
        browser, place = self.organiser(at), (at % len(self.organisers), page)
        if not (old and place in self.left_open):
            self.left_open[place] = browser.open(page), stored()
        form, made_of = self.left_open[place]
        answer = browser.post(form.action, form.fields | fields)
        return answer, made_of == stored()

    @precondition(lambda self: self.ledger.rooms)
    @rule(at=AT, which=AT, what=st.sampled_from(["session", "room", "person", "date"]))
    def saves_twice_from_one_page(self, at: int, which: int, what: str) -> None:
        """She goes back to the form that she has just sent, and sends it once more with something else in it."""
        edits: dict[str, Callable[[bool], None]] = {
            "session": lambda old: self.edits_a_session(at, which, [which], 0, old),
            "room": lambda old: self.renames_a_room(at, which, old),
            "person": lambda old: self.renames_somebody(at, which, old),
            "date": lambda old: self.moves_a_deadline(at, "wishes", True, old),
        }
        edits[what](False)
        self.tables()
        edits[what](True)

    @rule(at=AT, which=AT)
    def cancels_a_session(self, at: int, which: int) -> None:
        session = self.session(which)
        answer = self.organiser(at).press(f"{OFFICE}sessions/", f"{OFFICE}sessions/{session.id}/cancel")
        self.answered(answer, 302, "cancelling a session")
        session.is_open = False

    @rule(at=AT, which=AT)
    def reopens_a_session(self, at: int, which: int) -> None:
        session = self.session(which)
        answer = self.organiser(at).press(f"{OFFICE}sessions/", f"{OFFICE}sessions/{session.id}/reopen")
        self.answered(answer, 302, "offering a session again")
        session.is_open = True

    # Statements

    @rule(at=AT, which=AT, into=AT, new=st.booleans())
    def accepts(self, at: int, which: int, into: int, new: bool) -> None:
        statement = self.statement(which, self.ledger.statements)
        target = self.session(into)
        if statement is None or (not new and not target.is_open):
            return
        title = self.word("Thema")
        page = f"{OFFICE}submissions/{statement.id}"
        texts = {
            "title_de": title,
            "title_en": title,
            "sentence_de": "Ein Satz.",
            "session": str(0 if new else target.id),
        }
        answer = self.organiser(at).press(page, f"{page}/accept", **(texts if new else {"session": texts["session"]}))
        if statement.state != "submitted":
            self.answered(answer, 404 if statement.state == "draft" else 422, "accepting what does not wait")
            return
        self.answered(answer, 302, "accepting")
        first = not any(s.session == target.id and s.state == "accepted" for s in self.ledger.statements)
        statement.state = "accepted" if new or first else "merged"
        statement.session = target.id
        statement.by_accepting, statement.let_through = not statement.let_through, True
        if new:
            row = next(r for r in self.tables()["session"] if r["title"].get("de") == title)
            made = self.ledger.sessions[row["id"]] = Session(row["id"], title, row["minimum"], set())
            statement.session = made.id
            page = f"{OFFICE}sessions/{made.id}"
            form = self.organiser(at).open(page)
            answer = self.organiser(at).post(page, form.fields | self._as_session(title, 0, set()))
            self.answered(answer, 302, "completing a new session")
            made.minimum = 0

    @rule(at=AT, which=AT)
    def declines(self, at: int, which: int) -> None:
        statement = self.statement(which, self.ledger.statements)
        if statement is None:
            return
        page = f"{OFFICE}submissions/{statement.id}"
        tokens = self.organiser(at).tokens(page if statement.state != "draft" else OFFICE)
        answer = self.organiser(at).post(f"{page}/decline", tokens | {"reason": ["Ein Grund."]})
        if statement.state == "submitted":
            self.answered(answer, 302, "declining")
            statement.state = "declined"
        else:
            self.answered(answer, 404 if statement.state == "draft" else 422, "declining what does not wait")

    @rule(at=AT, which=AT)
    def takes_a_decision_back(self, at: int, which: int) -> None:
        statement = self.statement(which, self.ledger.statements)
        if statement is None or statement.state == "draft":
            return
        page = f"{OFFICE}submissions/{statement.id}"
        self.answered(self.organiser(at).press(page, f"{page}/reopen"), 302, "taking a decision back")
        if statement.state in {"accepted", "merged", "declined"}:
            let_through = statement.let_through and not (statement.by_accepting and statement.state != "declined")
            statement.state, statement.session, statement.let_through = "submitted", None, let_through

    @rule(at=AT, which=AT, back=st.booleans())
    def shows_to_others(self, at: int, which: int, back: bool) -> None:
        statement = self.statement(which, self.ledger.statements)
        if statement is None or statement.state == "draft":
            return
        page, verb = f"{OFFICE}submissions/{statement.id}", "hold-back" if back else "let-through"
        more = {} if back else {"revision": str(statement.revision)}
        self.answered(self.organiser(at).press(page, f"{page}/{verb}", **more), 302, verb)
        if statement.state == "submitted":
            statement.let_through = not back

    # Rooms and rounds

    @precondition(lambda self: len(self.ledger.rooms) < MOST_ROOMS)
    @rule(at=AT, taken=SOMETIMES)
    def adds_a_room(self, at: int, taken: bool) -> None:
        name = next(iter(self.ledger.rooms.values()), "") if taken else ""
        new = self.word("Saal")
        form = self.organiser(at).open(f"{OFFICE}rooms/new")
        answer = self.organiser(at).post(form.action, form.fields | {"name": [name or new], "capacity_circle": ["9"]})
        if name:
            self.answered(answer, 422, "a room's name that is taken", shows=[name])
            return
        self.answered(answer, 302, "a new room")
        self.ledger.rooms[self.row("room", name=new)["id"]] = new

    @precondition(lambda self: self.ledger.rooms)
    @rule(at=AT, which=AT, old=SOMETIMES)
    def renames_a_room(self, at: int, which: int, old: bool) -> None:
        id, name = sorted(self.ledger.rooms)[which % len(self.ledger.rooms)], self.word("Saal")

        def stored() -> Any:
            closed = [row["slot_id"] for row in self.now_stored["room_closure"] if row["room_id"] == id]
            row = next(row for row in self.now_stored["room"] if row["id"] == id)
            return row, closed, self.ledger.slots.copy()

        answer, fresh = self._edited(at, f"{OFFICE}rooms/{id}", stored, {"name": [name]}, old)
        if not fresh:
            self.answered(answer, 409 if answer.status == 409 else 422, "a room over a change", shows=[name])
            return
        self.answered(answer, 302, "a room")
        self.ledger.rooms[id] = name

    @precondition(lambda self: self.ledger.rooms)
    @rule(at=AT, which=AT)
    def removes_a_room(self, at: int, which: int) -> None:
        id = sorted(self.ledger.rooms)[which % len(self.ledger.rooms)]
        answer = self.organiser(at).press(f"{OFFICE}rooms/", f"{OFFICE}rooms/{id}/remove")
        self.answered(answer, 302, "removing a room")
        if not any(row["room_id"] == id for row in self.tables()["meeting"]):
            del self.ledger.rooms[id]

    @precondition(lambda self: len(self.ledger.slots) < MOST_SLOTS)
    @rule(at=AT)
    def adds_a_round(self, at: int) -> None:
        title, form = self.word("Runde"), self.organiser(at).open(f"{OFFICE}rounds/new")
        starts = self.ledger.dates["day_starts"] + timedelta(minutes=200 + 5 * self.numbers)
        moments = {"starts": [_local(starts)], "ends": [_local(starts + timedelta(minutes=4))]}
        answer = self.organiser(at).post(form.action, form.fields | moments | {"title_de": [title]})
        self.answered(answer, 302, "a new round")
        id = next(r["id"] for r in self.tables()["slot"] if r["title"].get("de") == title)
        self.ledger.slots[id] = title

    @precondition(lambda self: self.ledger.slots)
    @rule(at=AT, which=AT)
    def removes_a_round(self, at: int, which: int) -> None:
        id = sorted(self.ledger.slots)[which % len(self.ledger.slots)]
        answer = self.organiser(at).press(f"{OFFICE}rounds/", f"{OFFICE}rounds/{id}/remove")
        self.answered(answer, 302, "removing a round")
        if not any(row["slot_id"] == id for row in self.tables()["meeting"]):
            del self.ledger.slots[id]
            for person in self.ledger.people:
                person.absent.discard(id)

    # People

    @precondition(lambda self: len(self.ledger.people) < MOST_PEOPLE)
    @rule(at=AT, enters=st.booleans())
    def registers_somebody(self, at: int, enters: bool) -> None:
        name, form = self.word("Zeugin"), self.organiser(at).open(f"{OFFICE}people/new")
        answer = self.organiser(at).post(form.action, form.fields | {"name": [name]})
        self.answered(answer, 302, "somebody new")
        person = Person(self.row("participant", name=name)["id"], name, self.browser(), languages={})
        self.ledger.people.append(person)
        self._link(self.organiser(at), person)
        if enters:
            self.enter(person)

    @rule(at=AT, who=AT, old=SOMETIMES)
    def renames_somebody(self, at: int, who: int, old: bool) -> None:
        person, name = self.somebody(who), self.word("Zeugin")

        def stored() -> Any:
            return person.name, set(person.absent), self.ledger.slots.copy()

        answer, fresh = self._edited(at, f"{OFFICE}people/{person.id}", stored, {"name": [name]}, old)
        if not fresh:
            self.answered(answer, 409 if answer.status == 409 else 422, "a person over a change", shows=[name])
            return
        self.answered(answer, 302, "a person")
        person.name = name

    @rule(at=AT, who=AT)
    def gives_a_new_link(self, at: int, who: int) -> None:
        self._link(self.organiser(at), self.somebody(who))

    def _link(self, browser: Browser, person: Person) -> None:
        page = f"{OFFICE}people/{person.id}"
        answer = browser.press(page, f"{page}/link")
        self.answered(answer, 200, "a new link", shows=["/l/"])
        person.links.append(answer.text.partition("/l/")[2].partition("<")[0].strip())

    @rule(at=AT, who=AT)
    def makes_all_links_invalid(self, at: int, who: int) -> None:
        person, browser = self.somebody(who), self.organiser(at)
        page = f"{OFFICE}people/{person.id}"
        self.answered(browser.press(page, f"{page}/revoke"), 302, "making links invalid")
        for token in person.links:
            self.answered(self.browser().get(f"/l/{token}"), 404, "a link that was made invalid")
        self._is_out(person)
        person.links = []
        self._link(browser, person)

    def _is_out(self, person: Person) -> None:
        if person.inside:
            leads_to = person.browser.get(f"/c/{SLUG}/me/").leads_to
            self.must(leads_to.startswith(WAY_IN), "somebody is inside without a way in")
        person.inside = False

    @rule(at=AT, who=AT)
    def cancels_a_registration(self, at: int, who: int) -> None:
        person, browser = self.somebody(who), self.organiser(at)
        page = f"{OFFICE}people/{person.id}"
        self.answered(browser.press(page, f"{page}/cancel"), 302, "cancelling a registration")
        person.cancelled = True
        self._is_out(person)

    @rule(at=AT, who=AT)
    def takes_somebody_in_again(self, at: int, who: int) -> None:
        person, browser = self.somebody(who), self.organiser(at)
        page = f"{OFFICE}people/{person.id}"
        self.answered(browser.press(page, f"{page}/reinstate"), 302, "taking somebody in again")
        person.cancelled = False

    @precondition(lambda self: len(self.ledger.people) > FEWEST_PEOPLE)
    @rule(at=AT, who=AT, leaves=st.booleans())
    def erases_somebody(self, at: int, who: int, leaves: bool) -> None:
        person, browser = self.somebody(who), self.organiser(at)
        page = f"{OFFICE}people/{person.id}"
        more = {"statements": "leave"} if leaves else {}
        answer = browser.press(page, f"{page}/erase", **more)
        self.answered(answer, 302, "erasing somebody")
        self.forget(person, leaves)  # type: ignore[attr-defined]

    # Dates

    @rule(at=AT, phase=st.sampled_from(PHASES))
    def steps_through_time(self, at: int, phase: str) -> None:
        dates = self.ledger.dates
        answer = self.organiser(at).press(OFFICE, f"{OFFICE}phase", phase=phase)
        self.answered(answer, 302, "a step in time")
        begins = {
            "call": max(dates["call_from"], dates["wishes_from"]),
            "wishes": max(dates["call_until"], dates["wishes_from"]),
            "allocation": dates["wishes_until"],
            "day": dates["day_starts"],
        }
        self.ledger.shift = begins[phase] + HALF_AN_HOUR - self.now()

    @rule(at=AT, what=st.sampled_from(["call", "wishes"]), opens=st.booleans(), old=SOMETIMES)
    def moves_a_deadline(self, at: int, what: str, opens: bool, old: bool) -> None:
        """To a day from now, or to a day ago, by the conference's clock."""
        name, dates = f"{what}_until", self.ledger.dates
        moment = (self.now() + self.ledger.shift).replace(second=0, microsecond=0)
        moment += timedelta(days=1 if opens else -1, minutes=self.numbers)
        self.numbers += 1
        answer, fresh = self._edited(
            at, f"{OFFICE}settings/", lambda: dict(self.ledger.dates), {name: [_local(moment)]}, old
        )
        wanted = dates | {name: moment}
        in_order = (
            wanted["call_from"] <= wanted["call_until"]
            and wanted["wishes_from"] <= wanted["wishes_until"] <= wanted["day_starts"]
        )
        if not fresh:
            self.answered(answer, 409, "dates over a change", shows=[_local(moment)])
        elif not in_order:
            self.answered(answer, 422, "dates in disorder", shows=[_local(moment)])
        else:
            self.answered(answer, 302, "dates")
            dates[name] = moment


def _local(moment: Any) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M}"
