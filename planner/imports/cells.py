"""What people write into cells: languages and how well, needs, states, numbers; by word, in German and English."""

import re
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

from planner.imports.columns import plain
from planner.models import Level, NeedKind, ParticipantState, Seating
from planner.words import TONGUES

BREAKS = re.compile(r"[,;/|+&\n•]| und | and | sowie | u\. ", re.IGNORECASE)
LITTLE = (
    "etwas wenig bisschen wenige kaum anfänger anfängerin grundkenntnisse a1 a2 basic basics little beginner hilfe help"
)
HALF = "versteht verstehe verstehen mittel b1 mittelmäßig befriedigend understands understand intermediate ok okay"
WELL = (
    "gut sehr fließend fliessend muttersprache muttersprachlich b2 c1 c2 spricht spreche perfekt verhandlungssicher "
    "fluent native good well speaks speak mother tongue ja yes x"
)
NONE = "kein keine keinen nicht nein no none not 0"
LEVELS = {
    **dict.fromkeys(LITTLE.split(), Level.NEEDS_HELP),
    **dict.fromkeys(HALF.split(), Level.UNDERSTANDS),
    **dict.fromkeys(WELL.split(), Level.SPEAKS),
    **{level.value.replace("_", ""): level for level in Level},
}
"""Stronger than "gut" beside it is the word that says less: "sehr wenig", "gut, aber etwas unsicher"."""
FILLERS = {
    "ein",
    "eine",
    "einen",
    "bisschen",
    "sprachkenntnisse",
    "kenntnisse",
    "niveau",
    "level",
    "ca",
    "als",
    "aber",
    "in",
}
FURTHER = {
    "farsi": "fa",
    "dari": "fa",
    "persisch": "fa",
    "hocharabisch": "ar",
    "ukrainian": "uk",
    "ukrainisch": "uk",
    "turkce": "tr",
}
NEEDS = {
    NeedKind.STEP_FREE: "rollstuhl rolli rollator gehbehind stufen barrierefrei treppe aufzug wheelchair "
    "step lift elevator ramp mobility",
    NeedKind.HEARING_LOOP: "höranlage hörschleife hörgerät induktion schwerhörig hörbehind hearing",
    NeedKind.QUIET: "ruhig ruhe reizarm rückzug quiet",
    NeedKind.SEAT_NEAR_DOOR: "tür door ausgang exit",
    NeedKind.SIGN_LANGUAGE: "gebärden gehörlos dgs sign deaf",
    NeedKind.CHILD_CARE: "kinder child kids betreuung",
}
NOTHING = {"", "nein", "no", "keine", "keiner", "nichts", "none", "nope", "n", "0", "false", "falsch", "k.a.", "-", "–"}
YES = {"ja", "yes", "j", "y", "x", "✓", "✔", "1", "true", "wahr", "stimmt"}
STATES = {
    ParticipantState.CONFIRMED: "zugesagt zusage bestätigt confirmed accepted akzeptiert ja yes bezahlt paid teilnahme "
    "p nimmtteil kommt",
    ParticipantState.REGISTERED: "angemeldet registered registriert pending offen ausstehend keine none "
    "mitvorbehalt tentative n neu new",
    ParticipantState.WAITING: "warteliste wartet waiting waitinglist nachrücker",
    ParticipantState.CANCELLED: "abgesagt absage storniert cancelled canceled declined abgelehnt nein no c kommtnicht",
}
FEATURES = {
    "step_free": NEEDS[NeedKind.STEP_FREE],
    "hearing_loop": NEEDS[NeedKind.HEARING_LOOP],
    "quiet": NEEDS[NeedKind.QUIET],
    "projector": "beamer projektor projector leinwand bildschirm screen smartboard",
}
SEATINGS = {Seating.CIRCLE: "kreis stuhlkreis circle", Seating.ROWS: "reihen reihe rows kino"}


@lru_cache(maxsize=1)
def tongues() -> dict[str, str]:
    """Every language that can be chosen here, by its names in German, in English and in itself, and by its code."""
    found = dict(FURTHER)
    for code in TONGUES:
        for locale in {"de", "en", *TONGUES}:
            found[plain(Locale.parse(locale).languages.get(code, code))] = code
        found[code] = code
    return found


def parts(text: str) -> list[str]:
    return [part.strip() for part in BREAKS.split(text) if part.strip()]


@lru_cache(maxsize=2000)
def _read_languages(text: str) -> tuple[dict[str, Level], list[str]]:
    """ "Arabisch, etwas Deutsch (A2)" in codes with levels; and the words that are no language we know."""
    found: dict[str, Level] = {}
    unknown: list[str] = []
    for part in parts(text):
        words = [plain(word) for word in re.findall(r"[\w’']+", part)]
        codes = [tongues()[word] for word in words if word in tongues()]
        if codes:
            found |= dict.fromkeys(codes, level_of(words)) if not set(words) & set(NONE.split()) else {}
        elif words and part.casefold() not in NOTHING:
            # "Deutsch (gut, A2)" is broken in the middle: a level alone belongs to the language before.
            if found and all(word in LEVELS or word in FILLERS for word in words):
                last = next(reversed(found))
                found[last] = weakest({found[last], level_of(words)})
            else:
                unknown.append(part)
    return found, unknown


def languages(text: str) -> tuple[dict[str, Level], list[str]]:
    """Read once for each wording: a long list says the same a thousand times."""
    found, unknown = _read_languages(text)
    return dict(found), list(unknown)


def level_of(words: Iterable[str]) -> Level:
    """The weakest that is said; a language without a word for how well is one that she speaks."""
    return weakest({LEVELS[word] for word in words if word in LEVELS})


def weakest(said: set[Level]) -> Level:
    return next((level for level in (Level.NEEDS_HELP, Level.UNDERSTANDS) if level in said), Level.SPEAKS)


def level(text: str) -> Level | None:
    """Of a column of its own, "Deutsch": "gut", "A2", "ja", "nein"; raises ValueError for other words."""
    words = [plain(word) for word in re.findall(r"[\w✓✔]+", text)]
    if text.strip().casefold() in NOTHING or set(words) & set(NONE.split()):
        return None
    if text.strip().casefold() in YES or any(word in LEVELS for word in words):
        return level_of(words)
    raise ValueError(text)


def _by_word(text: str, kinds: dict) -> tuple[list, list[str]]:  # type: ignore[type-arg]
    found, unknown = [], []
    for part in parts(text):
        if part.casefold() in NOTHING:
            continue
        kind = next((kind for kind, stems in kinds.items() if _says(part, kind, stems)), None)
        if kind is None:
            unknown.append(part)
        elif kind not in found:
            found.append(kind)
    return found, unknown


def _says(part: str, kind: str, stems: str) -> bool:
    bare = part.casefold()
    return plain(kind) == plain(bare) or any(stem in bare for stem in stems.split())


def needs(text: str) -> tuple[list[NeedKind], list[str]]:
    """Kinds of needs, and the words that we do not know."""
    return _by_word(text, NEEDS)


def features(text: str) -> tuple[list[str], list[str]]:
    return _by_word(text, FEATURES)


def state(text: str) -> ParticipantState | None:
    bare = plain(text)
    return next((each for each, words in STATES.items() if bare == each.value or bare in words.split()), None)


def seating(text: str) -> Seating | None:
    bare = plain(text)
    return next((each for each, words in SEATINGS.items() if any(word in bare for word in words.split())), None)


def yes(text: str) -> bool:
    """Raises ValueError for what is neither yes nor no."""
    bare = text.strip().casefold()
    if bare not in YES | NOTHING:
        raise ValueError(text)
    return bare in YES
