"""Common phrases of users for requirements, beyond the wordings of the types; and what merely sounds like a requirement.

An entry of `SPOKEN` is (kind, words of which one must be there, expression, fixed parameters). Groups are parameters; NUMBER
stands for a number in digits or words; `n__under` is a bound that is itself not allowed ("under 80 words": at most 79),
`n__over` likewise.
"""

from __future__ import annotations

import re
from typing import Any

_UNDER = r"(?:under|below|less\s+than|fewer\s+than)"
_UP_TO = r"(?:at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|a\s+maximum\s+of|max\.?|maximum|within)"
_OVER = r"(?:over|above|more\s+than)"
_FROM = r"(?:at\s+least|no\s+fewer\s+than|no\s+less\s+than|not\s+less\s+than|a\s+minimum\s+of|min\.?|minimum)"
_ABOUT = r"(?:about|around|roughly|approximately|approx\.?|circa|~)"
_NOT = (
    r"(?:no|without(?:\s+(?:any|using(?:\s+any)?))?|avoid(?:\s+(?:any|using(?:\s+any)?))?|(?:do\s+"
    r"not|don['’]t|never)\s+(?:use|include|add|have|put|write)(?:\s+any)?|free\s+of|leave\s+out(?:\s+"
    r"all)?|skip(?:\s+the)?)"
)
_LEAD = (
    r"(?:(?:in|with|to|of|use|using|write|give|give\s+me|include|have|as|keep\s+(?:it|this|the\s+"
    r"answer)(?:\s+(?:to|at|in))?|stay|be|limit\s+(?:it|yourself|the\s+answer)\s+to|answer\s+in|"
    r"exactly|it\s+(?:should|must)\s+(?:be|have))\s+){0,3}"
)
_LONG = r"(?:\s+(?:long|in\s+length|in\s+total))?"
_SAID = r"[\"“'][^\"“”\n]+?[\"”']"
_PHRASE = r"[\"“'](?P<phrase>[^\"“”\n]+?)[\"”']"
_ONE = r"[\"“'](?P<word>[^\"“”\n]+?)[\"”']"
_WORD = r"[\w'’-]+"
_ITEMS = (
    rf"{_WORD}(?:,\s+(?!and\b){_WORD}(?=,|\s+and\b|\s*[.;!?]|\s*$))*(?:,?\s+and\s+{_WORD}(?=\s*(?:[.,;:!?)]|$|and\b|but\b)))?"
)


_Entry = tuple[str, str, str, dict[str, Any]]


def _counted(key: str, unit: str, kind: str, exactly: str = "") -> tuple[_Entry, ...]:
    """The usual ways to bound a count. exactly: the type for a bare number of them ("two bullet points")."""
    entries: tuple[_Entry, ...] = (
        (f"{kind}_at_most", key, rf"{_LEAD}{_UNDER}\s+(?P<n__under>NUMBER)\s+{unit}", {}),
        (f"{kind}_at_most", key, rf"{_LEAD}{_UP_TO}\s+(?P<n>NUMBER)\s+{unit}", {}),
        (
            f"{kind}_at_most",
            key,
            rf"{_LEAD}(?P<n>NUMBER)\s+{unit}\s+(?:or\s+(?:less|fewer)|max(?:imum)?|at\s+(?:the\s+)?most|tops)",
            {},
        ),
        (f"{kind}_at_least", key, rf"{_LEAD}{_OVER}\s+(?P<n__over>NUMBER)\s+{unit}", {}),
        (f"{kind}_at_least", key, rf"{_LEAD}{_FROM}\s+(?P<n>NUMBER)\s+{unit}", {}),
        (f"{kind}_at_least", key, rf"{_LEAD}(?P<n>NUMBER)\s+{unit}\s+(?:or\s+more|min(?:imum)?|at\s+(?:the\s+)?least)", {}),
        (f"{kind}_between", key, rf"{_LEAD}(?:between|from)?\s*(?P<low>NUMBER)\s*(?:and|to|-|–)\s*(?P<high>NUMBER)\s+{unit}", {}),
        (f"{kind}_around", key, rf"{_LEAD}{_ABOUT}\s+(?P<n>NUMBER)\s+{unit}", {}),
    )
    bare: tuple[_Entry, ...] = ((exactly, key, rf"{_LEAD}(?P<n>NUMBER)\s+(?:short\s+|brief\s+)?{unit}", {}),) if exactly else ()
    return entries + bare


