"""People: the list as a tool, add on behalf, personal link and card, cancel; one action for several."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import update
from werkzeug.wrappers import Response

from planner import (
    acts,
    admission,
    allocations,
    auth,
    clock,
    erasure,
    inviting,
    joining,
    languages,
    locks,
    participants,
    places,
    reminders,
    roster,
    spans,
)
from planner.admission import Outcome
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Level, Participant, ParticipantState, PersonalLink
from planner.organiser import places as her_place
from planner.organiser import wishes
from planner.organiser.lists import Chip, Choice, Column, Listing
from planner.organiser.person import NoWayIn, PersonForm, empty, filled, guard_address, held
from planner.policy import may
from planner.roster import Entry
from planner.texts import whole
from planner.words import PARTICIPANT_STATES, TONGUES

blueprint = Blueprint("people", __name__, url_prefix="/people")
REGISTERED = ParticipantState.REGISTERED


@blueprint.get("/")
def index() -> str:
    people = _everybody()
    listing = _listing(people)
    return render_template(
        "organiser/people.html",
        conference=g.conference,
        list=listing,
        reminds="not_chosen" in listing.only and may("organiser.messages.reminder") and _choosing(),
        total=len(people),
        attending=sum(person.is_coming and person.attends for person in people),
        places=_places(people),
        overbooking=places.overbooking(g.conference),
        warnings=_warnings(people),
        lately=admission.lately(g.conference, clock.now()) if g.scope.group_id is None else None,
        tongues=[(code, languages.name_of(code)) for code in TONGUES],
        now=clock.now(g.conference),
    )


def _everybody() -> list[Entry]:
    """Whom she reaches who asks: all of them, or her group."""
    group = g.scope.group_id
    return [each for each in roster.everybody(g.conference) if group is None or each.group_id == group]


def _places(people: Sequence[Entry]) -> list[places.Line]:
    """Who of each group has a place and who waits, where places are scarce and whoever looks sees all groups."""
    sees = g.sees_groups and g.scope.group_id is None
    return places.lines(g.conference, people) if sees and places.of(g.conference, people).is_limited else []


def _warnings(people: Sequence[Entry]) -> list[str]:
    """What of the numbers of places needs somebody's eye; shown beside them only."""
    too_many = places.too_many(g.conference, places.of(g.conference, people), sees_groups=g.sees_groups)
    return [each for each in (too_many, places.more_in_groups(g.conference)) if each]


def _choosing() -> bool:
    return reminders.is_open(g.conference, clock.now())


def _listing(people: Sequence[Entry]) -> Listing[Entry]:
    """Everybody as the address sorts and filters them. Groups only where whoever looks may know who is of which."""
    here = languages.current()
    groups = {group.id: languages.pick(group.title, here) for group in g.conference.groups}
    bodies = {body.id: body.name for body in g.conference.organisations} if g.sees_groups else {}
    columns = [
        Column[Entry]("name", _("Name"), lambda person: person.name),
        Column[Entry]("languages", _("Languages"), lambda person: ", ".join(map(languages.name_of, person.languages))),
        Column[Entry]("wishes", _("Wishes"), lambda person: len(person.favourites), kind="number"),
        Column[Entry]("state", _("State"), lambda person: PARTICIPANT_STATES[person.state], _state, "state"),
    ]
    if g.sees_groups:  # whoever must not know her group could find it out by the body that she speaks for
        columns[1:1] = [
            Column("group", _("Group"), lambda person: groups.get(person.group_id or 0, "")),
            Column("organisation", _("Organisation"), lambda person: bodies.get(person.organisation_id or 0, "")),
        ]
    return Listing(
        "organiser.people.index",
        people,
        columns,
        request.args,
        link=lambda person: url_for("organiser.people.show", id=person.id),
        words=lambda person: f"{person.name} {bodies.get(person.organisation_id or 0, '')}",
        chips=[*_not_chosen(people), *_missing()],
        choices=[
            *(
                [Choice("group", _("Group"), _("all groups"), [*groups.items()], lambda person: person.group_id)]
                * g.sees_groups
            ),
            *_links(),
        ],
    )


def _links() -> list[Choice[Entry]]:
    """By which group link somebody came: a link belongs to a group, so only for whoever may know who is of which."""
    named = joining.names(g.conference) if g.sees_groups else {}
    came = joining.came_by(g.conference) if named else {}
    every = [
        Choice[Entry]("link", _("Group link"), _("whoever came"), [*named.items()], lambda person: came.get(person.id))
    ]
    return every if named else []


def _state(person: Entry) -> str:
    return str(PARTICIPANT_STATES[person.state][0])


def _not_chosen(people: Sequence[Entry]) -> list[Chip[Entry]]:
    """As every page counts them; where what is set contradicts itself nobody can be counted."""
    try:
        waited_for = set(allocations.who_counts(g.conference, people).without_wishes)
    except allocations.Contradiction:
        return []
    return [Chip("not_chosen", _("chose nothing that is offered"), lambda person: person.key in waited_for)]


def _missing() -> list[Chip[Entry]]:
    without_group = Chip[Entry]("no_group", _("without a group"), lambda person: person.group_id is None)
    registered = Chip[Entry]("registered", _("not confirmed yet"), lambda person: person.state is REGISTERED)
    return [
        Chip("no_language", _("without a language"), lambda person: not person.languages),
        *([without_group] if g.sees_groups else []),
        registered,
        Chip("waiting", _("waiting"), lambda person: person.state is ParticipantState.WAITING),
        Chip("cancelled", _("cancelled"), lambda person: person.state is ParticipantState.CANCELLED),
    ]


