"""Requirements on position."""

from __future__ import annotations

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import position


@pytest.mark.parametrize("name", position.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(position, name))
