import pytest
from finishing import sound

from dutiful.kit.constraints import TYPES

OURS = [kind for kind in TYPES.values() if kind.family == "compound"]
UPPER = {"if_mentions", "never_both"}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)


def passed(kind, text, **params):
    return TYPES[kind](**params).check(text).passed


def test_parts_against_parts():
    assert passed("if_mentions", "rain", word="sun", then="hat") and not passed("if_mentions", "sun", word="sun", then="hat")
    assert passed("each_paragraph_holds", "a tea\n\nTEA", word="tea")
    assert TYPES["each_paragraph_holds"]("tea").finish("no\n\ntea") is None
    assert passed("bullet_letters", "- Tea\n- Eggs\n- Apples", word="TEA")
    assert TYPES["bullet_letters"]("TEA").finish("- Tea\n- Apples") is None
    assert passed("bullets_match_sentences", "One. Two.\n- a\n- b") and not passed("bullets_match_sentences", "One.\n- a\n- b")
    assert passed("states_word_count", "One two\nWords: 2") and not passed("states_word_count", "One two\nWords: 3")
    assert passed("lines_end_as_they_begin", "So it is so.\nWe are we") and not passed("lines_end_as_they_begin", "So it is.")


def test_sentences_after_sentences():
    assert passed("last_word_first", "We met at noon. Noon was hot.") and not passed("last_word_first", "We met. It was hot.")
    assert TYPES["last_word_first"]().finish("We met at noon. It was") is None
    assert passed("sentences_grow", "We met. We met there.", n=1) and not passed("sentences_grow", "We met. We met.", n=1)
    assert TYPES["sentences_grow"](1).finish("We met. We met there again") is None
    assert passed("sentence_alphabet", "All good. Bad too.", n=2)
    assert passed("first_sentence_shorter", "Yes. It is so.") and not passed("first_sentence_shorter", "It is so. Yes.")
    assert passed("alliteration_grows", "We met. Big bad bears slept.") and not passed("alliteration_grows", "Big bears. We met.")
