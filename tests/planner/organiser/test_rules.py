"""Rules that an organiser enters reach the solver: the judge names their breach; what contradicts itself is refused."""

import pytest
from flask import Flask
from sqlalchemy import select

from planner import clock, erasure, rules
from planner.allocations.results.outdated import fit, outdated
from planner.extensions import db
from planner.models import (
    AllocationState,
    AuditEntry,
    Bond,
    BondKind,
    Company,
    MemberRole,
    ParticipantState,
    Quota,
    Session,
    SessionRole,
    SessionState,
)
from solver.problem.validation import FLEXIBLE
from tests import factories as make
from tests.client import Client, Page
from tests.planner.allocations.small import solved
from tests.planner.organiser.hall import Hall, built


@pytest.fixture
def hall(app: Flask) -> Hall:
    return built(app)


def test_without_rules_any_plan_is_sound(hall: Hall) -> None:
    assert hall.broken("ABCD") == hall.broken("A") == set()


def test_how_many_of_a_group_come_into_every_meeting(hall: Hall) -> None:
    page = hall.enter("quotas/new", whom=hall.groups[0].id, minimum="1", maximum="2", session_id="0")

    assert "In every meeting sits from 1 to 2 people of the group" in page.text
    assert hall.broken("ABEF") == set()
    assert hall.broken("ABCD") == hall.broken("ABCE") == {"quotas_hold"}


def test_how_many_of_a_group_come_into_one_session(hall: Hall) -> None:
    hall.enter("quotas/new", whom=hall.groups[0].id, maximum="0", session_id=hall.sessions[1].id)

    assert hall.broken("ABCD") == set()
    assert hall.broken("ABC") == {"quotas_hold"}


def classes(hall: Hall, of_7: str) -> str:
    """These are of class 7, the others of class 8; and what a form sends for class 7, whatever groups are numbered."""
    for name, person in hall.people.items():
        person.attributes = {"Klasse": "7" if name in of_7 else "8"}
    db.session.commit()
    return '["Klasse", "7"]'


def test_how_many_of_one_class_come_into_every_meeting_or_into_one_session(hall: Hall) -> None:
    seventh = classes(hall, "ACEG")

    page = hall.enter("quotas/new", whom=seventh, minimum="1", maximum="3", session_id="0")

    assert "In every meeting sits from 1 to 3 people with Klasse: 7." in without_marks(page.text)
    assert {name for person in hall.problem.participants for name in person.attributes} == {"group", "mark:Klasse"}
    assert hall.broken("ABCD") == set()
    assert hall.broken("ACEG") == hall.broken("BD") == {"quotas_hold"}
    hall.enter("quotas/new", whom=seventh, maximum="1", session_id=hall.sessions[0].id)
    assert hall.broken("AB") == set()
    assert hall.broken("ABC") == {"quotas_hold"}


def test_nobody_of_one_class_sits_alone(hall: Hall) -> None:
    page = hall.enter("protected/new", whom=classes(hall, "ACEG"), least="2")

    assert "Nobody with Klasse: 7 sits alone" in without_marks(page.text)
    assert hall.broken("ACBD") == hall.broken("BDF") == set()
    assert hall.broken("ABDF") == {"nobody_isolated"}


def test_a_rule_for_a_class_is_changed_shown_by_its_name_and_never_made_twice(hall: Hall) -> None:
    seventh = classes(hall, "ACEG")
    hall.enter("quotas/new", whom=seventh, maximum="3", session_id="0")
    (row,) = db.session.query(Quota)

    assert "There is such a rule" in hall.refused("quotas/new", whom=seventh, minimum="", maximum="2", session_id="0")
    assert "Another rule lets fewer people" in hall.refused("protected/new", whom=seventh, least="4")
    assert "Klasse: 7" in hall.client.get(f"{hall.home}quotas/{row.id}").text
    hall.enter(f"quotas/{row.id}", whom='["Klasse", "8"]', minimum="", maximum="2", session_id="0")
    assert (row.group_id, row.mark, row.value, row.maximum) == (None, "Klasse", "8", 2)
    hall.enter(f"quotas/{row.id}", whom=hall.groups[0].id, minimum="", maximum="2", session_id="0")
    assert (row.group_id, row.mark, row.value) == (hall.groups[0].id, None, None)


