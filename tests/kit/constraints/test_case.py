"""Requirements on case."""

from __future__ import annotations

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import case


@pytest.mark.parametrize("name", case.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(case, name))
