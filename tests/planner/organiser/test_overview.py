"""The overview: one step to do next, and every phase that is open."""

from planner.models import Phase
from tests import factories as make
from tests.planner.organiser.conftest import Office


def test_the_overview_recommends_one_step_and_marks_every_open_phase(office: Office) -> None:
    text = office.client.fetch(office.home).text

    assert text.count("button-primary") == 1
    assert text.count('<li class="present" aria-current="step">') == 2
    assert office.conference.open_phases(make.NOW) == {Phase.CALL, Phase.WISHES}
