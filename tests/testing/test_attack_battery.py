"""The battery of attacks runs on every attack and defence there is."""

import pytest

from dutiful.core.parts import registry
from dutiful.testing import check_attack


@pytest.mark.parametrize("name", sorted(registry("attack")))
def test_our_attacks_and_defences_pass(name):
    assert check_attack(name, "rag/facts?k=1&retriever=gold").ran >= 4
