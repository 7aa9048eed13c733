"""Requirements on language."""

from __future__ import annotations

import pytest
from rule_properties import check_type

from dutiful.kit.constraints import language


@pytest.mark.parametrize("name", language.__all__)
def test_contract(name: str) -> None:
    check_type(getattr(language, name))
