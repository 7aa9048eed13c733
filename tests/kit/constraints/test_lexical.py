import pytest
from finishing import sound

from dutiful.kit.constraints import TYPES

OURS = [kind for kind in TYPES.values() if kind.family == "lexical"]
UPPER = {
    "keyword_at_most",
    "forbidden_words",
    "forbidden_letters",
    "letter_at_most",
    "initials_differ",
    "word_repeats_at_most",
    "no_word_twice",
    "vowels_at_most",
    "word_letters_at_most",
}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)
