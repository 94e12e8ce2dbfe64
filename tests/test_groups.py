"""What shares something dear runs on one worker: where that is forgotten, nothing else fails, all only takes longer."""

import pytest


@pytest.mark.browser  # as whatever needs a server; this one opens none
def test_whatever_shares_a_server_is_handed_out_with_its_group(request: pytest.FixtureRequest) -> None:
    """pytest 9.2 derived a test's name anew, and xdist's groups, which it writes behind the name, were lost."""
    if not request.config.getoption("loadgroup", False):
        return  # nothing is handed out
    groups = {item: item.get_closest_marker("xdist_group") for item in request.session.items}
    shared = {item.nodeid: mark.args[0] for item, mark in groups.items() if mark}

    assert groups[request.node]
    assert {name for name, group in shared.items() if not name.endswith(f"@{group}")} == set()
