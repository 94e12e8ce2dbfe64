"""Which channels a meeting can have, and whom each of them serves."""

from solver.problem import Level, Participant, Session
from solver.problem.eligibility import channels, may_listen, understands, working_languages

ONE = Session("one", languages=frozenset({"de", "en"}))
BOTH = Session("both", languages=frozenset({"de", "ar"}), two_language=True)
NONE = Session("none")
PAIRS = frozenset({"ar-de", "uk-en"})


def person(*languages: str) -> Participant:
    return Participant("p", languages=dict.fromkeys(languages, Level.UNDERSTANDS))


def test_a_meeting_is_held_in_one_of_its_sessions_languages() -> None:
    assert working_languages(ONE) == ("de", "en")
    assert working_languages(NONE) == (None,)


def test_a_two_language_session_is_held_in_both_at_once_or_in_one_that_everybody_shares() -> None:
    assert working_languages(BOTH) == (None, "ar", "de")


def test_understanding_is_that_of_the_working_language_or_of_both() -> None:
    assert understands(person("en"), ONE, "en")
    assert not understands(person("en"), ONE, "de")
    assert understands(person("ar", "de"), BOTH, None)
    assert not understands(person("ar"), BOTH, None)
    assert understands(person("ar"), BOTH, "ar")
    assert not understands(person("ar"), BOTH, "de")
    assert understands(person(), NONE, None)


def test_a_channel_leads_from_the_working_language_into_another() -> None:
    assert channels(PAIRS, ONE, "de") == {"ar"}
    assert channels(PAIRS, ONE, "en") == {"uk"}
    assert channels(PAIRS, BOTH, None) == {"ar-de"}
    assert channels(PAIRS, BOTH, "de") == frozenset()
    assert channels(frozenset({"de-uk"}), BOTH, None) == channels(PAIRS, NONE, None) == frozenset()


def test_who_understands_the_working_language_never_listens() -> None:
    assert may_listen(person("ar"), ONE, "de", "ar")
    assert not may_listen(person("ar", "de"), ONE, "de", "ar")
    assert not may_listen(person("uk"), ONE, "de", "ar")
    assert may_listen(person("ar"), BOTH, None, "ar-de")
    assert not may_listen(person("ar", "de"), BOTH, None, "ar-de")
    assert not may_listen(person("uk"), BOTH, None, "ar-de")
    assert not may_listen(person("ar"), BOTH, "de", "ar-de")
    assert not may_listen(person("ar"), BOTH, "ar", "ar-de")
