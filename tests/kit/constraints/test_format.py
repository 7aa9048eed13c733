import json
import random

import pytest
from finishing import ends_well, sound
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.constraints import TYPES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
OURS = [kind for kind in TYPES.values() if kind.family == "format"]
UPPER = {
    "heading_level_at_most",
    "no_whitespace",
    "no_hashtags",
    "no_links",
    "no_emoji",
    "xml_attributes_at_most",
    "quotes_explained",
}


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.kind)
def test_every_type_is_sound(kind):
    sound(kind, upper=kind.kind in UPPER)


def passed(kind, text, **params):
    return TYPES[kind](**params).check(text).passed


@settings(max_examples=60, deadline=None)
@given(JSON, st.sampled_from([None, 2]), st.randoms(use_true_random=False))
def test_every_beginning_of_json_can_be_finished(value, indent, rng):
    text = json.dumps(value, indent=indent, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.3:
        text = f"```json\n{text}\n```"
    for cut in range(len(text) + 1):
        ends_well(TYPES["json_answer"](), text[:cut])
        assert TYPES["json_answer"]().finish(text[:cut]) is not None, text[:cut]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='{}[]",: 12-.etrufalsn\\`\n', max_size=12), st.text(alphabet='{}[]",:1tn\\', max_size=4))
def test_what_is_dead_is_no_beginning_of_json(text, more):
    ends_well(TYPES["json_answer"](), text)
    if TYPES["json_answer"]().check(text + more).passed:
        assert TYPES["json_answer"]().finish(text) is not None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('{"a": tr', "ue}"),
        ('{"a": "b', '"}'),
        ('{"a": -', "0}"),
        ('{"a": [1, ', "null]}"),
        ("[1] x", None),
        ("{a", None),
        ("01", None),
    ],
)
def test_json_is_closed_where_it_breaks_off(text, end):
    assert TYPES["json_answer"]().finish(text) == end


def test_keys_and_depth_of_json():
    keys = TYPES["json_keys"](("name", "price"))
    assert keys.finish('{"na') == 'me": "", "price": ""}'
    assert json.loads('{"name": 1' + keys.finish('{"name": 1')) == {"name": 1, "price": ""}
    assert keys.finish("[") is None and keys.finish("{}") is None
    assert json.loads(keys.mend('{"x": 2}', random.Random(0))) == {"name": "", "price": "", "x": 2}
    assert TYPES["json_depth_at_most"](1).finish('{"a": {') is None
    assert passed("json_depth_at_most", '{"a": "[["}', n=1)
    assert TYPES["json_depth_at_least"](3).finish('{"a": ') == '{"more": {}}}'


def test_xml_is_closed_where_it_breaks_off():
    rule = TYPES["xml_answer"]("note")
    for text in ('<note><b a="1">x &amp; y</b><c/></note>', "<note/>", "<note>\n<a>1</a> <a>2</a>\n</note>\n"):
        for cut in range(len(text) + 1):
            assert rule.finish(text[:cut]) is not None, text[:cut]
            ends_well(rule, text[:cut])
    assert rule.finish("<other>") is None and rule.finish("<note></b>") is None and rule.finish("Sure: <note>") is None


def test_tables_are_read_by_their_ruler():
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"
    assert passed("table", text, rows=2, columns=2) and not passed("table", text, rows=1, columns=2)
    assert not passed("table", "| a | b |\n| 1 | 2 |", rows=0, columns=2)
    assert TYPES["table_rows_at_most"](1).finish(text) is None
    assert TYPES["table_columns"](3).finish(text) is None
    assert TYPES["table_rows_at_least"](3).finish(text) == "\n| more | more |"


def test_code_holds_no_headings():
    assert not passed("headings_at_least", "```\n# no\n```", n=1) and passed("headings_at_least", "# yes", n=1)
    assert passed("heading_level_at_most", "# a\n```\n### b\n```", level=1)


def test_dates_must_exist():
    assert passed("iso_dates", "1796-02-29, 1815-06-18", since=1769, until=1821)
    assert not passed("iso_dates", "1797-02-29", since=1769, until=1821)
    assert TYPES["iso_dates"](1769, 1821).finish("1769-02-2") == "0"


def test_marks_in_running_text():
    assert passed("highlights_at_least", "*a* and **b**", n=2) and not passed("bold_at_least", "*a* and **b**", n=2)
    assert passed("no_links", "www. is short") and not passed("no_links", "see www.example.org")
    assert passed("no_hashtags", "# Title and C#") and not passed("no_hashtags", "so #nice")
    assert passed("title", "<<A>>") and not passed("title", "<< >>")


def test_quoted_fields():
    assert passed("csv_quoted", '"a";"b"\n"1";"2"', columns=("a", "b"), rows=1, delimiter=";")
    assert not passed("csv_quoted", '"a";"b"\n"1";2', columns=("a", "b"), rows=1, delimiter=";")
    assert passed("csv_special", 'a,b\n1,"x, y"', columns=("a", "b"), rows=1)
    assert not passed("csv_special", 'a,b\n1,"x y"', columns=("a", "b"), rows=1)


def test_emoji_and_quotations_at_the_end():
    assert passed("emoji_sentences", "So it is 🙂. Good! 🎉") and not passed("emoji_sentences", "So it is. Good 🎉")
    assert passed("quotes_explained", 'He said "no" and left.') and not passed("quotes_explained", 'He said "no".')
