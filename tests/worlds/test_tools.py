"""The tools world: the battery, and tasks that prove themselves."""

import pytest

from dutiful.testing import check_world


@pytest.mark.parametrize("knobs", ["", "?depth=4&loops=1", "?branches=1", "?depth=1&given=needed&decoys=3"])
def test_the_battery_passes(knobs):
    assert check_world(f"tools{knobs}").ran == 15
