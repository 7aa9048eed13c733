"""Requirements on length."""

from __future__ import annotations

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import length


@pytest.mark.parametrize("name", length.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(length, name))
