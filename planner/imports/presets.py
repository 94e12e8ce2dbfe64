"""How well-known programs head their columns: a list of theirs is recognised, and needs no choosing by hand."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Preset:
    """`heads` are headings (without signs and case) that together only this program writes."""

    name: str
    heads: frozenset[str]
    columns: dict[str, list[str]] = field(default_factory=dict)
    """What each heading says, by our keys; the first that the wanted kind of list has counts."""

    def fits(self, headings: set[str]) -> bool:
        return self.heads <= headings


def _preset(program: str, heads: str, /, **columns: str) -> Preset:
    """`columns`: what we call it, and the headings that say it, divided by spaces."""
    known: dict[str, list[str]] = {}
    for key, headings in columns.items():
        for heading in headings.split():
            known.setdefault(heading, []).append(key.replace("__", ":"))
    return Preset(program, frozenset(heads.split()), known)


PRESETS = (
    _preset(
        "pretix",
        "bestellnummer teilnehmername",
        name="teilnehmername",
        email="teilnehmeremail teilnehmeremailadresse",
        organisation="firma teilnehmerfirma",
        state="status",
        external="bestellnummer",
    ),
    _preset(
        "pretix",
        "ordercode attendeename",
        name="attendeename",
        email="attendeeemail",
        organisation="attendeecompany company",
        state="status orderstatus",
        external="ordercode",
    ),
    _preset(
        "SchILD",
        "nachname vorname internidnummer",
        family="nachname",
        given="vorname",
        external="internidnummer",
        attribute="klasse jahrgang",
    ),
    _preset(
        "SchILD",
        "name vorname klasse interneidnummer",
        family="name",
        given="vorname",
        external="interneidnummer",
        attribute="klasse jahrgang",
    ),
    _preset("SchILD", "nachname vorname geburtsdatum klasse", family="nachname", given="vorname", attribute="klasse"),
    _preset(
        "IServ",
        "account vorname nachname",
        given="vorname",
        family="nachname",
        external="account",
        attribute="klasse klasseinformation",
    ),
    _preset(
        "IServ",
        "importid vorname nachname",
        given="vorname",
        family="nachname",
        external="importid",
        attribute="klasse",
    ),
    _preset(
        "Outlook",
        "firstname lastname emailaddress",
        given="firstname",
        family="lastname",
        email="emailaddress",
        organisation="company",
    ),
    _preset(
        "Outlook",
        "vorname nachname emailadresse",
        given="vorname",
        family="nachname",
        email="emailadresse",
        organisation="firma",
    ),
    _preset("Outlook", "name teilnahme antwort", name="name", state="antwort"),
    _preset("Outlook", "name attendance response", name="name", state="response"),
    _preset("LimeSurvey", "id submitdate lastpage startlanguage", external="id", locale="startlanguage"),
    _preset("LimeSurvey", "antwortid datumabgeschickt startsprache", external="antwortid", locale="startsprache"),
    _preset("LimeSurvey", "responseid datesubmitted startlanguage", external="responseid", locale="startlanguage"),
    _preset("Microsoft Forms", "id startzeit fertigstellungszeit", external="id"),
    _preset("Microsoft Forms", "id starttime completiontime", external="id"),
    _preset(
        "pretalx",
        "code title track type language abstract offered",
        title="title",
        sentence="abstract",
        theme="track",
        languages="language",
        offered="offered",
    ),
    _preset("pretalx", "starts ends held about", begins="starts", finishes="ends", held="held", about="about"),
    _preset("pretalx", "guid slug name capacity", name="name", capacity_circle="capacity", directions="description"),
    _preset(
        "AKPlanning",
        "id duration infoname",
        number="id",
        title="infoname",
        sentence="infodescription",
        theme="infocategory",
    ),
    _preset("AKPlanning", "id capacity infoname", name="infoname", capacity_circle="capacity"),
    _preset("AKPlanning", "id preferences", external="id", name="infoname", wish="preferences"),
    _preset(
        "Stuhlkreis",
        "id favourites",
        name="id",
        wish="favourites",
        needs="needs",
        group="attributesgroup",
        **{f"language__{code}": f"languages{code}" for code in ("de", "en", "ar", "tr", "uk", "fa", "bg", "fr")},
    ),
    _preset("Stuhlkreis", "id capacity", name="id", capacity_circle="capacity", features="features"),
    _preset(
        "Stuhlkreis",
        "id minimum maximum",
        title="id",
        minimum="minimum",
        maximum="maximum",
        offered="offered",
        languages="languages",
        features="features",
        theme="theme",
    ),
)
"""The last ones are the solver's own files, and those of the student bodies' conferences."""