SPOKEN: tuple[_Entry, ...] = (
    *_counted("word", rf"words?{_LONG}", "words", "words_exactly"),
    *_counted("char|letters", rf"(?:characters?|chars?|letters){_LONG}", "characters"),
    *_counted("sentence", rf"sentences?{_LONG}", "sentences", "sentences_exactly"),
    *_counted("paragraph", "paragraphs?", "paragraphs", "paragraphs_exactly"),
    *_counted("line", "lines?", "lines", "lines_exactly"),
    *_counted("bullet", "(?:bullet\\s+points?|bullets?|bulleted\\s+points?|bullet\\s+items?)", "bullets", "bullets_exactly"),
    *_counted("hashtag", "hashtags?", "hashtags"),
    *_counted("head", "(?:headings?|headers?|headlines?)", "headings"),
    *_counted("question", "questions?", "questions", "questions_exactly"),
    *_counted("number|figure", "(?:numbers|figures)", "numbers", "numbers_exactly"),
    ("sentences_exactly", "sentence", rf"{_LEAD}(?:one|a\s+single)\s+sentence", {"n": 1}),
    ("paragraphs_exactly", "paragraph", rf"{_LEAD}(?:one|a\s+single)\s+paragraph", {"n": 1}),
    ("words_exactly", "word", r"(?:answer|reply|respond)\s+(?:in|with)\s+(?:one|a\s+single)\s+word", {"n": 1}),
    (
        "words_at_most",
        "word",
        r"(?:word\s+limit|limit|maximum\s+length|max(?:imum)?)(?:\s+(?:of|is)|:)?\s+(?P<n>NUMBER)\s*words?",
        {},
    ),
    ("words_at_most", "word", r"(?:must|should|do(?:es)?|may)\s+not\s+(?:be\s+longer\s+than|exceed)\s+(?P<n>NUMBER)\s+words", {}),
    ("words_at_most", "word", r"(?:not|no)\s+longer\s+than\s+(?P<n>NUMBER)\s+words", {}),
    ("characters_at_most", "char", r"(?:not|no)\s+longer\s+than\s+(?P<n>NUMBER)\s+characters", {}),
    ("sentences_at_most", "sentence", r"(?:not|no)\s+longer\s+than\s+(?P<n>NUMBER)\s+sentences", {}),
    (
        "numbered_exactly",
        "list",
        r"(?:an?\s+)?(?:numbered|ordered)\s+list\s+(?:of|with)\s+(?P<n>NUMBER)(?:\s+(?:items|points|steps|entries))?",
        {},
    ),
    (
        "bullets_exactly",
        "list",
        r"(?:an?\s+)?(?:bulleted\s+|bullet\s+)list\s+(?:of|with)\s+(?P<n>NUMBER)(?:\s+(?:items|points|entries))?",
        {},
    ),
    (
        "bullets_at_least",
        "bullet",
        r"(?:(?:in|as|use|using|with)\s+)(?:an?\s+)?(?:bullet\s+points|bullets|bulleted\s+list|bullet\s+list)",
        {"n": 1},
    ),
    ("bullets_at_most", "bullet|list", rf"{_NOT}\s+(?:bullet\s+points|bullets|lists|bullet\s+lists)", {"n": 0}),
    ("no_hashtags", "hash", rf"{_NOT}\s+hash\s?tags?", {}),
    ("no_emoji", "emoji|emoticon|smiley", rf"{_NOT}\s+(?:emojis?|emoticons?|smileys?)", {}),
    ("no_links", "link|url|addresses", rf"{_NOT}\s+(?:links?|urls?|web\s+addresses|hyperlinks?)", {}),
    ("no_commas", "comma", rf"{_NOT}\s+commas?", {}),
    ("no_questions", "question", rf"{_NOT}\s+(?:questions?|question\s+marks?)", {}),
    ("no_exclamation_marks", "exclamation", rf"{_NOT}\s+(?:exclamation\s+(?:marks?|points?)|exclamations?)", {}),
    ("no_digits", "digit|numeral|number", rf"{_NOT}\s+(?:digits?|numerals?|numbers)", {}),
    ("no_dashes", "dash", rf"{_NOT}\s+(?:(?:em|en)[ -]?)?dash(?:es)?", {}),
    ("no_punctuation", "punctuation", rf"{_NOT}\s+punctuation(?:\s+marks?)?", {}),
    ("no_whitespace", "space", rf"{_NOT}\s+(?:whitespace|spaces)", {}),
    ("no_mark", "colon", rf"{_NOT}\s+semicolons?", {"mark": ";"}),
    ("no_mark", "colon", rf"{_NOT}\s+colons?", {"mark": ":"}),
    (
        "all_lower",
        "case|capital|small",
        r"(?:(?:all|only|entirely|everything)\s+)?(?:in\s+)?(?:all\s+|only\s+)?lower[ -]?case(?:\s+(?:letters|only))?",
        {},
    ),
    (
        "all_lower",
        "case|capital|small",
        rf"{_NOT}\s+(?:capitals?|capital\s+letters|upper[ -]?case(?:\s+letters)?)|(?:in|use)\s+(?:only\s+)?small\s+letters",
        {},
    ),
    (
        "all_upper",
        "case|capital|caps",
        r"(?:(?:all|only|entirely|everything)\s+)?(?:in\s+)?(?:all\s+|only\s+)?(?:upper[ -]?case(?:\s+"
        r"(?:letters|only))?|caps|capitals)",
        {},
    ),
    ("all_upper", "case|capital|caps", r"in\s+(?:all\s+)?capital\s+letters", {}),
    ("title_case", "title", r"in\s+title\s+case", {}),
    ("json_answer", "json", r"(?:in|as|return|output|valid|only)\s+(?:valid\s+|a\s+)?json(?:\s+(?:only|object|format))?", {}),
    ("json_keys", "json", rf"json(?:\s+object)?\s+with\s+(?:the\s+)?(?:keys?|fields?)\s+(?P<keys>{_ITEMS})", {}),
    (
        "table",
        "table",
        r"(?:markdown\s+)?table\s+(?:of|with)\s+(?P<rows>NUMBER)\s+rows\s+and\s+(?P<columns>NUMBER)\s+columns",
        {},
    ),
    ("table_columns", "table", r"(?:markdown\s+)?table\s+(?:of|with)\s+(?P<n>NUMBER)\s+columns", {}),
    (
        "ends_with_mark",
        "question|exclamation|stop|period",
        r"(?:end|finish|close)(?:s|\s+it|\s+the\s+answer)?\s+(?:with|in|on)\s+a\s+question(?:\s+mark)?",
        {"mark": "?"},
    ),
    (
        "ends_with_mark",
        "question|exclamation|stop|period",
        r"(?:end|finish|close)(?:s|\s+it)?\s+(?:with|in|on)\s+an\s+exclamation(?:\s+(?:mark|point))?",
        {"mark": "!"},
    ),
    (
        "ends_with_mark",
        "question|exclamation|stop|period",
        r"(?:end|finish|close)(?:s|\s+it)?\s+(?:with|in|on)\s+a\s+(?:full\s+stop|period)",
        {"mark": "."},
    ),
    (
        "ends_with",
        "with",
        rf"(?:end|ends|finish|close|conclude|sign\s+off)(?:\s+it)?\s+with(?:\s+the\s+(?:words?|phrase|"
        rf"sentence))?:?\s+{_PHRASE}",
        {},
    ),
    (
        "starts_with",
        "with",
        rf"(?:start|starts|begin|begins|open)(?:\s+it)?\s+with(?:\s+the\s+(?:words?|phrase|sentence))?:?\s+{_PHRASE}",
        {},
    ),
    (
        "keywords",
        "mention|includ|contain|name|use|bring|talk|say",
        rf"(?:mention|include|contain|name|use|bring\s+up|talk\s+about)s?\s+(?:the\s+)?(?:key\s?words?|"
        rf"words?|terms?|phrases?):?\s+(?P<words>(?:{_SAID}|{_ITEMS})(?:(?:,\s+|,?\s+and\s+){_SAID})*)",
        {},
    ),
    (
        "keywords",
        "mention|includ|contain|name|use|bring|talk|say",
        rf"(?:mention|include|contain|say|use|bring\s+up)s?\s+(?P<words>{_SAID}(?:(?:,\s+|,?\s+and\s+){_SAID})*)",
        {},
    ),
    (
        "keywords",
        "mention|includ|contain|name|use|bring|talk|say",
        rf"(?:mention|bring\s+up|talk\s+about)s?\s+(?:the\s+|a\s+|an\s+|our\s+|its\s+)?(?!the\b|word|at\b|"
        rf"how\b|why\b|that\b|\d|(?:one|two|three|four|five|six|a)\b)(?P<words>{_ITEMS})",
        {},
    ),
    (
        "forbidden_words",
        "avoid|without|never|not|don",
        rf"(?:avoid|without|never\s+(?:use|say|mention)|(?:do\s+not|don['’]t)\s+(?:use|say|mention|"
        rf"write))\s+(?:using\s+|saying\s+)?(?:the\s+)?(?:words?|terms?|phrases?):?\s+"
        rf"(?P<words>(?:{_SAID}|{_ITEMS})(?:(?:,\s+|,?\s+(?:and|or)\s+){_SAID})*)",
        {},
    ),
    (
        "forbidden_words",
        "avoid|without|never|not|don",
        rf"(?:avoid|never\s+(?:use|say|mention)|(?:do\s+not|don['’]t)\s+(?:use|say|mention|write))\s+"
        rf"(?P<words>{_SAID}(?:(?:,\s+|,?\s+(?:and|or)\s+){_SAID})*)",
        {},
    ),
    (
        "forbidden_words",
        "avoid|without|never|not|don",
        rf"(?:do\s+not|don['’]t|never)\s+mention\s+(?:the\s+|any\s+|a\s+)?(?!word|both\b)(?P<words>{_WORD})",
        {},
    ),
    (
        "keyword_exactly",
        "use|mention|say|write",
        rf"(?:use|mention|say|write)\s+(?:the\s+word\s+)?{_ONE}\s+(?:exactly\s+)?(?P<n>NUMBER)(?:\s+times)?",
        {},
    ),
    ("no_word_twice", "repeat", r"(?:do\s+not|don['’]t|never)\s+repeat\s+(?:any\s+|a\s+)?words?", {}),
    ("in_quotation_marks", "quot", r"(?:in|between|inside)\s+(?:double\s+)?(?:quotation\s+marks|quotes)", {}),
    ("in_chinese", "chinese", r"(?:answer|reply|respond|write)\s+(?:only\s+)?in\s+chinese(?:\s+only)?", {"script": "simplified"}),
    *(
        (
            "in_language",
            language.lower(),
            rf"(?:(?:answer|reply|respond|write(?:\s+it)?)\s+)?(?:only\s+)?in\s+{language}(?:\s+"
            rf"only)?(?=\s*(?:[.,;:!?)]|$|and\b))",
            {"language": language},
        )
        for language in ("English", "German", "French", "Spanish", "Italian", "Portuguese", "Russian", "Japanese")
    ),
    ("ascii_only", "ascii", r"(?:plain\s+|only\s+)?ascii(?:\s+(?:text|characters|only))*", {}),
)
"""Phrases beyond the templates; what overlaps a longer match is dropped."""

