"""Merging in the browser: from the list, with what happened said, and split again."""

from planner.extensions import db
from planner.models import Session, SessionGroup, SessionMerge, SessionState
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office


def test_sessions_are_merged_from_the_list_and_split_again(office: Office) -> None:
    one, two = (make.session(office.conference, number=number) for number in (3, 7))
    person = make.participant(office.conference)
    make.wishes(person, two)
    page = f"{office.home}sessions/"

    asked = office.client.submit(f"{page}mark", {"act": "merge", "marked": [str(one.id), str(two.id)]}, page=page)
    form = asked.form("form").sent
    assert (form["sessions"], form["stays"]) == (["3, 7"], ["3"])
    done = office.client.submit(f"{page}merges/", {**form, "title_de": "Beides"}, page=f"{page}merges/")
    assert "The wishes of 1 person have changed by it" in done.text
    assert "part of 3" in office.client.get(page).text
    assert "Beides" in office.client.get(f"{page}{two.id}").text
    hers = Client(office.client.app).as_participant(person)
    assert "these sessions are now one" in hers.get(f"/c/{office.conference.slug}/me/").text

    refused = office.client.submit(f"{page}{two.id}/reopen", {}, page=page)
    assert "This session is part of another one now." in refused.text

    row = db.session.query(SessionMerge).one()
    split = office.client.submit(f"{page}merges/{row.id}/split", {}, page=f"{page}merges/")
    assert "1 person has her wishes of before again." in split.text
    assert {session.state for session in db.session.query(Session)} == {SessionState.OPEN}
    assert "these sessions are now one" not in hers.get(f"/c/{office.conference.slug}/me/wishes/").text


def test_whom_sessions_are_for_stands_in_the_list_and_where_they_are_merged(office: Office) -> None:
    one, two = (make.session(office.conference, number=number) for number in (3, 7))
    page = f"{office.home}sessions/"
    assert "Only for" not in office.client.get(page).text
    group = make.group(office.conference, title={"de": "Schule", "en": "School"})
    make.add(SessionGroup(session_id=two.id, group_id=group.id))

    assert "Only for" in office.client.get(page).text
    answer = office.client.post(f"{page}merges/", {"sessions": "3, 7", "stays": "3"}, page=f"{page}merges/")
    assert answer.status_code == 422
    assert "open to different people (3: everybody; 7: School)" in answer.text
    assert f'href="{page}{two.id}"' in answer.text
    assert f'href="{page}{one.id}"' in answer.text


def test_wrong_numbers_are_named_and_what_was_typed_stays(office: Office) -> None:
    make.session(office.conference, number=3)
    make.session(office.conference, number=7)
    page = f"{office.home}sessions/merges/"

    for sent, said in [
        ({"sessions": "3, 9", "stays": "3"}, "There is no session “9”."),
        ({"sessions": "3, 7", "stays": "12"}, "There is no session “12”."),
        ({"sessions": "3", "stays": "7"}, "Please write one of the numbers above."),
        ({"sessions": "3", "stays": "3"}, "Please name two sessions at least."),
    ]:
        answer = office.client.post(page, {**sent, "title_de": "Mein Titel"}, page=page)
        assert answer.status_code == 422
        assert said in answer.text
        assert "Mein Titel" in answer.text
    assert db.session.query(SessionMerge).count() == 0
