"""Lists from elsewhere: bring one, see what it would do, take it in as a whole, take it back."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from planner import acts, auth, clock
from planner.errors import NotYourRole, PlannerError, SignInAfresh
from planner.extensions import db
from planner.forms import Form, choices, line
from planner.imports import batches, reading
from planner.imports.columns import HEADING_WITHIN
from planner.imports.plan import SKIP, Fate, Plan, Question
from planner.imports.reader.charset import CHARSETS
from planner.imports.reader.limits import MOST_BYTES
from planner.models import ImportBatch, ImportKind, ImportState
from planner.organiser.places import settle, tell
from planner.texts import AtMost, tidy_line, whole
from planner.words import IMPORT_KINDS

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
MOST_PASTED = 1_000_000  # characters
MOST_QUESTIONS = 200
PAGE = 50
NAMES = {
    "cp1252": _l("Windows, Western Europe"),
    "mac_roman": _l("older Mac"),
    "cp850": "DOS",
    "cp1250": _l("Windows, Central Europe"),
    "cp1251": _l("Windows, Cyrillic"),
    "cp1254": _l("Windows, Turkish"),
    "cp1256": _l("Windows, Arabic"),
}


def cells_as_they_are(pasted: str | None) -> str:
    """Tabs divide the cells, so nothing is tidied before they are read."""
    return (pasted or "").replace("\0", "")


class UploadForm(Form):
    kind = RadioField(_l("What is in your list?"), default="people")
    file = FileField(_l("A file"))
    pasted = TextAreaField(
        _l("Or paste your list here"),
        validators=[Optional(), AtMost(MOST_PASTED)],
        filters=[cells_as_they_are],
        render_kw={"rows": 7},
    )
    charset = SelectField(_l("Are letters wrong, as in “MÃ¼ller”? Choose how the file was saved."), default="")

    def prepare(self) -> "UploadForm":
        self.kind.choices = choices((kind.value, IMPORT_KINDS[kind][0]) for kind in batches.NOUNS)
        named = ((name, NAMES.get(name, name.upper())) for name in CHARSETS)
        self.charset.choices = choices([("", _("find out by itself")), *named])
        return self


class DraftForm(Form):
    table = SelectField(_l("Sheet"), coerce=whole)
    heading = SelectField(_l("The headings stand in"), coerce=whole)
    consent = line(_l("From where is the consent that we store what these people need?"), 300, required=False)
    faults = SelectField(_l("Lines with mistakes"))


@blueprint.get("/")
def index() -> Response:
    wanted = request.args.get("kind", "")
    return _upload(UploadForm(kind=wanted if wanted in set(ImportKind) else "people").prepare())


@blueprint.post("/")
def start() -> Response:
    """The list is read while nobody waits for us: reading may take seconds, and writers queue up."""
    form = UploadForm().prepare()
    if not form.validate_on_submit():
        return _upload(form)
    uploaded = form.file.data
    name = tidy_line(uploaded.filename) if uploaded else ""
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded else (form.pasted.data or "").encode()
    chosen = "" if not uploaded else form.charset.data
    db.session.rollback()
    try:
        read = reading.read(data, chosen or ("" if uploaded else "utf-8"))
        g.holds_role()  # she may have been removed meanwhile
        batch = batches.start(g.conference, g.actor, ImportKind(form.kind.data), read, name, clock.now())
    except NotYourRole:
        raise
    except PlannerError as error:
        db.session.rollback()
        form.refuse(error)
        return _upload(form)
    db.session.commit()
    return redirect(url_for("organiser.imports.show", id=batch.id))


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def show(id: int) -> Response:
    batch = g.scope.import_batch(id, g.actor)
    if request.method == "POST":
        batches.hold(batch)  # what is chosen in a second tab must not come back after the list is taken in
    if batch.state is not ImportState.DRAFT:
        return make_response(_page("organiser/imports/done.html", batch=batch))
    if batch.is_emptied:
        return redirect(url_for("organiser.imports.index"))
    draft = batches.Draft.of(batch)
    if request.method == "POST":
        _choose(draft)
        if g.get("switches_language"):
            return _shown_again(draft)
        acts.nothing()
        db.session.commit()
        return redirect(url_for("organiser.imports.show", id=id, _anchor="preview"))
    return _preview(draft)


@blueprint.post("/<int:id>/apply")
def apply(id: int) -> Response:
    batch = g.scope.import_batch(id, g.actor)
    batches.hold(batch)
    if not batch.waits:  # pressed twice: the first one did it
        return redirect(url_for("organiser.imports.show", id=id))
    draft = batches.Draft.of(batch)
    _choose(draft)
    if g.get("switches_language"):
        return _shown_again(draft)
    _keep_choices()
    try:
        with batches.one_after_the_other():
            taken = _take_in(id)
    except (batches.Waiting, SignInAfresh, NotYourRole):
        raise
    except PlannerError as error:
        db.session.rollback()
        return _shown_again(draft, error)
    if taken:
        flash(_("Taken in. You can take it back; what somebody changes from now on stays."))
    return redirect(url_for("organiser.imports.show", id=id))


def _keep_choices() -> None:
    """They concern nobody but her; the request may still be tried again."""
    acts.nothing()
    db.session.commit()
    g.kept = False


def _take_in(id: int) -> bool:
    """Planned while others write. Only where they changed something each time, the last plan is made by the writer."""
    for last in (False, False, True):
        g.writes = last
        batch = g.scope.import_batch(id, g.actor)
        if last:
            g.holds_role()
            batches.hold(batch)
        if not batch.waits:
            return False
        foreseen = batches.foresee(batch, _reader(), clock.now)
        if foreseen.plan.changes_addresses:
            auth.must_be_fresh(clock.now(), url_for("security.verify", next=url_for("organiser.imports.show", id=id)))
        if not last:
            db.session.rollback()
            g.writes = True
            g.holds_role()  # she may have been removed while it was planned
            batches.hold(batch)
        if batch.waits and batches.apply(batch, foreseen, request.form.get("seen", ""), _reader(), clock.now):
            told = settle()
            db.session.commit()
            tell(told)
            return True
        db.session.rollback()
    raise batches.Changed


@blueprint.post("/<int:id>/cancel")
def cancel(id: int) -> Response:
    """A list that was taken in at the same moment stays: with it would go the way to take it back."""
    batch = g.scope.import_draft(id, g.actor)
    batches.hold(batch)
    if batch.state is not ImportState.DRAFT:
        flash(_("This list was taken in at the same moment, so it cannot be dropped. You can take it back."), "error")
        return redirect(url_for("organiser.imports.show", id=id))
    db.session.delete(batch)
    db.session.commit()
    flash(_("The list is dropped. Nothing was changed."))
    return redirect(url_for("organiser.imports.index"))


@blueprint.post("/<int:id>/undo")
def undo(id: int) -> Response:
    try:
        stays = batches.undo(g.scope.import_batch(id, g.actor), _reader(), clock.now())
        db.session.commit()
    except PlannerError as error:
        flash(str(error.sentence), "error")
        return redirect(url_for("organiser.imports.index"))
    flash(_("Taken back."))
    if not stays:
        return redirect(url_for("organiser.imports.index"))
    return make_response(_page("organiser/imports/stays.html", stays=stays))


def _reader() -> str:
    return f"organiser:{g.actor.id}"


def _choose(draft: batches.Draft) -> None:
    """Keep every choice that the form has; what it does not have stays."""
    form = _form(draft, None, request.form)
    columns = {at: form[f"column-{at}"].data for at in range(len(draft.headings)) if f"column-{at}" in request.form}
    shown = (draft.layout.table, draft.layout.heading)
    if form.table.data is not None:
        draft.turn_to(form.table.data)
    if form.heading.data is not None and draft.layout.table == shown[0]:
        draft.head_with(form.heading.data - 1)
    if draft.layout.table == shown[0]:
        known = dict(batches.noun(draft.batch).labels())
        same = draft.layout.heading == shown[1]  # else what was not chosen by hand is recognised anew
        draft.layout.columns |= {at: key for at, key in columns.items() if key in known or (same and not key)}
    answers = {name[7:]: value for name, value in request.form.items() if name.startswith("answer-")}
    draft.answers |= {mark[:12]: value[:60] for mark, value in answers.items()}
    draft.answers["faults"] = form.faults.data or ""
    draft.consent = form.consent.data if form.consent.data is not None else draft.consent
    draft.keep()


def _form(draft: batches.Draft, plan: Plan | None, sent: Any = None) -> DraftForm:
    """The columns as choices, and the questions of the plan; `sent` is what somebody chose."""
    known = choices([("", _("– leave out –")), *batches.noun(draft.batch).labels()])
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"table": draft.layout.table, "heading": draft.layout.heading + 1}
    for at, heading in enumerate(draft.headings):
        fields[f"column-{at}"] = SelectField(heading, choices=known)
        values[f"column-{at}"] = draft.layout.columns.get(at, "")
    for question in _asked(plan):
        options = choices([("", _("please choose")), *question.options])
        fields[f"answer-{question.mark}"] = SelectField(str(question.text), choices=options)
        values[f"answer-{question.mark}"] = question.answer
    values |= {"consent": draft.consent, "faults": draft.answers.get("faults", "")}
    form = type("DraftForm", (DraftForm,), fields)(data=values, formdata=sent)
    form.consent.flags.required = draft.says_needs
    form.table.choices = choices((at, table.name or _("the list")) for at, table in enumerate(draft.tables))
    rows = [(number + 1, _("line %(line)s", line=number)) for number, _cells in draft.table.rows[:HEADING_WITHIN]]
    form.heading.choices = choices([(0, _("no line: there are none")), *rows])
    form.faults.choices = choices([("", _("I correct them in my list first")), (SKIP, _("leave these lines out"))])
    return form


def _asked(plan: Plan | None) -> list[Question]:
    """Open ones first; of very many the rest comes when these are answered."""
    questions = sorted(plan.questions.values(), key=lambda each: not each.is_open) if plan else []
    return questions[:MOST_QUESTIONS]


def _shown_again(draft: batches.Draft, error: PlannerError | None = None) -> Response:
    """What was chosen is kept, and nothing else was done; from here on she reads, and who reads needs is traced."""
    _keep_choices()
    g.writes = False
    return _preview(draft, error)


def _preview(draft: batches.Draft, error: PlannerError | None = None) -> Response:
    plan = draft.plan(_reader(), clock.now)
    form = _form(draft, plan)
    status = form.refuse(error) if error else 200
    if isinstance(error, batches.NotReady):
        for question in _asked(plan):
            form[f"answer-{question.mark}"].errors = [_("Please choose one.")] if question.is_open else []
    only = request.args.get("only", "")
    rows = [row for row in plan.rows if not only or row.fate == only]
    page = request.args.get("page", 1, type=whole) or 1
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return make_response(
        _page(
            "organiser/imports/preview.html",
            batch=draft.batch,
            draft=draft,
            charset=NAMES.get(draft.batch.charset, draft.batch.charset.upper()),
            plan=plan,
            form=form,
            questions=[(question, form[f"answer-{question.mark}"]) for question in _asked(plan)],
            rows=shown,
            only=only,
            page=page,
            more=len(rows) > page * PAGE,
            seen=batches.mark(plan),
            deed=deed(draft.batch, plan),
        ),
        status,
    )


def deed(batch: ImportBatch, plan: Plan) -> str:
    """What the button will do, counted."""
    parts = []
    new, changed = plan.count(Fate.NEW), plan.count(Fate.CHANGED)
    if new:
        parts.append(ngettext("add %(num)s", "add %(num)s", new))
    if changed:
        parts.append(ngettext("change %(num)s", "change %(num)s", changed))
    return _("Take in: %(what)s", what=", ".join(parts))


def _upload(form: UploadForm) -> Response:
    page = _page(
        "organiser/imports/index.html",
        form=form,
        done=batches.done(g.conference),
        drafts=batches.drafts(g.conference, g.actor),
    )
    return make_response(page, form.status)


def _page(template: str, **shown: Any) -> str:
    return render_template(template, conference=g.conference, now=clock.now(g.conference), **shown)
