"""The forms of the rules that organisers set, each with what it changes."""

from typing import Any, ClassVar

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from planner import languages, roster, rules, session_rules
from planner.forms import Revision, WholeNumber, choices, number
from planner.models import MARK, MARK_VALUE, Bond, BondKind, Company, Quota
from planner.organiser.picker import PeoplePicker
from planner.rules import Whom
from planner.texts import whole
from planner.words import GIVES_WAY, RULES

MOST = 500
MOST_IN_A_BOND = 30


def _whom(row: Quota | Company | None) -> list[SelectChoice]:
    """Groups, and what is known of several people; also what the rule is about, if nobody has it any more."""
    here = languages.current()
    groups = [(str(group.id), languages.pick(group.title, here)) for group in g.conference.groups]
    known = {mark: dict.fromkeys(values) for mark, values in session_rules.marks(g.conference).items()}
    if row and row.mark:
        known.setdefault(row.mark, {})[row.value or ""] = None
    pairs = [(mark, value) for mark, values in known.items() for value in values]
    fitting = [(mark, value) for mark, value in pairs if value and len(mark) <= MARK and len(value) <= MARK_VALUE]
    return choices([*groups, *((session_rules.mark(mark, value), f"{mark}: {value}") for mark, value in fitting)])


def _chosen(row: Quota | Company) -> str:
    return session_rules.mark(row.mark, row.value or "") if row.mark else str(row.group_id)


def _read(word: str) -> Whom:
    """One of the choices, which nobody else made."""
    if word.isdecimal():
        return Whom(group_id=int(word))
    ((mark, (value,)),) = session_rules.by_name([word]).items()
    return Whom(mark=mark, value=value)


class QuotaForm(Revision):
    name: ClassVar = _l("How many of one kind")
    template: ClassVar = "organiser/rules/quota.html"

    whom = SelectField(_l("Group, or what is known of people"))
    minimum = number(_l("At least so many"), 0, MOST, required=False)
    maximum = number(_l("At most so many"), 0, MOST, required=False)
    session_id = SelectField(_l("Where?"), coerce=whole, default=0)

    @staticmethod
    def find(id: int) -> Quota:
        return g.scope.quota(id)

    @staticmethod
    def filled(row: Quota) -> dict[str, Any]:
        bounds = {"minimum": row.minimum or None, "maximum": row.maximum}
        return {"whom": _chosen(row), "session_id": row.session_id or 0, **bounds}

    def prepare(self, row: Quota | None) -> "QuotaForm":
        here = languages.current()
        self.whom.choices = _whom(row)
        named = [(each.id, f"{each.number}. {languages.pick(each.title, here)}") for each in g.conference.sessions]
        self.session_id.choices = choices([(0, _("in every meeting")), *named])
        return self

    def validate_maximum(self, field: WholeNumber) -> None:
        if None not in (field.data, self.minimum.data) and field.data < self.minimum.data:
            raise ValidationError(_("This must not be smaller than the minimum."))

    def save(self, row: Quota | None) -> None:
        session_id, maximum = self.session_id.data or None, self.maximum.data
        rules.save_quota(g.conference, row, _read(self.whom.data), session_id, self.minimum.data or 0, maximum)


class CompanyForm(Revision):
    name: ClassVar = _l("Nobody of one kind sits alone")
    template: ClassVar = "organiser/rules/protected.html"

    whom = SelectField(_l("Group, or what is known of people"))
    least = number(_l("So many keep each other company"), rules.LEAST_COMPANY, MOST, default=rules.LEAST_COMPANY)

    @staticmethod
    def find(id: int) -> Company:
        return g.scope.company(id)

    @staticmethod
    def filled(row: Company) -> dict[str, Any]:
        return {"whom": _chosen(row), "least": row.least}

    def prepare(self, row: Company | None) -> "CompanyForm":
        self.whom.choices = _whom(row)
        return self

    def save(self, row: Company | None) -> None:
        rules.save_company(g.conference, row, _read(self.whom.data), self.least.data)


class BondForm(Revision):
    name: ClassVar = _l("Who sits with whom")
    template: ClassVar = "organiser/rules/agreement.html"

    kind = RadioField(
        _l("What do you want?"),
        choices=choices(
            [(BondKind.TOGETHER.value, _l("They sit together")), (BondKind.APART.value, _l("They never meet"))]
        ),
        validate_choice=False,
    )
    people = PeoplePicker(_l("Who is it about?"), coerce=whole)

    @staticmethod
    def find(id: int) -> Bond:
        return g.scope.bond(id, g.actor, g.role)

    @staticmethod
    def filled(row: Bond) -> dict[str, Any]:
        return {"people": [member.participant_id for member in row.members]}

    def prepare(self, row: Bond | None) -> "BondForm":
        """What it is stays: whoever wants the opposite makes a rule of her own."""
        if row:
            del self.kind
        self.people.choices = choices((person.id, person.name) for person in roster.names(g.conference))
        return self

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in set(BondKind):
            raise ValidationError(_("Please choose one."))

    def validate_people(self, field: PeoplePicker) -> None:
        if len(field.data or ()) > MOST_IN_A_BOND:
            raise ValidationError(_("At most %(most)s people, please.", most=MOST_IN_A_BOND))

    def save(self, row: Bond | None) -> None:
        kind = row.kind if row else BondKind(self.kind.data)
        rules.save_bond(g.conference, row, kind, self.people.data or [], g.actor, g.role)


class OrganisationsForm(Revision):
    most = number(_l("At most so many of one organisation in a meeting"), 1, MOST, required=False)


def prices_form() -> Revision:
    """For each rule that may give way a choice, with what is stored."""
    steps = choices([("", _("strict: it never gives way")), *GIVES_WAY.items()])
    fields = {rule: SelectField(RULES[rule], choices=steps, default="") for rule in rules.FLEXIBLE}
    form: type[Revision] = type("PricesForm", (Revision,), fields)
    return form(data=g.conference.flexible).revises()


RuleForm = type[QuotaForm | CompanyForm | BondForm]
FORMS: dict[str, RuleForm] = {"quotas": QuotaForm, "protected": CompanyForm, "agreements": BondForm}
"""By the word in the address; the audit does not tell one from another, nor who sits with whom from who does not."""