def test_what_only_one_person_is_or_nobody_is_not_taken(hall: Hall) -> None:
    classes(hall, "A")

    for word in ('["Klasse", "7"]', '["Klasse", "9"]', "987654", "[]", '{"a": 1}', ""):
        hall.refused("quotas/new", whom=word, minimum="1", maximum="", session_id="0")
    assert db.session.query(Quota).count() == 0


def test_with_the_last_of_a_class_its_rules_are_gone(hall: Hall) -> None:
    seventh = classes(hall, "AC")
    hall.enter("quotas/new", whom=seventh, maximum="3", session_id="0")
    hall.enter("protected/new", whom=seventh, least="2")

    for name, left in (("A", 1), ("C", 0)):
        erasure.erase(hall.people.pop(name), clock.now(), leaves_statements=False)
        db.session.commit()
        assert (db.session.query(Quota).count(), db.session.query(Company).count()) == (left, left)


def test_nobody_of_a_protected_group_sits_alone(hall: Hall) -> None:
    page = hall.enter("protected/new", whom=hall.groups[0].id, least="2")

    assert "a meeting has none of them, or at least 2." in page.text
    assert hall.broken("ABEF") == hall.broken("EFGH") == set()
    assert hall.broken("AEFG") == {"nobody_isolated"}


def test_at_most_so_many_of_one_organisation_sit_in_a_meeting(hall: Hall) -> None:
    assert {name for person in hall.problem.participants for name in person.attributes} == {"group"}

    page = hall.enter("organisations", most="2")

    assert "At most 2 people of one organisation sit in a meeting." in page.text
    assert {name for person in hall.problem.participants for name in person.attributes} == {"group", "organisation"}
    assert hall.broken("ABCD") == set()
    assert hall.broken("ABE") == {"organisations_spread"}
    hall.enter("organisations", most="")
    assert hall.broken("ABE") == set()


def test_who_belongs_together_sits_together(hall: Hall) -> None:
    page = hall.enter("agreements/new", kind="together", people=hall.ids("AE"))

    assert "Person A and Person E sit in the same meetings." in without_marks(page.text)
    assert hall.broken("AE") == set()
    assert hall.broken("AB") == {"together_or_apart"}


def test_who_must_be_apart_never_meets(hall: Hall) -> None:
    hall.enter("agreements/new", kind="apart", people=hall.ids("AE"))

    assert hall.broken("AB") == set()
    assert hall.broken("AE") == {"together_or_apart"}


def without_marks(text: str) -> str:
    return text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")


def test_a_rule_is_changed_and_removed(hall: Hall) -> None:
    row = make.add(Quota(conference_id=hall.conference.id, group_id=hall.groups[0].id, maximum=1))
    bond = make.bond(hall.people["A"], hall.people["B"])

    hall.enter(f"quotas/{row.id}", whom=hall.groups[1].id, minimum="2", maximum="", session_id="0")
    hall.enter(f"agreements/{bond.id}", people=hall.ids("ACD"))

    assert (row.group_id, row.minimum, row.maximum) == (hall.groups[1].id, 2, None)
    assert {member.participant_id for member in bond.members} == {hall.people[name].id for name in "ACD"}
    for page in (f"quotas/{row.id}", f"agreements/{bond.id}"):
        hall.client.submit(f"{hall.home}{page}/remove", {}, page=hall.home)
    assert db.session.query(Quota).count() == db.session.query(Bond).count() == 0


def test_what_cannot_be_is_refused_at_its_field(hall: Hall) -> None:
    group, other = (group.id for group in hall.groups)
    small = make.session(hall.conference, maximum=3)
    make.add(Quota(conference_id=hall.conference.id, group_id=group, maximum=1))
    make.add(Company(conference_id=hall.conference.id, group_id=other))
    quota = {"whom": other, "session_id": "0", "minimum": "", "maximum": ""}

    assert "This must not be smaller than the minimum." in hall.refused(
        "quotas/new", **quota | {"minimum": "3", "maximum": "2"}
    )
    assert "Please give at least one of the two numbers." in hall.refused("quotas/new", **quota)
    assert "There is such a rule for this group already." in hall.refused(
        "quotas/new", **quota | {"whom": group, "maximum": "4"}
    )
    assert "its maximum is smaller" in hall.refused("quotas/new", **quota | {"session_id": small.id, "minimum": "4"})
    assert "Another rule lets fewer people" in hall.refused("quotas/new", **quota | {"maximum": "1"})
    assert "Another rule lets fewer people" in hall.refused("protected/new", whom=group, least="2")
    assert "There is such a rule for this group already." in hall.refused("protected/new", whom=other, least="3")
    assert "Please choose a number from 2 to 500." in hall.refused("protected/new", whom=group, least="1")
    assert "Please choose at least two people." in hall.refused("agreements/new", kind="apart", people=hall.ids("A"))
    assert "Please choose one." in hall.refused("agreements/new", people=hall.ids("AB"))


