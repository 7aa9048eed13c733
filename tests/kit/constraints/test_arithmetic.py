import pytest
from finishing import sound

from dutiful.kit.constraints import TYPES

OURS = [kind for kind in TYPES.values() if kind.family == "arithmetic"]
UPPER = {"no_digits"}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)


def passed(kind, text, **params):
    return TYPES[kind](**params).check(text).passed


def test_the_number_that_breaks_off_may_grow():
    assert TYPES["multiples"](7, 10, 50).finish("14, 2") == "1, 28, 35, 42, 49"
    assert TYPES["multiples"](7, 10, 50).finish("14, 3") is None
    assert TYPES["numbers_ascending"](2).finish("5 then 1") == "0"
    assert TYPES["numbers_ascending"](2).finish("5 then 1 ") is None
    assert TYPES["numbers_sum"](10).finish("4 and 7") is None


def test_counts():
    assert passed("numbers_exactly", "1,000 and 3.5", n=2)
    assert passed("numbers_sum", "3 and 7", n=10) and not passed("numbers_sum", "none", n=0)
    assert passed("number_above", "51", n=50, parity="odd") and not passed("number_above", "52", n=50, parity="odd")
    assert passed("digits_exactly", "In 1999.", n=4) and not passed("digits_exactly", "In 199.", n=4)
    assert passed("words_divisible", "one two three four", n=2) and not passed("words_divisible", "", n=2)
    assert passed("sentences_prime", "A day. A night.") and not passed("sentences_prime", "A day.")
