"""A run's result: what it says, why, how fair it is, and whether everybody sees it."""

import json
from collections.abc import Collection, Sequence

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import (
    allocations,
    announcing,
    clock,
    days,
    exchange,
    exports,
    jobs,
    news,
    participants,
    roster,
    working_language,
)
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Allocation, AllocationState

blueprint = Blueprint("results", __name__, url_prefix="/allocations")


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    run = g.scope.allocation(number)
    return render_template(
        "organiser/results/show.html",
        conference=g.conference,
        run=run,
        now=clock.now(g.conference),
        provisional=allocations.provisional(run, clock.now(g.conference)),
        published=allocations.published_on(run) if run.id == g.conference.published_id else "",
        **(_plan(run) if run.state is AllocationState.SOLVED else _without_plan(run)),
    )


def _plan(run: Allocation) -> dict[str, object]:
    """What the page says of a run that has a plan."""
    people = roster.everybody(g.conference)
    sees = {"needs": g.sees_needs, "groups": g.sees_groups, "agreed": g.sees_agreements}
    found = allocations.report(run, kinds(), people, **sees)
    if found is None:
        return {"unreadable": True, "stands": allocations.stands(run)}
    _note_look({each.id for _slot, told, people in found.figures.missing if "needs" in told.reasons for each in people})
    since = allocations.outdated(run, people=people, plan=found.plan, agreed=g.sees_agreements)
    return {
        "report": found,
        "figures": found.figures,
        "summary": allocations.summary(found.figures),
        "whole": allocations.whole(found.figures.told.whole, then=since is not None),
        "few": allocations.few(found.figures),
        "interpreting": allocations.interpreting(found.figures.told.interpreters, then=since is not None),
        "kept": allocations.kept(run),
        "missing": [
            (slot, allocations.shortage(told, needs=g.sees_needs), people)
            for slot, told, people in found.figures.missing
        ],
        "lost": allocations.in_charge(found.figures.lost, allocations.Names(g.conference)),
        "stands": allocations.stands(run, since is None),
        "changes": allocations.changes(since, allocations.Names(g.conference)) if since else [],
        "broken": since.broken.keys() if since else (),
        "doubts": allocations.doubts(run, since),
        "proof": allocations.proof(found.figures.goals),
        "moves": allocations.moves_against(run, g.conference.published_id),
        **(_told(run) if run.id == g.conference.published_id else _to_tell(run)),
    }


def _to_tell(run: Allocation) -> dict[str, object]:
    """Before it is published: what that will do."""
    return {"publish_question": announcing.publish_question(news.reach(run))}


def _told(run: Allocation) -> dict[str, object]:
    """Since it is published: who is told, and whom somebody has to tell herself, with what she does not know."""
    messages, words, reach = news.told_of(run), days.Words(g.conference), news.reach(run)
    open_ones: list[tuple[object, Sequence[days.Change]]] = [
        (message.participant, days.told(message, words)) for message in news.to_tell(messages)
    ]
    open_ones += [(each.person, words.changes(None, each.day)) for each in news.never_told(reach)]
    return {
        "told": announcing.told_sentences(news.outcome(messages, run, reach)),
        "otherwise": open_ones,
        "otherwise_sentence": announcing.otherwise_sentence(len(open_ones)),
    }


def _without_plan(run: Allocation) -> dict[str, object]:
    if run.is_active:
        return {"curve": allocations.curve(run.progress), "waiting": allocations.waiting(run)}
    searched = run.state in {AllocationState.INFEASIBLE, AllocationState.UNKNOWN}
    return {
        "ending": allocations.ending(run, agreed=g.sees_agreements),
        "causes": allocations.causes(run) if searched else [],
        "relaxations": allocations.relaxations(run, needs=g.sees_needs, agreed=g.sees_agreements),
        "asks_an_owner": searched and not g.sees_agreements,
    }


def kinds() -> dict[str, str]:
    """The kinds of places in the pictures, in their order."""
    ranks = {str(rank): _("%(rank)s. wish", rank=rank) for rank in range(1, g.conference.most_favourites + 1)}
    return {
        **ranks,
        "other": _("no wish"),
        "free": _("chose nothing that is offered"),
        "duty": _("leads, takes notes, interprets"),
        "missing": _("no place"),
    }


