"""What participants do: bring problems, support others', wish, tell of themselves, go, come back, be erased."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.faults.workflow.base import AT, HOME, SOMETIMES, Base
from tests.faults.workflow.browser import Fields, Opened
from tests.faults.workflow.ledger import Person, Statement
from tests.faults.workflow.opening import SLUG

MOST_STATEMENTS = 9  # one more in an hour is too much, and has tests of its own
MOST_WISHES = 5
FEWEST_PEOPLE = 3
LANGUAGES = ("de", "en", "ar")
WAY_IN = f"/c/{SLUG}/enter"


class Participants(Base):
    # Statements

    @rule(at=AT, draft=SOMETIMES, twice=SOMETIMES)
    def brings_a_problem(self, at: int, draft: bool, twice: bool) -> None:
        person = self.anybody(at)
        if person is None or sum(s.author is person for s in self.ledger.statements) >= MOST_STATEMENTS:
            return
        text, form = self.word("Anliegen"), person.browser.open(f"{HOME}submissions/new")
        fields = form.fields | {"theme_id": [str(self.theme)], "problem": [text]} | _button(draft)
        is_open = self.ledger.is_open("call", self.now())
        answer = person.browser.post(form.action, fields)
        if not is_open:
            self.answered(answer, 422, "a problem after the call", shows=[text])
            return
        self.answered(answer, 302, "a problem")
        row = self.row("submission", problem=text)
        state = "draft" if draft else "submitted"
        self.ledger.statements.append(Statement(row["id"], person, text, state))
        if twice:
            self.answered(person.browser.post(form.action, fields), 302, "the same problem again")

    @rule(at=AT, which=AT, old=SOMETIMES, draft=SOMETIMES)
    def edits_a_problem(self, at: int, which: int, old: bool, draft: bool) -> None:
        """From the page as it is now, or from one that she has left open."""
        person = self.anybody(at)
        mine = self.statement(which, [s for s in self.ledger.statements if person and s.author is person])
        if person is None or mine is None:
            return
        page = f"{HOME}submissions/{mine.id}"
        form, made_of = self._opened(person, page, mine.revision, old)
        text = self.word("Anliegen")
        is_open = self.ledger.is_open("call", self.now())
        answer = person.browser.post(form.action, form.fields | {"problem": [text]} | _button(draft))
        if not is_open:
            self.answered(answer, 422, "an edit after the call", shows=[text])
        elif made_of != mine.revision:
            self.answered(answer, 409, "an edit over a change", shows=[text, mine.text])
        elif mine.state not in {"draft", "submitted"}:
            self.answered(answer, 422, "an edit of what is decided", shows=[text])
        else:
            self.answered(answer, 302, "an edit")
            mine.text, mine.revision, mine.let_through = text, mine.revision + 1, False
            mine.state = "draft" if draft and mine.state == "draft" else "submitted"

    @rule(at=AT, which=AT)
    def withdraws(self, at: int, which: int) -> None:
        mine = self._pressed(at, which, "withdraw")
        if mine and mine.state in {"draft", "submitted", "accepted", "merged"}:
            mine.state, mine.session = "withdrawn", None

    @rule(at=AT, which=AT)
    def restores(self, at: int, which: int) -> None:
        mine = self._pressed(at, which, "restore")
        if mine and mine.state == "withdrawn":
            mine.state = "submitted"

    def _pressed(self, at: int, which: int, button: str) -> Statement | None:
        """The statement, if the call is open."""
        person = self.anybody(at)
        mine = self.statement(which, [s for s in self.ledger.statements if person and s.author is person])
        if person is None or mine is None:
            return None
        is_open = self.ledger.is_open("call", self.now())
        path = f"{HOME}submissions/{mine.id}/{button}"
        self.answered(person.browser.press(f"{HOME}submissions/", path), 302, button)
        return mine if is_open else None

    @rule(at=AT, which=AT, undo=SOMETIMES)
    def supports(self, at: int, which: int, undo: bool) -> None:
        person, other = self.anybody(at), self.statement(which, self.ledger.statements)
        if person is None or other is None:
            return
        path = f"{HOME}others/{other.id}/{'unsupport' if undo else 'support'}"
        answer = person.browser.press(f"{HOME}others/", path)
        self.answered(answer, 302 if other.is_seen else 404, path)
        if other.is_seen and undo:
            other.supporters.discard(person.id)
        elif other.is_seen and other.author is not person:
            other.supporters.add(person.id)

    # Wishes

    @rule(at=AT, wanted=st.lists(AT, max_size=4), old=SOMETIMES)
    def saves_wishes(self, at: int, wanted: list[int], old: bool) -> None:
        person = self.anybody(at)
        if person is None:
            return
        page = f"{HOME}wishes/"
        try:
            form, made_of = self._opened(person, page, person.revision, old)
        except KeyError:
            self.must(not self.ledger.may_choose(person), "no form for wishes although there are sessions")
            return
        offered = sorted(self.ledger.sessions)
        ranking = list(dict.fromkeys(offered[each % len(offered)] for each in wanted))
        self._save(person, form.action, form.fields | {"favourite": [str(id) for id in ranking]}, int(str(made_of)))

    @rule(at=AT, wanted=st.lists(AT, min_size=1, max_size=2), instead=st.lists(AT, max_size=3))
    def saves_wishes_from_two_tabs(self, at: int, wanted: list[int], instead: list[int]) -> None:
        self.saves_wishes(at, wanted, False)
        self.saves_wishes(at, instead, True)

    @rule(at=AT)
    def sends_wishes_again(self, at: int) -> None:
        """A double click, or a page that is loaded again."""
        person = self.anybody(at)
        if person and person.last:
            self._save(person, *person.last)

    def _save(self, person: Person, path: str, fields: Fields, made_of: int) -> None:
        ranking = [int(id) for id in fields["favourite"]]
        is_open = self.ledger.is_open("wishes", self.now())
        answer = person.browser.post(path, fields)
        allowed = set(self.ledger.may_choose(person))
        titles = [self.ledger.sessions[id].title for id in ranking if id in allowed]
        if made_of < person.revision and ranking == person.wishes:
            self.answered(answer, 302, "the same wishes again")
        elif not is_open:
            self.answered(answer, 422, "wishes after the deadline", shows=titles)
        elif made_of != person.revision:
            before = [self.ledger.sessions[id].title for id in person.wishes]
            self.answered(answer, 409, "wishes over a change", shows=titles + before)
        elif not set(ranking) <= allowed or len(ranking) > MOST_WISHES:
            self.answered(answer, 422, "wishes that are not offered", shows=titles)
        else:
            self.answered(answer, 302, "wishes")
            person.wishes, person.revision, person.last = ranking, person.revision + 1, (path, fields, made_of)

    @rule(at=AT, which=AT, verb=st.sampled_from(["up", "down", "add", "remove"]))
    def moves_wishes_about(self, at: int, which: int, verb: str) -> None:
        """The buttons of the list change the page alone."""
        person = self.anybody(at)
        if person and self.ledger.may_choose(person):
            form = person.browser.open(f"{HOME}wishes/")
            change = f"{verb}:{self.session(which).id}"
            answer = person.browser.post(form.action, form.fields | {"change": [change]})
            self.answered(answer, 200, f"the button {change}")

    # About herself

    @rule(
        at=AT,
        knows=st.dictionaries(
            st.sampled_from(LANGUAGES), st.sampled_from(["understands", "speaks", "needs_help"]), max_size=2
        ),
        needs=st.sets(st.sampled_from(["step_free", "quiet", "child_care"]), max_size=1),
        away=st.lists(AT, max_size=1),
        consents=st.booleans(),
    )
    def tells_of_herself(
        self, at: int, knows: dict[str, str], needs: set[str], away: list[int], consents: bool
    ) -> None:
        person = self.anybody(at)
        if person is None:
            return
        slots = sorted(self.ledger.slots)
        absent = {slots[each % len(slots)] for each in away} if slots else set()
        form = person.browser.open(f"{HOME}about/")
        fields = form.fields | {name: [""] for name in form.fields if name.startswith("level-")}
        fields |= {f"level-{code}": [level] for code, level in knows.items()}
        fields |= {"present": [str(id) for id in slots if id not in absent], "needs": sorted(needs)}
        fields["consent"] = ["y"] if consents else []
        answer = person.browser.post(form.action, fields)
        if needs and not consents:
            self.answered(answer, 422, "needs without consent")
        else:
            self.answered(answer, 302, "about herself")
            person.languages, person.needs, person.absent = dict(knows), needs, absent

    # Going and coming

    @rule(at=AT)
    def goes_away(self, at: int) -> None:
        person = self.anybody(at)
        if person is None:
            return
        copied = dict(person.browser.cookies)
        self.answered(person.browser.press(HOME, f"/c/{SLUG}/leave"), 302, "signing out")
        person.inside, person.kept, person.last = False, {}, None
        thief = self.browser()
        thief.cookies = copied
        self.must(thief.get(HOME).leads_to.startswith(WAY_IN), "a copy of her cookie still opens her pages")
        thief.close()

    @rule(at=AT, link=AT)
    def comes_back(self, at: int, link: int) -> None:
        """By any of her links, whether or not somebody is still signed in."""
        person = self.somebody(at)
        if not person.links:
            return
        token = person.links[link % len(person.links)]
        answer = person.browser.get(f"/l/{token}")
        self.answered(answer, 404 if person.cancelled else 302, f"{person.name}'s link")
        if not person.cancelled:
            person.inside, person.kept, person.last = True, {}, None

    @precondition(lambda self: len(self.ledger.people) > FEWEST_PEOPLE)
    @rule(at=AT, leaves=st.booleans())
    def erases_herself(self, at: int, leaves: bool) -> None:
        person = self.anybody(at)
        if person is None:
            return
        more = {"statements": "leave"} if leaves else {}
        self.answered(person.browser.press(f"{HOME}data/", f"{HOME}data/erase", **more), 302, "erasing herself")
        self.forget(person, leaves)

    def forget(self, person: Person, leaves: bool) -> None:
        """She is no more, and neither is what she did not leave."""
        gone = next(row for row in self.now_stored["participant"] if row["id"] == person.id)
        self.ledger.people.remove(person)
        for statement in list(self.ledger.statements):
            statement.supporters.discard(person.id)
            if statement.author is person and leaves and statement.is_brought:
                statement.author = None
            elif statement.author is person:
                self.ledger.statements.remove(statement)
                self.ledger.erased.append(statement.text)
        for session in self.ledger.sessions.values():
            session.leaders.discard(person.id)
        self.ledger.erased += [person.name, gone["key"], *filter(None, [gone["email"]])]
        self.erased_names += [person.name, *filter(None, [gone["email"]])]
        for link in person.links:
            self.answered(person.browser.get(f"/l/{link}"), 404, "the link of somebody who is erased")
        self.must(person.browser.get(HOME).leads_to.startswith(WAY_IN), "somebody who is erased is still inside")
        person.browser.close()

    @staticmethod
    def _opened(person: Person, page: str, made_of: Any, old: bool) -> tuple[Opened, Any]:
        """A form with what it was made of; an old one if she has left it open."""
        if not (old and page in person.kept):
            person.kept[page] = person.browser.open(page), made_of
        return person.kept[page]


def _button(draft: bool) -> Fields:
    return {"draft": ["1"]} if draft else {}