def test_together_and_apart_of_the_same_people_is_refused_also_by_way_of_others(hall: Hall) -> None:
    hall.enter("agreements/new", kind="together", people=hall.ids("AB"))
    hall.enter("agreements/new", kind="together", people=hall.ids("BC"))

    assert "says the opposite" in hall.refused("agreements/new", kind="apart", people=hall.ids("ABE"))
    assert "says the opposite" in hall.refused("agreements/new", kind="apart", people=hall.ids("AC"))
    hall.enter("agreements/new", kind="apart", people=hall.ids("CD"))
    assert "says the opposite" in hall.refused("agreements/new", kind="together", people=hall.ids("AD"))


def test_who_leads_one_session_together_cannot_be_kept_apart(hall: Hall) -> None:
    for name in "AB":
        make.add(SessionRole(session_id=hall.sessions[0].id, participant_id=hall.people[name].id))

    assert "lead the same session" in hall.refused("agreements/new", kind="apart", people=hall.ids("AB"))


@pytest.fixture
def apart(hall: Hall) -> Bond:
    """An organiser who is no owner has said so."""
    author = make.user(name="Autorin")
    make.member(hall.conference, author, MemberRole.ORGANISER)
    return make.bond(hall.people["A"], hall.people["B"], kind=BondKind.APART, author_id=author.id)


def test_a_cancelled_session_led_by_two_kept_apart_is_refused_to_her_alone_who_knows(hall: Hall, apart: Bond) -> None:
    session = hall.sessions[0]
    for name in "AB":
        make.add(SessionRole(session_id=session.id, participant_id=hall.people[name].id))
    page = f"/organise/{hall.conference.slug}/sessions/"

    def reopened(who: Client) -> tuple[str, SessionState]:
        session.state = SessionState.CANCELLED
        db.session.commit()
        told = who.submit(f"{page}{session.id}/reopen", {}, page=f"{page}{session.id}").text
        return told, db.session.get_one(Session, session.id).state

    assert apart.author
    for knows in (hall.client, Client(hall.client.app).as_organiser(apart.author)):
        told, state = reopened(knows)
        assert ("are to be kept apart" in told, state) == (True, SessionState.CANCELLED)
    told, state = reopened(hall.organiser())  # a refusal would tell her that it is there
    assert ("apart" in told, state) == (False, SessionState.OPEN)


def test_only_its_author_and_owners_see_who_must_be_apart(hall: Hall, apart: Bond) -> None:
    assert apart.author
    author, other = Client(hall.client.app).as_organiser(apart.author), hall.organiser()
    page, sentence = f"{hall.home}agreements/{apart.id}", "are never in one meeting"

    assert [sentence in each.get(hall.home).text for each in (hall.client, author, other)] == [True, True, False]
    assert [each.fetch(page).status_code for each in (hall.client, author, other)] == [200, 200, 404]
    gone = other.fetch(f"{hall.home}agreements/987654")
    assert other.post(f"{page}/remove", {}, page=hall.home).status_code == gone.status_code == 404
    # A refusal would tell her that it is there.
    other.submit(f"{hall.home}agreements/new", {"kind": "together", "people": hall.ids("AB")})