@blueprint.get("/<int:number>/fairness")
def fairness(number: int) -> str:
    run = _solved(number)
    note = allocations.note(run)
    return render_template(
        "organiser/results/fairness.html",
        conference=g.conference,
        run=run,
        note=note,
        proof=allocations.proof(note.goals) if note else [],
        groups=allocations.group_titles(g.conference),
    )


@blueprint.get("/<int:number>/fairness.csv")
def fairness_table(number: int) -> Response:
    """The same as a table, fit to be published."""
    run = _solved(number)
    note = allocations.note(run)
    if note is None:
        abort(404)
    rows = allocations.note_rows(note, allocations.group_titles(g.conference))
    table = exports.Table(_("Fairness note"), [_("What"), _("Number")], rows)
    return exports.download(exports.to_csv(table), [g.conference.slug, _("fairness"), str(number)], "csv")


@blueprint.get("/<int:number>/schedule.json")
def schedule(number: int) -> Response:
    """The plan for programs that read pretalx's schedules: without names, as the public programme."""
    run, config = _solved(number), current_app.extensions["planner"]
    home = config.public_url + url_for("public.conference", slug=g.conference.slug)
    plan = json.dumps(exchange.schedule(run, home, g.conference.language), ensure_ascii=False, indent=1).encode()
    return exports.download(plan, [g.conference.slug, "schedule", str(number)], "json")


@blueprint.get("/<int:number>/people/<int:id>")
def why(number: int, id: int) -> str:
    """Why this person is where she is, round by round."""
    run = _solved(number)
    person = g.scope.participant(id)
    _note_look({person.id})
    return render_template(
        "organiser/results/why.html",
        conference=g.conference,
        run=run,
        person=person,
        day=allocations.day_of(run, person, needs=g.sees_needs),
        unreadable=not allocations.is_readable(run),
        sessions={str(session.id): session for session in g.conference.sessions},
        spoken=working_language.for_herself(participants.assignments_of(person, run.id)),
    )


def _note_look(people: Collection[int]) -> None:
    """Whoever reads why somebody is where she is, or has no place, may read of what she needs. Raises Untraced."""
    if people and g.sees_needs:
        participants.note_look(g.conference.id, people, f"organiser:{g.actor.id}", clock.now())


def _solved(number: int) -> Allocation:
    run = g.scope.allocation(number)
    if run.state is not AllocationState.SOLVED:
        abort(404)
    return run


@blueprint.get("/<int:number>/meetings/<int:id>")
def meeting(number: int, id: int) -> str:
    run = _solved(number)
    view = allocations.meeting(run, id, groups=g.sees_groups)
    if view is None:
        abort(404)
    told = working_language.spoken(view.meeting, participants.there(view.seats))
    return render_template(
        "organiser/results/meeting.html",
        conference=g.conference,
        run=run,
        view=view,
        spoken=working_language.sentence(told),
        missing=working_language.missing(told),
        channel_name=working_language.channel_name,
    )


@blueprint.post("/<int:number>/publish")
def publish(number: int) -> Response:
    run = g.scope.allocation(number)
    now = clock.now()
    try:
        accepted = request.form.get("accepted", "").split()
        if allocations.publish(run, g.actor, now, accepted, agreed=g.sees_agreements):
            done = news.allocation_published(run, now)
            db.session.commit()
            jobs.deliver()
            flash(" ".join(announcing.published_sentences(done)))
        else:
            db.session.rollback()
            flash(_("This allocation is published already. Nothing was changed, and nobody is told again."))
    except PlannerError as error:
        _refused(error)
    return _back(run)


@blueprint.post("/<int:number>/unpublish")
def unpublish(number: int) -> Response:
    run = g.scope.allocation(number)
    if allocations.unpublish(run, g.actor, clock.now()):
        news.taken_back(g.conference)
    db.session.commit()
    flash(_("Nobody but organisers sees this result now."))
    return _back(run)


def _refused(error: PlannerError) -> None:
    db.session.rollback()
    flash(str(error.sentence), "error")


def _back(run: Allocation) -> Response:
    return redirect(url_for("organiser.results.show", number=run.number))
