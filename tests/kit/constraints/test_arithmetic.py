import pytest
from finishing import sound

from dutiful.kit.constraints import TYPES

OURS = [kind for kind in TYPES.values() if kind.family == "arithmetic"]
UPPER = {"no_digits"}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)