@blueprint.post("/mark")
def mark() -> Response:
    """One action for all who were marked; the list stays as it was filtered."""
    listing = _listing(_everybody())
    try:
        numbers = [person.id for person in listing.marked(request.form, lambda person: person.id)]
        if request.form.get("act") == "invite" and may("organiser.messages.invite", changes=True):
            return redirect(url_for("organiser.messages.invitation", of=inviting.in_an_address(numbers)))
        people = participants.of(g.conference, numbers)
        done = _together(people, request.form.get("act", ""))
        acts.tell(of=spans.written([person.id for person in done.changed]))
        moved = her_place.moved_up(done.moved) + her_place.settle()
        db.session.commit()
        flash(ngettext("Done for %(num)s person.", "Done for %(num)s people.", len(done.changed)))
        her_place.tell(moved)
    except PlannerError as error:
        db.session.rollback()
        flash(str(her_place.in_words(error).sentence), "error")
    return redirect(listing.at(page=listing.page))


def _together(people: Sequence[Participant], act: str) -> Outcome:
    if act == "group":
        return Outcome(participants.put_into(people, g.scope.group(request.form.get("group", 0, type=whole) or 0)))
    if act == "language" and request.form.get("language") in TONGUES:
        level = Level.SPEAKS if request.form.get("level") == Level.SPEAKS else Level.UNDERSTANDS
        return Outcome(participants.note_language(people, request.form["language"], level))
    if act in TOGETHER:
        return TOGETHER[act](g.conference, people, clock.now())
    raise PlannerError(_l("Please choose what is to be done with those marked."))


TOGETHER = {"cancel": admission.cancel, "confirm": admission.confirm, "wait": admission.wait}


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = empty()
    if form.validate_on_submit():
        locks.conference(g.conference, alone=True)
        person = participants.register(g.conference, form.name.data, **form.details())
        form.apply(person)
        waits = admission.admit(person, clock.now())
        db.session.commit()
        flash(_("Added. Now give her a link or a card."))
        if waits:
            flash(_("All places that may be promised are taken, so she is on the waiting list."), "wait")
        return redirect(url_for("organiser.people.show", id=person.id))
    return _page(form, None)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def show(id: int) -> Response:
    person = held(id, alone=True)
    form = filled(person).revises()
    if form.validate_on_submit():
        try:
            guard_address(form, person)
        except NoWayIn as error:
            form.refuse(error)
            return _page(form, person)
        person.name = form.name.data
        for name, value in form.details().items():
            setattr(person, name, value)
        form.apply(person)
        told = her_place.settle()
        db.session.commit()
        flash(_("Saved."))
        her_place.tell(told)
        return redirect(url_for("organiser.people.show", id=id))
    return _page(form, person)


@blueprint.post("/<int:id>/link")
def link(id: int) -> Response:
    """A new personal link, shown this once; older ones stay valid."""
    home = current_app.extensions["planner"].public_url
    return _hand_over(id, auth.mint_link, lambda token: home + url_for("public.link", token=token))


@blueprint.post("/<int:id>/card")
def card(id: int) -> Response:
    """A new code for a printed card, shown this once."""
    return _hand_over(id, auth.mint_card, lambda code: f"{code[:4]}-{code[4:]}")


def _hand_over(id: int, mint: Callable[[Participant, datetime], str], shown: Callable[[str], str]) -> Response:
    person = g.scope.participant(id)
    try:
        secret = shown(mint(person, clock.now()))
    except PlannerError as error:
        flash(str(error.sentence), "error")
        return redirect(url_for("organiser.people.show", id=id))
    db.session.commit()
    return _page(filled(person, formdata=None).opened(), person, secret)


@blueprint.post("/<int:id>/revoke")
def revoke(id: int) -> Response:
    person = g.scope.participant(id)
    db.session.execute(
        update(PersonalLink).where(PersonalLink.participant_id == person.id).values(revoked_at=clock.now())
    )
    db.session.commit()
    flash(_("All her links and cards are invalid now."))
    return redirect(url_for("organiser.people.show", id=id))


@blueprint.post("/<int:id>/cancel")
def cancel(id: int) -> Response:
    return her_place.done(id, admission.cancel, _("Cancelled. You can undo this."))


@blueprint.post("/<int:id>/reinstate")
def reinstate(id: int) -> Response:
    return her_place.done(id, admission.confirm, _("She takes part again."))


@blueprint.post("/<int:id>/erase")
def erase(id: int) -> Response:
    """For somebody who asks for it on paper or by telephone, or whose link has ended."""
    g.scope.participant(id)
    leaves, who = request.form.get("statements") == "leave", f"organiser:{g.actor.id}"
    erasure.everybody(g.conference, {id}, clock.now(), leaves_statements=leaves, actor=who)
    db.session.commit()
    flash(_("Everything about this person is erased."))
    return redirect(url_for("organiser.people.index"))


def _page(form: PersonForm, person: Participant | None, secret: str = "") -> Response:
    page = render_template(
        "organiser/person.html",
        conference=g.conference,
        form=form,
        person=person,
        secret=secret,
        stored_how=wishes.how(person) if person else "",
        tongues=TONGUES,
        came=joining.registration_of(person) if person and g.sees_groups else None,
        until=auth.link_ends(g.conference, clock.now()),
        takes_links=auth.takes_links(g.conference, clock.now()),
        now=clock.now(g.conference),
    )
    return make_response(page, 200 if secret else form.status)
