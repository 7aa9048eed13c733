"""Markdown, marks in running text, tables and data formats."""

from __future__ import annotations

from dutiful.kit.constraints.format.absent import HashtagsAtLeast, NoHashtags, NoLinks, NoWhitespace
from dutiful.kit.constraints.format.blocks import CodeBlock, QuoteLinesAtLeast
from dutiful.kit.constraints.format.csv_answers import CsvAnswer, CsvQuoted, CsvSpecial
from dutiful.kit.constraints.format.dates import IsoDates
from dutiful.kit.constraints.format.emoji import EmojiSentences, NoEmoji
from dutiful.kit.constraints.format.emphasis import BoldAtLeast, HighlightsAtLeast, ItalicThesis
from dutiful.kit.constraints.format.headings import HeadingLevel, HeadingLevelAtMost, HeadingsAtLeast
from dutiful.kit.constraints.format.json_answers import JsonAnswer, JsonDepthAtLeast, JsonDepthAtMost, JsonKeys
from dutiful.kit.constraints.format.tables import Table, TableColumns, TableRowsAtLeast, TableRowsAtMost
from dutiful.kit.constraints.format.wrapping import InQuotationMarks, QuotesExplained, Title
from dutiful.kit.constraints.format.xml_answers import XmlAnswer, XmlAttributesAtMost, XmlElementsAtLeast

__all__ = [
    "BoldAtLeast",
    "CodeBlock",
    "CsvAnswer",
    "CsvQuoted",
    "CsvSpecial",
    "EmojiSentences",
    "HashtagsAtLeast",
    "HeadingLevel",
    "HeadingLevelAtMost",
    "HeadingsAtLeast",
    "HighlightsAtLeast",
    "InQuotationMarks",
    "IsoDates",
    "ItalicThesis",
    "JsonAnswer",
    "JsonDepthAtLeast",
    "JsonDepthAtMost",
    "JsonKeys",
    "NoEmoji",
    "NoHashtags",
    "NoLinks",
    "NoWhitespace",
    "QuoteLinesAtLeast",
    "QuotesExplained",
    "Table",
    "TableColumns",
    "TableRowsAtLeast",
    "TableRowsAtMost",
    "Title",
    "XmlAnswer",
    "XmlAttributesAtMost",
    "XmlElementsAtLeast",
]
