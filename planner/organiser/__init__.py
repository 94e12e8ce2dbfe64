"""What an organiser can do; policy lets only organisers of the conference in."""

from flask import Blueprint

from planner.organiser import (
    afterwards,
    agenda,
    allocations,
    audit,
    ballots,
    cards,
    conferences,
    copies,
    fetching,
    groups,
    imports,
    interpreting,
    life,
    links,
    mail,
    mail_texts,
    merging,
    messages,
    needs,
    overview,
    people,
    places,
    programme,
    results,
    rooms,
    rules,
    sessions,
    settings,
    slots,
    statements,
    submissions,
    tables,
    team,
    themes,
    together,
    wishes,
)

__all__ = ["blueprint", "fetching", "tables"]

blueprint = Blueprint("organiser", __name__, url_prefix="/organise")
blueprint.after_request(afterwards.tell)
blueprint.register_blueprint(conferences.blueprint)
blueprint.register_blueprint(mail.blueprint)
for page in (
    overview,
    submissions,
    together,
    sessions,
    merging,
    rooms,
    slots,
    programme,
    people,
    places,
    needs,
    wishes,
    statements,
    ballots,
    cards,
    links,
    imports,
    allocations,
    interpreting,
    results,
    messages,
    mail_texts,
    settings,
    themes,
    groups,
    tables.organisations,
    rules,
    agenda,
    audit,
    team,
    copies,
    life,
):
    blueprint.register_blueprint(page.blueprint, url_prefix="/<slug>" + (page.blueprint.url_prefix or ""))
