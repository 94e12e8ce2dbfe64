"""An organiser's pages and a meeting's papers, and how often each asks the database."""

from flask import Flask
from sqlalchemy import select

from planner.extensions import db
from planner.models import Allocation, Meeting
from tests import factories as make
from tests.client import Client
from tests.load.crowd import Crowd, two_plans
from tests.queries import counted

MOST = 25
MOST_TO_SAVE = 30
PAGES = (
    "",
    "submissions/",
    "submissions/?only=accepted&sort=-concerns",
    "sessions/",
    "sessions/?only=no_leader&sort=-wishes",
    "sessions/new",
    "sessions/merges/?sessions=1,2",
    "sessions/table",
    "sessions/{session}",
    "rooms/",
    "rooms/table",
    "groups/table",
    "themes/table",
    "rounds/",
    "rounds/table",
    "programme/",
    "people/",
    "people/?only=not_chosen",
    "people/?only=no_language&sort=-wishes&search=person&page=2",
    "people/table",
    "people/table?page=2",
    "organisations/",
    "people/{person}",
    "people/{person}/instead",
    "people/{person}/needs",
    "people/{person}/wishes",
    "ballots/",
    "messages/",
    "messages/?only=otherwise",
    "imports/",
    "imports/{list}",
    "groups/",
    "rules/",
    "rules/agreements/new",
    "settings/",
    "allocations/",
    "allocations/forecast",
    "allocations/{published}",
    "allocations/{other}",
    "allocations/{other}/fairness",
    "allocations/{other}/fairness.csv",
    "allocations/{other}/people/{person}",
    "allocations/{other}/meetings/{meeting}",
)
OWN = ("", "wishes/", "day/", "day/calendar.ics", "day/my-day.pdf", "others/", "submissions/")
PAPERS = ("brief.pdf", "names.csv", "names.pdf", "confidential.csv", "confidential.xlsx", "confidential.pdf")


def a_list(crowd: Crowd) -> dict[str, object]:
    """Everybody once more, with what she needs, and as many who are new."""
    known = [[person.name, "", "Rollstuhl", "Deutsch"] for person in crowd.people]
    new = [[f"Neu {number}", f"neu{number}@example.org", "", "Arabisch, etwas Deutsch"] for number in range(len(known))]
    rows = [["Name", "E-Mail", "Bedarf", "Sprachen"], *known, *new]
    layout = {"table": 0, "heading": 1, "columns": {"0": "name", "1": "email", "2": "needs", "3": "languages"}}
    return {
        "user_id": crowd.organiser.id,
        "tables": [{"name": "", "rows": list(enumerate(rows, start=1))}],
        "choices": {"layout": {**layout, "preset": ""}, "answers": {}, "consent": ""},
    }


class Office:
    """One size of conference, its organiser, and somebody who leads a session in it."""

    def __init__(self, app: Flask, people: int):
        self.crowd, self.published, self.other = two_plans(people)
        self.list = make.import_batch(self.crowd.conference, **a_list(self.crowd))
        self.home = f"/organise/{self.crowd.conference.slug}/"
        self.organiser = Client(app).as_organiser(self.crowd.organiser)
        self.leader = Client(app).as_participant(self.crowd.people[0])

    def organiser_page(self, page: str) -> int:
        return self._count(self.organiser, self.home + self._filled(page))

    def _filled(self, page: str) -> str:
        return page.format(
            session=self.crowd.sessions[0].id,
            person=self.crowd.people[5].id,
            list=self.list.id,
            published=self.published.number,
            other=self.other.number,
            meeting=self._first_meeting(self.other),
        )

    @staticmethod
    def _first_meeting(run: Allocation) -> int:
        """The one that the first person leads."""
        return int(
            db.session.scalars(select(Meeting.id).filter_by(allocation_id=run.id).order_by(Meeting.id)).first() or 0
        )

    def own_page(self, page: str) -> int:
        return self._count(self.leader, f"/c/{self.crowd.conference.slug}/me/{page}")

    def paper(self, paper: str) -> int:
        home = f"/c/{self.crowd.conference.slug}/facilitate/meetings"
        return self._count(self.leader, f"{home}/{self._first_meeting(self.published)}/{paper}")

    def saved(self) -> int:
        """For something of which no plan knows, while a room of the published one is too small; the page says so."""
        self.crowd.conference.rooms[0].capacity_circle = 1
        db.session.commit()
        self.organiser.submit(f"{self.home}themes/new", {"title_de": "Vorher", "icon": "house"})
        self.crowd.conference.rooms[1].capacity_circle = 1
        asked, told = self._sent("themes/new", {"title_de": "Nachher", "icon": "house"})
        assert "only 1 may sit there now" in told
        return asked

    def ballot(self) -> int:
        """One line of a stack."""
        self.crowd.conference.rooms[2].capacity_circle = 1
        line = f"{self.crowd.people[-1].name}: {self.crowd.sessions[0].number}"
        if self.crowd.people[-1].preferences:
            self.crowd.people[-1].preferences.clear()
        asked, told = self._sent("ballots/", {"line": line})
        assert "may sit there now" not in told
        return asked

    def _sent(self, page: str, data: dict[str, str]) -> tuple[int, str]:
        """How often a form asks when it is sent, and the page that follows."""
        token = self.organiser.token(self.home + page)
        db.session.commit()
        with counted() as asked:
            answer = self.organiser.fetch(self.home + page, method="POST", data=data | {"csrf_token": token})
        assert answer.status_code == 302, page
        return len(asked), self.organiser.get(answer.headers["Location"]).text

    @staticmethod
    def _count(client: Client, address: str) -> int:
        assert client.fetch(address).status_code == 200, address  # what is compiled and cached once is there now
        with counted() as asked:
            assert client.fetch(address).status_code == 200
        return len(asked)
