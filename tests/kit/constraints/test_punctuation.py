"""Requirements on punctuation."""

from __future__ import annotations

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import punctuation


@pytest.mark.parametrize("name", punctuation.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(punctuation, name))
