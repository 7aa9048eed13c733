"""What any answer must hold to meet a requirement, and the answers of requirements that leave no choice."""

from __future__ import annotations

import random as randomness
from collections.abc import Callable
from typing import Any

from dutiful.kit.constraints.base import Rule

HEREDITARY = frozenset(
    (
        "forbidden_letters",
        "forbidden_words",
        "no_commas",
        "no_dashes",
        "no_digits",
        "no_emoji",
        "no_exclamation_marks",
        "no_links",
    )
    + ("no_hashtags", "no_mark", "no_punctuation", "no_questions", "no_whitespace", "no_latin_letters", "all_lower", "all_upper")
    + ("ascii_only", "latin_only", "in_chinese", "vowels_at_most", "odd_lengths", "prime_lengths", "word_letters_at_most")
    + ("initial_letter", "consonant_clusters", "marks_at_most", "keyword_at_most", "letter_at_most", "initials_differ")
    + ("word_in_capitals", "title_case", "alphabet_loop")
)
"""Types that a text cannot meet again once it holds a piece that breaks them, wherever that stands."""

_DIGITS = tuple("0123456789")
_CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ASIDE = {".": (".", "。"), "?": ("?", "？"), "!": ("!", "！"), ",": (",", "，"), ";": (";", "；"), ":": (":", "：")}

_Needs = Callable[[dict[str, Any]], list[tuple[str, ...]]]
_NEEDS: dict[str, _Needs] = {
    "keywords": lambda p: [(word,) for word in p["words"]],
    "keywords_in_order": lambda p: [(word,) for word in p["words"]],
    "keywords_times": lambda p: [(word,) for word, n in zip(p["words"], p["times"], strict=True) if n],
    "keyword_at_least": lambda p: [(p["word"],)] if p["n"] else [],
    "keyword_exactly": lambda p: [(p["word"],)] if p["n"] else [],
    "each_paragraph_holds": lambda p: [(p["word"],)],
    "either_keyword": lambda p: [(p["first"], p["second"])],
    "holds_one_of": lambda p: [tuple(p["options"])],
    "holds_reversed": lambda p: [(p["phrase"][::-1],)],
    "holds_words_reversed": lambda p: [(word,) for word in p["phrase"].split()],
    "output_template": lambda p: [(label,) for label in p["labels"]],
    "repeats_first": lambda p: [(p["request"],)],
    "repeats_changed": lambda p: [(p["request"].split(" ", 1)[-1],)],
    "exact_sentence": lambda p: [(p["sentence"],)],
    "word_in_capitals": lambda p: [(p["word"].upper(),)],
    "letter_at_least": lambda p: [(p["letter"],)] if p["n"] else [],
    "marks_at_least": lambda p: [_ASIDE.get(p["mark"], (p["mark"],))] if p["n"] else [],
    "marks_exactly": lambda p: [_ASIDE.get(p["mark"], (p["mark"],))] if p["n"] else [],
    "ends_with_mark": lambda p: [_ASIDE.get(p["mark"], (p["mark"],))],
    "sentences_end_with": lambda p: [_ASIDE.get(p["mark"][0], (p["mark"],))],
    "questions_exactly": lambda p: [_ASIDE["?"]] if p["n"] else [],
    "digits_exactly": lambda p: [_DIGITS] if p["n"] else [],
    "numbers_exactly": lambda p: [_DIGITS] if p["n"] else [],
    "sections": lambda p: [(p["marker"],), _DIGITS],
    "code_block": lambda p: [("```" + p["language"],)],
    "xml_elements_at_least": lambda p: [("<" + p["tag"],), (">",)] if p["n"] else [],
    "xml_answer": lambda p: [("<" + p["root"],), (">",)],
    "json_keys": lambda p: [('"' + key + '"',) for key in p["keys"]] + [("{",)],
    "csv_answer": lambda p: [(column,) for column in p["columns"]] + [("\n",)],
    "comma_list": lambda p: [(item,) for item in p["items"]],
    "bullet_letters": lambda p: [(letter,) for letter in p["word"]],
    "line_acrostic": lambda p: [(letter,) for letter in p["word"]],
    "names_at_least": lambda p: [tuple(p["names"])],
    "marked_items": lambda p: [(p["mark"],), ("\n",)],
}
_ALWAYS: dict[str, list[tuple[str, ...]]] = {
    "title": [("<<",), (">>",)],
    "italic_thesis": [("<i>", "<em>")],
    "bold_at_least": [("**",)],
    "highlights_at_least": [("*",)],
    "hashtags_at_least": [("#",)],
    "headings_at_least": [("# ",)],
    "heading_level": [("# ",)],
    "quote_lines_at_least": [(">",)],
    "placeholders_at_least": [("[",), ("]",)],
    "in_quotation_marks": [('"',)],
    "nested_quotes": [('"',), ("'",)],
    "nested_brackets": [("(", "[", "{")],
    "all_marks": [(".",), (",",), (";",), (":",), ("?",), ("!",)],
    "balanced_sentences": [(".", "。"), ("?", "？"), ("!", "！")],
    "statements_to_questions": [("?", "？"), (".", "。")],
    "table": [("|",), ("--",)],
    "table_columns": [("|",), ("--",)],
    "table_rows_at_least": [("|",), ("--",)],
    "table_rows_at_most": [("|",), ("--",)],
    "json_depth_at_least": [("{", "[")],
    "iso_dates": [("-",), _DIGITS],
    "numbered_exactly": [_DIGITS],
    "numbers_ascending": [_DIGITS],
    "numbers_sum": [_DIGITS],
    "number_above": [_DIGITS],
    "multiples": [_DIGITS],
    "states_word_count": [("Words:",), _DIGITS],
    "capital_words_at_least": [_CAPITALS],
    "two_answers": [("******",)],
    "sub_bullets": [("*",), ("-",), ("\n",)],
    "sentences_then_bullets": [("*",), ("\n",), (".",)],
    "bullets_at_least": [("* ", "- ", "+ ", "• ", "1. ", "1) ")],
    "multiple_choice": [("Question",), ("\n",), _DIGITS],
    "conjunctions_at_least": [("and", "but", "for", "or", "nor", "so", "yet")],
    "pronouns_at_least": [("I", "you", "he", "she", "it", "we", "they", "me", "my", "his", "her", "its", "our", "us", "them")],
}


