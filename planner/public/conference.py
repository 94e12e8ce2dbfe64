"""A conference for everybody: what it is about, when, the programme; no person's name."""

from flask import g, render_template

from planner import clock


def show() -> str:
    return render_template("public/conference.html", conference=g.conference, now=clock.now(g.conference))


def programme() -> str:
    return render_template("public/programme.html", conference=g.conference, now=clock.now(g.conference))
