"""Requirements on Chinese texts: how they are worded, what meets them and what does not, and how a text is mended."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from dutiful.core.records import Constraint
from dutiful.kit.constraints import TYPES, rule, shown
from dutiful.kit.constraints.parse import parse
from dutiful.kit.constraints.text import chinese, sentences

PLAIN = "今天天气很好。我们去公园散步。"
QUESTION = "今天天气很好。你去公园吗？"
TABLE = "| 城市 | 国家 |\n|---|---|\n| 罗马 | 意大利 |\n| 巴黎 | 法国 |"
TEXTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("words_at_most", {"n": 13}, PLAIN, PLAIN + "好。"),
    ("words_at_least", {"n": 13}, PLAIN, "今天天气很好。"),
    ("words_between", {"low": 10, "high": 13}, PLAIN, "天气很好。"),
    ("words_exactly", {"n": 13}, PLAIN, PLAIN + "好。"),
    ("words_around", {"n": 14}, PLAIN, PLAIN * 2),
    ("sentences_at_most", {"n": 2}, PLAIN, QUESTION + "太好了！"),
    ("sentences_at_least", {"n": 2}, QUESTION, "今天天气很好，我们去公园散步。"),
    ("sentences_exactly", {"n": 3}, "他说：“你好。”我也说：“你好！”然后走了。", PLAIN),
    ("sentences_between", {"low": 2, "high": 3}, PLAIN, "今天天气很好……我们走吧。"),
    ("paragraphs_exactly", {"n": 2}, "第一段。\n\n第二段。", "第一段。\n第二段。"),
    ("paragraphs_at_least", {"n": 2}, "第一段。\n\n第二段。", PLAIN),
    ("paragraphs_at_most", {"n": 1}, PLAIN, "第一段。\n\n第二段。"),
    ("lines_exactly", {"n": 2}, "第一行\n第二行", "第一行"),
    ("lines_at_most", {"n": 2}, "第一行\n第二行", "第一行\n第二行\n第三行"),
    ("characters_at_most", {"n": 15}, PLAIN, PLAIN + "好"),
    ("characters_at_least", {"n": 15}, PLAIN, "今天天气很好。"),
    ("characters_between", {"low": 12, "high": 15}, PLAIN, PLAIN * 2),
    ("words_per_sentence_at_most", {"n": 7}, PLAIN, "今天天气很好我们去公园散步。"),
    ("words_per_sentence_at_least", {"n": 6}, PLAIN, "好。我们去公园散步。"),
    ("words_per_sentence_exactly", {"n": 4}, "天气很好。我们走吧！", PLAIN),
    ("sentences_per_paragraph", {"n": 2}, PLAIN + "\n\n" + QUESTION, PLAIN + "\n\n好。"),
    ("starts_with", {"phrase": "总之，"}, "总之，天气很好。", PLAIN),
    ("ends_with", {"phrase": "谢谢阅读。"}, PLAIN + "谢谢阅读。", PLAIN),
    ("first_word", {"word": "首先"}, "“首先，天气很好。”", PLAIN),
    ("last_word", {"word": "散步"}, PLAIN, QUESTION),
    ("lines_start_with", {"mark": ">"}, "> 天气很好\n> 我们走吧", "> 天气很好\n我们走吧"),
    ("no_commas", {}, PLAIN, "今天，天气很好。"),
    ("no_mark", {"mark": ";"}, PLAIN, "天气好；我们走吧。"),
    ("no_exclamation_marks", {}, PLAIN, "太好了！"),
    ("no_questions", {}, PLAIN, QUESTION),
    ("no_dashes", {}, PLAIN, "公园——我们常去的地方——很大。"),
    ("no_punctuation", {}, "今天天气很好", "他读《论语》"),
    ("marks_at_least", {"mark": ",", "n": 2}, "今天，天气好，我们走吧。", "今天，天气很好。"),
    ("marks_at_most", {"mark": "!", "n": 1}, "太好了！我们走吧。", "太好了！走吧！"),
    ("marks_exactly", {"mark": ":", "n": 1}, "他说：天气很好。", PLAIN),
    ("questions_exactly", {"n": 1}, QUESTION, PLAIN),
    ("ends_with_mark", {"mark": "?"}, QUESTION, PLAIN),
    ("sentences_end_with", {"mark": "!"}, "太好了！走吧！", "太好了！走吧。"),
    ("statements_to_questions", {}, PLAIN + "你去吗？", QUESTION),
    ("balanced_sentences", {}, "天气很好。你去吗？太好了！", QUESTION),
    ("in_language", {"language": "Chinese"}, PLAIN, "The weather is fine and we are going to the park."),
    ("in_chinese", {"script": "simplified"}, "这里的书很贵。", "這裡的書很貴。"),
    ("no_latin_letters", {}, PLAIN, "我喜欢jazz。"),
    ("english_then_chinese", {}, "The weather is fine.\n\n天气很好。", PLAIN),
    ("keywords", {"words": ("天气", "公园")}, PLAIN, "今天天气很好。"),
    ("keywords_in_order", {"words": ("天气", "公园")}, PLAIN, "公园里天气很好。"),
    ("keyword_at_least", {"word": "公园", "n": 2}, "公园里还有公园。", PLAIN),
    ("keyword_at_most", {"word": "公园", "n": 1}, PLAIN, "公园里还有公园。"),
    ("keyword_exactly", {"word": "公园", "n": 2}, "公园里还有公园。", PLAIN),
    ("forbidden_words", {"words": ("公园", "天气")}, "我们去海边散步。", PLAIN),
    ("either_keyword", {"first": "公园", "second": "海边"}, PLAIN, "公园在海边。"),
    ("bullets_exactly", {"n": 2}, "要点：\n- 散步\n- 读书", "- 散步"),
    ("bullets_at_least", {"n": 2}, "* 散步\n* 读书", "- 散步"),
    ("bullets_at_most", {"n": 1}, "- 散步", "- 散步\n- 读书"),
    ("numbered_exactly", {"n": 2}, "1、散步\n2、读书", "1、散步\n3、读书"),
    ("starred_paragraphs", {"n": 2}, "第一段。\n***\n第二段。", PLAIN),
    ("two_answers", {}, "去公园。\n******\n去海边。", "去公园。"),
    ("one_of", {"options": ("是", "否")}, "是。", "也许。"),
    ("headings_at_least", {"n": 1}, "# 天气\n" + PLAIN, PLAIN),
    ("heading_level", {"level": 2}, "## 天气\n" + PLAIN, "# 天气"),
    ("heading_level_at_most", {"level": 2}, "## 天气", "### 天气"),
    ("quote_lines_at_least", {"n": 1}, "> 学而时习之", PLAIN),
    ("code_block", {"language": "python"}, "```python\nprint('好')\n```", PLAIN),
    ("highlights_at_least", {"n": 1}, "今天*天气*很好。", PLAIN),
    ("bold_at_least", {"n": 1}, "今天**天气**很好。", "今天*天气*很好。"),
    ("title", {}, "<<天气>>\n" + PLAIN, PLAIN),
    ("in_quotation_marks", {}, f'"{PLAIN}"', PLAIN),
    ("no_whitespace", {}, PLAIN, "今天 天气很好。"),
    ("no_hashtags", {}, PLAIN, "今天天气很好#散步"),
    ("no_links", {}, PLAIN, "请看https://example.org"),
    ("no_emoji", {}, PLAIN, "天气很好\U0001f642"),
    ("json_answer", {}, '{"天气": "很好"}', PLAIN),
    ("json_keys", {"keys": ("天气", "地点")}, '{"天气": "好", "地点": "公园"}', '{"天气": "好"}'),
    ("json_depth_at_most", {"n": 1}, '{"天气": "好"}', '{"天气": ["好"]}'),
    ("json_depth_at_least", {"n": 2}, '{"天气": ["好"]}', '{"天气": "好"}'),
    ("table", {"rows": 2, "columns": 2}, TABLE, PLAIN),
    ("table_columns", {"n": 2}, TABLE, PLAIN),
    ("table_rows_at_least", {"n": 2}, TABLE, PLAIN),
    ("table_rows_at_most", {"n": 2}, TABLE, TABLE + "\n| 北京 | 中国 |"),
    ("no_digits", {}, "我们走了三公里。", "我们走了3公里。"),
    ("numbers_exactly", {"n": 2}, "从8点到12点。", "我们8点走。"),
    ("digits_exactly", {"n": 3}, "从8点到12点。", "我们8点走。"),
)
"""Kind, parameters, a text that meets it and one that does not."""


def test_every_type_with_chinese_wordings_has_texts() -> None:
    assert {kind for kind, _, _, _ in TEXTS} == {kind for kind, each in TYPES.items() if each.wordings_zh}
    assert all(bool(each.wordings_zh) == ("zh" in each.languages) for each in TYPES.values())


@pytest.mark.parametrize(("kind", "params", "good", "bad"), TEXTS, ids=[each[0] for each in TEXTS])
def test_chinese(kind: str, params: dict[str, Any], good: str, bad: str) -> None:
    asked = rule(Constraint(kind, params))
    wordings = [asked.wording(index, "zh") for index in range(len(asked.wordings_zh))]
    assert len(set(wordings)) >= 2
    for wording in wordings:
        assert chinese(re.sub("[A-Za-z]", "", wording)) and "{" not in wording and not re.search("[,?!;:.] |[,?!;]$", wording)
        assert not any(f"“{name}”" in wording for name in asked.names_zh), wording
    assert asked.constraint(1, "zh").wording == wordings[1]
    assert asked.check(good).passed, asked.check(good)
    assert not asked.check(bad).passed, asked.check(bad)
    assert asked.finish(good) == "" and asked.mend(good, Random(0)) == good
    for draft in (bad, PLAIN, "今天天气很好，我们", ""):
        end = asked.finish(draft)
        assert end is None or asked.check(draft + end).passed, (draft, end)
        mended = asked.mend(draft, Random(0))
        assert asked.check(mended).passed, (draft, mended)
    for cut in range(len(good)):
        end = asked.finish(good[:cut])
        assert not asked.steers or (end is not None and asked.check(good[:cut] + end).passed), (good[:cut], end)


IN_ENGLISH = {"in_language", "english_then_chinese", "code_block"}
"""What they add to a Chinese text has to hold Latin letters, or the text itself is in English."""


@pytest.mark.parametrize(("kind", "params", "good", "bad"), TEXTS, ids=[each[0] for each in TEXTS])
def test_what_is_added_to_a_chinese_text_is_chinese(kind: str, params: dict[str, Any], good: str, bad: str) -> None:
    asked = rule(Constraint(kind, params))
    for draft in (PLAIN, bad):
        if kind not in IN_ENGLISH and chinese(draft) and (end := asked.finish(draft)):
            assert not re.search(r"[A-Za-z]{3}|[,?!;]", end.replace("---", "")) or end[0] in "|\n{", (draft, end)


def test_lists_values_and_errors() -> None:
    assert shown(("茶", "水", "书"), "zh") == "茶、水和书" and shown(("茶",), "zh") == "茶"
    assert rule(Constraint("in_language", {"language": "French"})).wording(0, "zh") == "用法语回答。"
    assert rule(Constraint("ends_with_mark", {"mark": "."})).wording(0, "zh") == "以标点“。”结尾。"
    assert rule(Constraint("keywords", {"words": ("茶", "水", "书")})).wording(0, "zh") == "回答中要包含这些关键词：茶、水和书。"
    with pytest.raises(ValueError, match="all_lower has no wordings in 'zh'"):
        rule(Constraint("all_lower", {})).wording(0, "zh")


def test_chinese_sentences_end_at_their_own_marks() -> None:
    assert sentences("他说：“你好。”我也说：“你好！”然后走了。") == ["他说：“你好。”", "我也说：“你好！”", "然后走了。"]
    assert sentences("真的吗？！是的") == ["真的吗？！", "是的"]
    assert sentences("圆周率是3.14……对吧？") == ["圆周率是3.14……对吧？"]


@pytest.mark.parametrize(("kind", "params"), [each[:2] for each in TEXTS], ids=[each[0] for each in TEXTS])
def test_chinese_wordings_are_read_back(kind: str, params: dict[str, Any]) -> None:
    asked = rule(Constraint(kind, params))
    for index in range(len(asked.wordings_zh)):
        found = parse("请介绍一下公园。" + asked.wording(index, "zh"))
        assert [rule(each.constraint) for each in found] == [asked], (asked.wording(index, "zh"), found)


def test_several_requirements_are_read_in_their_order() -> None:
    found = parse("介绍一下北京。最多用三句话回答，必须提到长城、故宫和天坛。最多写一百二十个字。不要使用逗号。")
    assert [(each.constraint.kind, each.constraint.params) for each in found] == [
        ("sentences_at_most", {"n": 3}),
        ("keywords", {"words": ("长城", "故宫", "天坛")}),
        ("words_at_most", {"n": 120}),
        ("no_commas", {}),
    ]