def pieces(rule: Rule) -> list[tuple[str, ...]]:
    """What any text that meets the rule holds: of each tuple at least one, letter case aside."""
    if rule.kind in ("starred_paragraphs", "divided_paragraphs") and rule.params()["n"] > 1:
        return [("***",)]
    if rule.kind == "bullets_exactly" and rule.params()["n"]:
        return [("* ", "-")]
    needs = _NEEDS.get(rule.kind)
    return needs(rule.params()) if needs else _ALWAYS.get(rule.kind, [])


def fixed(rule: Rule) -> list[str]:
    """Answers that a rule which leaves hardly a choice allows: in all letter cases, with blanks, breaks and marks around."""
    params = rule.params()
    if rule.kind == "one_of":
        plain = list(params["options"])
    elif rule.kind == "exact_sentence":
        plain = [params["sentence"]]
    elif rule.kind == "comma_list":
        plain = [joint.join(params["items"]) for joint in (", ", ",", ",\n", ",\n\n")]
    else:
        plain = [rule.mend("", randomness.Random(0))]
    plain += [joint.join(text.split()) for text in plain for joint in ("\n", "\n\n", "  ")]
    cased = dict.fromkeys(form for text in plain for form in (text, text.lower(), text.upper(), text.title(), text.capitalize()))
    around = (
        "{}",
        "{}.",
        "{}!",
        "{}?",
        '"{}"',
        "({})",
        "*{}*",
        "**{}**",
        "[{}]",
        "{}\n",
        "- {}",
        "{}#",
        "<{}>",
        '{{"": "{}"}}',
        "# {}",
        "> {}",
        "*{}",
        "1. {}",
    )
    return [form.format(text) for text in cased for form in around]


__all__ = ["HEREDITARY", "fixed", "pieces"]
