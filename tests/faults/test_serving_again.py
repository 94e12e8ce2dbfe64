"""FLT-1: what it takes until killed web processes serve again."""

import pytest

from tests.faults import arms, processes, site


@pytest.mark.xdist_group("load")
def test_a_web_process_that_is_killed_is_replaced_without_loading_the_application_again() -> None:
    """Each process loaded it for itself, a second of processor each: 6 to 19 s on a busy machine."""
    with site.folder() as place:
        site.prepared(place, "", 1)
        web = site.Web(place, "", app=arms.COUNTED)
        web.start()
        try:
            assert processes.within(60, lambda: len(web.workers()) == 2)
            killed = web.workers()
            for worker in killed:
                processes.end(worker)
            assert processes.within(60, lambda: len(set(web.workers()) - set(killed)) == 2)
            assert processes.within(60, lambda: site.serves(web.port))
            assert web.log.read_text().count("loaded") == 1
        finally:
            web.stop()