SOUNDS = re.compile(
    r"\b(?:must|should|shall|needs? to|has to|have to|do not|don['’]t|never|avoid|without|only|exactly|at least|at most"
    r"|no more than|no fewer|no less|less than|more than|fewer than|limit|maximum|minimum|make sure|ensure|refrain"
    r"|instead of|rather than|in an? (?:\w+ )?(?:tone|style|voice|manner|format|way)"
    r"|(?:formal|friendly|concise|brief|short|polite|simple|plain)(?:ly)?)\b"
    r"|(?:under|over|within|between|around|about|below|up to|in|of)\s+(?:\d+|two|three|four|five|ten)\b"
    r"|(?:^\W*|[,;:]\s*|\band\s+|\bplease\s+|\bthen\s+)(?:please\s+)?(?:use|include|mention|contain|add|start|begin|end|finish"
    r"|close|open|keep|put|no|not|all|every|each|format|reply|respond|answer|speak|highlight|mark|number|separate|wrap"
    r"|repeat|stay|be)\b"
    r"|\b(?:bullets?|bullet points?|headings?|markdown|json|csv|xml|html|tables?|emojis?|hashtags?|upper ?case|lower ?case"
    r"|capitals?|paragraphs?|sentences?|words|characters|letters)\b",
    re.IGNORECASE,
)
"""What sounds like a requirement."""

ASKS = re.compile(
    r"\s*(?:please\s+)?(?:describe|explain|tell|write|what|who|why|how|when|where|which|give|list|draft|compose|present"
    r"|put together|say|sum up|summari[sz]e|create|i would like|i need|can you|could you|is|are|do|does)\b[^,;]*",
    re.IGNORECASE,
)
"""The request that an instruction opens with."""

__all__ = ["ASKS", "SOUNDS", "SPOKEN"]