def test_nothing_that_is_written_down_tells_who_must_be_apart_or_that_somebody_must(hall: Hall, apart: Bond) -> None:
    together = make.bond(hall.people["C"], hall.people["D"])
    for bond, names in ((apart, "ABE"), (together, "CDE")):
        hall.enter(f"agreements/{bond.id}", people=hall.ids(names))
    hall.enter("agreements/new", kind="apart", people=hall.ids("GH"))
    hall.enter("agreements/new", kind="together", people=hall.ids("EF"))
    hall.enter("quotas/new", whom=hall.groups[0].id, minimum="", maximum="4", session_id="0")
    hall.enter("protected/new", whom=hall.groups[0].id, least="2")

    told = [(row.action, row.facts) for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    rules = [each for each in told if each[0].startswith("rules.")]
    for _action, facts in rules:
        facts.pop("added sent_form", None)
    assert [facts for _action, facts in rules] == [{"changed": []}] * 6
    assert [action for action, _facts in rules] == ["rules.edit"] * 2 + ["rules.new"] * 4
    assert {row.subject for row in db.session.query(AuditEntry) if row.action.startswith("rules.")} == {""}
    text = hall.organiser().get(f"/organise/{hall.conference.slug}/audit/").text
    assert "apart" not in text


def test_where_only_one_is_left_nothing_is_asked_any_more(hall: Hall, apart: Bond) -> None:
    make.bond(hall.people["A"], hall.people["C"], hall.people["D"])
    hall.people["D"].state = "cancelled"  # type: ignore[assignment]
    db.session.commit()
    assert [sorted(bond) for bond in hall.problem.together] == [sorted(hall.people[name].key for name in "AC")]

    erasure.erase(hall.people.pop("A"), clock.now(), leaves_statements=False)
    db.session.commit()

    assert hall.problem.together == hall.problem.apart == ()
    assert [len(bond.members) for bond in db.session.query(Bond)] == [2]


def test_what_was_typed_stays_where_people_are_looked_for(hall: Hall) -> None:
    typed = {"kind": "apart", "people": hall.ids("A"), "find": "people", "find-people": "person b"}

    answer = hall.client.post(f"{hall.home}agreements/new", typed)

    page = Page(answer.text)
    assert answer.status_code == 200
    assert page.form("form").sent["kind"] == ["apart"]
    assert page.form("form").sent["people"] == hall.ids("A")
    assert "Person B" in page.text
    assert db.session.query(Bond).count() == 0


def test_whoever_saves_over_a_change_reads_both(hall: Hall) -> None:
    row = make.add(Company(conference_id=hall.conference.id, group_id=hall.groups[0].id))
    page = f"{hall.home}protected/{row.id}"
    old = Page(hall.client.fetch(page).text).form("form").sent
    row.least = 4
    db.session.commit()

    answer = hall.client.fetch(page, method="POST", data=old | {"least": ["3"]})

    assert answer.status_code == 409
    assert row.least == 4


def test_a_flexible_rule_gives_way_at_its_price(hall: Hall) -> None:
    hall.enter("quotas/new", whom=hall.groups[0].id, maximum="2", session_id="0")
    hall.enter("organisations", most="2")
    assert hall.broken("ABCDEF") == {"quotas_hold", "organisations_spread"}

    page = hall.enter("prices", quotas_hold="first", organisations_spread="last")

    assert hall.problem.flexible == {"quotas_hold": 1, "organisations_spread": 100}
    assert hall.broken("ABCDEF") == set()
    assert "flexible: it gives way first" in page.text
    hall.enter("prices", quotas_hold="", organisations_spread="second")
    assert hall.problem.flexible == {"organisations_spread": 10}
    assert hall.broken("ABCDEF") == {"quotas_hold"}


def test_every_rule_that_the_solver_lets_give_way_is_offered(hall: Hall) -> None:
    assert set(rules.FLEXIBLE) == set(FLEXIBLE)
    page = Page(hall.client.fetch(f"{hall.home}prices").text)
    assert set(rules.FLEXIBLE) <= page.form("form").sent.keys()


def test_nobody_of_a_group_that_shows_religion_or_origin_is_ever_left_alone(hall: Hall) -> None:
    hall.groups[0].is_sensitive = True
    hall.enter("prices", nobody_isolated="first")
    assert "nobody of it may ever sit alone" in hall.refused("protected/new", whom=hall.groups[0].id, least="2")
    hall.enter("protected/new", whom=hall.groups[1].id, least="2")
    assert hall.broken("ABCDE") == set()

    hall.groups[1].is_sensitive = True
    db.session.commit()

    assert hall.broken("ABCDE") == {"nobody_isolated"}
    assert "has to stay strict" in hall.refused("prices", nobody_isolated="last")
    assert "gives way" not in hall.client.get(hall.home).text


def test_what_has_changed_since_a_run_is_counted_without_a_word_of_who_is_apart(hall: Hall) -> None:
    for person in hall.people.values():
        make.wishes(person, *hall.sessions)
    run = solved(hall.conference, hall.owner)
    assert outdated(run) is None
    db.session.rollback()

    make.bond(hall.people["A"], hall.people["B"], kind=BondKind.APART)
    hall.conference.most_of_one_organisation = 8
    hall.conference.flexible = {"quotas_hold": "first"}
    db.session.commit()

    found = outdated(run)
    assert found
    assert found.changed == {"rules": 2}
    assert fit([run], hall.problem) == {run.id: False}
    known = outdated(run, agreed=True)
    assert known
    assert known.changed == {"rules": 3}
    page = f"/organise/{hall.conference.slug}/allocations/{run.number}"
    told = [Page(client.fetch(page).text).text for client in (hall.organiser(), hall.client)]
    assert ["2 rules have changed." in told[0], "3 rules have changed." in told[1]] == [True, True]


def test_whoever_may_not_know_who_is_apart_reads_nowhere_that_a_plan_breaks_it(hall: Hall) -> None:
    for person in hall.people.values():
        make.wishes(person, hall.sessions[0])
    run = solved(hall.conference, hall.owner)
    assert run.missing == 0
    hall.conference.published_id = run.id
    db.session.commit()
    first, second = [chair.participant for chair in run.meetings[0].assignments][:2]
    make.bond(first, second, kind=BondKind.APART)
    db.session.commit()

    home = f"/organise/{hall.conference.slug}/"
    pages = (home, f"{home}allocations/", f"{home}allocations/{run.number}")
    others = [hall.organiser(role) for role in (MemberRole.ORGANISER, MemberRole.VIEWER)]
    for client in others:
        for page in pages:
            text = Page(client.fetch(page).text).text
            assert not [word for word in ("other fixed agreements", "rule has changed", "outdated") if word in text]
            assert "Something has changed since" not in text
    assert "other fixed agreements" in Page(hall.client.fetch(pages[2]).text).text
    assert fit([run], hall.problem) == {run.id: True}
    assert fit([run], hall.problem, agreed=True) == {run.id: None}


def test_a_run_that_knew_who_is_apart_does_not_name_that_rule_to_others(hall: Hall) -> None:
    for person in hall.people.values():
        make.wishes(person, *hall.sessions)
    make.bond(hall.people["A"], hall.people["B"], kind=BondKind.APART)
    run = solved(hall.conference, hall.owner)

    page = f"/organise/{hall.conference.slug}/allocations/{run.number}"
    told = ["other fixed agreements" in client.fetch(page).text for client in (hall.client, hall.organiser())]
    assert told == [True, False]
    run.state = AllocationState.INFEASIBLE
    remedies = [{"kind": "agreement"}, {"kind": "unplaced"}]
    rules = ["together_or_apart", "size_at_least"]
    run.reason = {"code": "infeasible", "facts": {"rules": rules, "relaxations": remedies}}
    db.session.commit()
    owner, other = (client.fetch(page).text for client in (hall.client, hall.organiser()))
    assert ["confidential" in text for text in (owner, other)] == [True, False]
    assert ["other fixed agreements" in text for text in (owner, other)] == [True, False]
    assert ["please ask one of them" in text for text in (owner, other)] == [False, True]


def test_a_plan_that_breaks_a_new_rule_says_so_in_words(hall: Hall) -> None:
    for person in hall.people.values():
        make.wishes(person, hall.sessions[0])
    run = solved(hall.conference, hall.owner)
    hall.conference.most_of_one_organisation = 1
    db.session.commit()

    text = hall.client.get(f"/organise/{hall.conference.slug}/allocations/{run.number}").text

    assert "people of one organisation, at most 1)" in text
    assert "The rule: No meeting has too many people of one organisation." in text


def test_a_viewer_reads_on_no_impossible_run_which_group_is_protected(hall: Hall) -> None:
    hall.groups[0].title = {"de": "Geschützte", "en": "Protected ones"}
    run = make.allocation(hall.conference, state=AllocationState.INFEASIBLE)
    facts = {"attribute": "group", "value": str(hall.groups[0].id), "by": 1}
    remedies = [{"kind": kind, "facts": facts} for kind in ("company", "quota")]
    run.reason = {"code": "infeasible", "facts": {"rules": ["nobody_isolated"], "relaxations": remedies}}
    db.session.commit()

    page = f"/organise/{hall.conference.slug}/allocations/{run.number}"
    told = [client.get(page).text for client in (hall.client, hall.organiser(MemberRole.VIEWER))]

    assert [("Protected ones" in text, "Loosen a rule for a group." in text) for text in told] == [
        (True, False),
        (False, True),
    ]


def test_rules_about_what_only_an_erased_person_had_go_with_her(hall: Hall) -> None:
    classes(hall, "A")
    for model, bounds in ((Quota, {"maximum": 1}), (Company, {})):
        for value in ("7", "8"):
            make.add(model(conference_id=hall.conference.id, mark="Klasse", value=value, **bounds))
    db.session.commit()

    erasure.erase(hall.people.pop("A"), clock.now(), leaves_statements=False)
    db.session.commit()

    assert [row.value for model in (Quota, Company) for row in db.session.scalars(select(model))] == ["8", "8"]


def test_a_remedy_says_what_is_known_of_people_and_calls_no_class_a_group(hall: Hall) -> None:
    classes(hall, "ACEG")
    run = make.allocation(hall.conference, state=AllocationState.INFEASIBLE)
    of_seven, of_group = (
        {"attribute": "mark:Klasse", "value": "7"},
        {"attribute": "group", "value": str(hall.groups[0].id)},
    )
    remedies = [
        {"kind": kind, "facts": {**facts, "by": 1}} for kind, facts in (("company", of_seven), ("quota", of_group))
    ]
    run.reason = {"code": "infeasible", "facts": {"rules": ["nobody_isolated"], "relaxations": remedies}}
    hall.groups[0].title = {"de": "Eins", "en": "One"}
    db.session.commit()

    text = without_marks(hall.client.get(f"/organise/{hall.conference.slug}/allocations/{run.number}").text)

    assert "Allow that somebody with Klasse: 7 sits alone." in text
    assert "Loosen the bound for people of the group “One” by 1." in text


def test_two_agreements_that_contradict_each_other_are_told_to_whoever_knows_both(hall: Hall, apart: Bond) -> None:
    make.bond(hall.people["A"], hall.people["C"])
    make.bond(hall.people["C"], hall.people["B"])
    make.wishes(hall.people["A"], *hall.sessions)
    assert apart.author
    readers = [hall.client, Client(hall.client.app).as_organiser(apart.author), hall.organiser()]
    readers.append(hall.organiser(MemberRole.VIEWER))

    runs = f"/organise/{hall.conference.slug}/allocations/"
    told = ["No run can keep both" in client.get(runs).text for client in readers]
    lines = ["two of these people sit together" in client.get(hall.home).text for client in readers[:3]]

    assert told == [True, True, False, False]
    assert lines == [True, True, False]


def test_a_rule_that_asks_for_nothing_now_is_shown_as_off(hall: Hall) -> None:
    """Every plan keeps what stands there, said the page, of rules that the solver never got."""
    hall.enter("quotas/new", whom=hall.groups[0].id, minimum="2", maximum="2", session_id=hall.sessions[1].id)
    hall.enter("agreements/new", kind="together", people=hall.ids("AB"))
    hall.sessions[1].state = SessionState.CANCELLED
    hall.people["B"].state = ParticipantState.CANCELLED
    db.session.commit()

    text = hall.client.get(hall.home).text

    assert (hall.problem.quotas, hall.problem.together) == ((), ())
    assert "Asks for nothing now: the session is not held." in text
    assert "Asks for nothing now: fewer than two of them come." in text
    assert "exactly 2 people" in text


def test_the_same_agreement_is_not_entered_twice(hall: Hall) -> None:
    hall.enter("agreements/new", kind="together", people=hall.ids("AB"))

    again = hall.refused("agreements/new", kind="together", people=hall.ids("BA"))

    assert "This stands in the list already." in again
    assert db.session.query(Bond).count() == 1
