"""Marks: which must not stand, how often they must, with which sentences and answers end, and how quotes and brackets nest."""

from __future__ import annotations

import random as randomness
import re
from typing import ClassVar, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import first
from dutiful.kit.constraints.length import Bounded
from dutiful.kit.constraints.text import chinese, close, follow, gap, link, sentence_spans

_WIDE = {",": "，", "!": "！", "?": "？", ";": "；", ":": "：", ".": "。", "(": "（"}
"""The Chinese form of a mark; it counts as the mark."""

_NAMED = {",": "comma", "!": "exclamation mark", "?": "question mark", ";": "semicolon", ":": "colon", "(": "parenthesis"}

Mark = Literal["!", "?", ";", ":", ","]
"""Marks that a user may ask for or forbid."""


class _Without(Rule, frozen=True):
    """Something that must not stand anywhere. An empty text meets it."""

    family, category, subtype = "punctuation", "content", "punctuation"
    languages = ("en", "zh")

    def pattern(self) -> re.Pattern[str]:
        """What must not stand."""
        raise NotImplementedError

    def instead(self, found: str) -> str:
        """What stands in its place after mending."""
        return ""

    def name(self) -> str:
        """It, in the plural."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        pattern = self.pattern()
        if not pattern.search(text):
            return Finding(True, f"no {self.name()}")
        found = tuple(each.span() for each in pattern.finditer(text))
        return Finding(False, f"{len(found)} {self.name()}, none allowed", found)

    def finish(self, text: str) -> str | None:
        return None if self.pattern().search(text) else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        return self.pattern().sub(lambda found: self.instead(found.group()), text)


_COMMA = re.compile("[,，،]")


class NoCommas(_Without, frozen=True):
    """No comma, Chinese and Arabic ones included (IFEval sees only ",")."""

    kind = "no_commas"
    same_as = "ifeval:punctuation:no_comma"
    wordings = (
        "Do not use any commas.",
        "No commas are allowed.",
        "Make sure that the answer contains no comma.",
        "Refrain from using commas.",
    )

    def pattern(self) -> re.Pattern[str]:
        return _COMMA

    def name(self) -> str:
        return "commas"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        return "no comma, but at least one" if isinstance(other, MarksAtLeast) and other.mark == "," else ""


class NoMark(_Without, frozen=True):
    """A mark does not stand anywhere, nor does its Chinese form."""

    mark: Mark

    kind = "no_mark"
    wordings = (
        'Do not use the mark "{mark}".',
        'The mark "{mark}" must not appear anywhere.',
        'Make sure that "{mark}" is not among the punctuation.',
    )

    def pattern(self) -> re.Pattern[str]:
        return re.compile(f"[{self.mark}{_WIDE[self.mark]}]")

    def instead(self, found: str) -> str:
        return {"!": ".", "?": ".", "！": "。", "？": "。"}.get(found, "")

    def name(self) -> str:
        return _NAMED[self.mark] + "s"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("!", "?", ";", ":")))

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == self.mark
        return f'no "{self.mark}", but some' if clash else ""


_EXCLAMATION = re.compile("[!！]")
_QUESTION = re.compile("[?？]")
_DASH = re.compile(r"\s*(?:[—–]+|(?<=\s)--?(?=\s)|(?<=\w)--(?=\w))\s*")
_ANY = re.compile(r"[.,;:!?\"“”‘…—–()\[\]{}。，；：！？、（）「」『』《》]|(?<!\w)'|'(?!\w)|(?<!\w)’|’(?!\w)")


class NoExclamationMarks(_Without, frozen=True):
    """No exclamation mark."""

    kind = "no_exclamation_marks"
    wordings = (
        "Do not use exclamation marks.",
        "No exclamation marks are allowed.",
        "Make sure that there is no exclamation mark.",
        "Avoid exclamation points.",
    )

    def pattern(self) -> re.Pattern[str]:
        return _EXCLAMATION

    def instead(self, found: str) -> str:
        return "." if found == "!" else "。"

    def name(self) -> str:
        return "exclamation marks"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == "!"
        return "no exclamation mark, but some" if clash else ""


class NoQuestions(_Without, frozen=True):
    """No question mark."""

    kind = "no_questions"
    wordings = (
        "Do not ask any questions.",
        "No question marks are allowed.",
        "Make sure that the answer contains no question.",
    )

    def pattern(self) -> re.Pattern[str]:
        return _QUESTION

    def instead(self, found: str) -> str:
        return "." if found == "?" else "。"

    def name(self) -> str:
        return "question marks"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith) and other.mark == "?"
        return "no question, but some" if clash or isinstance(other, QuestionsExactly) else ""


class NoDashes(_Without, frozen=True):
    """No dash: no em or en dash, no double hyphen, no hyphen between blanks, but hyphens within words."""

    kind = "no_dashes"
    wordings = (
        "Do not use dashes.",
        "No em dashes or en dashes are allowed.",
        "Make sure that there is no dash; hyphens within words are fine.",
    )

    def pattern(self) -> re.Pattern[str]:
        return _DASH

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else None

    def instead(self, found: str) -> str:
        return "\n" if "\n" in found else " "

    def name(self) -> str:
        return "dashes"

    def mend(self, text: str, random: randomness.Random) -> str:
        while (mended := super().mend(text, random)) != text:
            text = mended
        return text

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class NoPunctuation(_Without, frozen=True):
    """No punctuation at all but hyphens and apostrophes within words."""

    kind = "no_punctuation"
    wordings = (
        "Do not use any punctuation.",
        "No punctuation marks are allowed.",
        "Make sure that the answer has no punctuation at all.",
    )

    def pattern(self) -> re.Pattern[str]:
        return _ANY

    def finish(self, text: str) -> str | None:
        found = [each.span() for each in _ANY.finditer(text)]
        if found and found[-1][1] == len(text) and text[-1] in "'’" and len(found) == 1 and text[-2:-1].isalnum():
            return "s"  # an apostrophe: the word goes on
        return None if found else ""

    def name(self) -> str:
        return "punctuation marks"

    def mend(self, text: str, random: randomness.Random) -> str:
        while (mended := super().mend(text, random)) != text:
            text = mended
        return text

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        wants = MarksAtLeast | MarksExactly | EndsWithMark | SentencesEndWith | QuestionsExactly | AllMarks | NestedBrackets
        wanted = isinstance(other, wants | NestedQuotes | StatementsToQuestions | BalancedSentences)
        return "no punctuation, but some" if wanted else ""


_WITH_MARK = {
    ",": "In short, it works well.",
    ";": "That helps; it works well.",
    ":": "One thing is clear: it works well.",
    "?": "Does that help?",
    "!": "That helps!",
}
_WITH_MARK_CHINESE = {
    ",": "总之，这很好。",
    ";": "这很好；没有问题。",
    ":": "要点如下：这很好。",
    "?": "这样好吗？",
    "!": "这很好！",
}


class _Marks(Bounded, frozen=True):
    """So many of a mark; its Chinese form counts too."""

    family, category, subtype = "punctuation", "content", "punctuation"
    unit = "marks"

    def sought(self) -> str:
        """The mark."""
        raise NotImplementedError

    def spans(self, text: str) -> list[tuple[int, int]]:
        mark = self.sought()
        return [(i, i + 1) for i, each in enumerate(text) if each == mark or each == _WIDE[mark]]

    def count(self, text: str) -> int:
        return text.count(self.sought()) + text.count(_WIDE[self.sought()])

    def check(self, text: str) -> Finding:
        return (
            super()
            .check(text)
            ._replace(
                evidence=f"{self.count(text)} {_NAMED[self.sought()]}s, {self.asked()} asked for",
            )
        )

    def add(self, text: str, count: int) -> str:
        new = (_WITH_MARK_CHINESE if chinese(text) else _WITH_MARK)[self.sought()]
        more = ""
        for _ in range(count):
            more += (link(text) if not more else gap(more)) + new
        return more

    def mend(self, text: str, random: randomness.Random) -> str:
        high = self.bounds()[1]
        found = self.spans(text)
        if high is not None and len(found) > high:
            for start, end in reversed(found[high:]):
                instead = ("。" if text[start] in "！？" else ".") if text[start] in "!?！？" else ""
                text = text[:start] + instead + text[end:]
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        return super().opposes(other) if isinstance(other, _Marks) and other.sought() == self.sought() else ""


class MarksAtLeast(_Marks, frozen=True):
    """A mark at least n times."""

    mark: Mark
    n: int

    kind = "marks_at_least"
    wordings = (
        'Use the mark "{mark}" at least {n} times.',
        'The mark "{mark}" should appear {n} or more times.',
        'Make sure that there are no fewer than {n} of the mark "{mark}".',
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, None

    def sought(self) -> str:
        return self.mark

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((",", ";", ":", "?", "!")), random.choice((1, 2, 3)))


class MarksAtMost(_Marks, frozen=True):
    """A mark at most n times."""

    mark: Mark
    n: int

    kind = "marks_at_most"
    wordings = (
        'Use the mark "{mark}" at most {n} times.',
        'The mark "{mark}" should appear no more than {n} times.',
        'Make sure that there are {n} or fewer of the mark "{mark}".',
    )

    def bounds(self) -> tuple[int, int | None]:
        return 0, self.n

    def sought(self) -> str:
        return self.mark

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((",", ";", ":", "?", "!")), random.choice((1, 2, 3)))


class MarksExactly(_Marks, frozen=True):
    """A mark exactly n times."""

    mark: Mark
    n: int

    kind = "marks_exactly"
    wordings = (
        'Use the mark "{mark}" exactly {n} times.',
        'The mark "{mark}" should appear {n} times, no more and no less.',
        'Make sure that there are exactly {n} of the mark "{mark}".',
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    def sought(self) -> str:
        return self.mark

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((",", ";", ":", "?", "!")), random.choice((1, 2, 3)))


class QuestionsExactly(_Marks, frozen=True):
    """Exactly n questions, by their marks."""

    n: int

    kind = "questions_exactly"
    wordings = (
        "Ask exactly {n} questions.",
        "The answer must contain exactly {n} questions.",
        "Make sure that the number of questions is {n}.",
    )

    def bounds(self) -> tuple[int, int | None]:
        return self.n, self.n

    def sought(self) -> str:
        return "?"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3)))


_SAID = {".": "That is all.", "!": "That is all!", "?": "Is that all?"}
_SAID_CHINESE = {".": "就是这样。", "!": "就是这样！", "?": "是这样吗？"}


class EndsWithMark(Rule, frozen=True):
    """The last character is a certain mark, or its Chinese form."""

    mark: Literal[".", "!", "?"]

    kind, family, category, subtype = "ends_with_mark", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    wordings = (
        'End the answer with the mark "{mark}".',
        'The last character of the answer must be "{mark}".',
        'Make sure that the answer ends with "{mark}".',
    )

    def check(self, text: str) -> Finding:
        kept = text.rstrip()
        passed = kept[-1:] in (self.mark, _WIDE[self.mark]) and bool(kept)
        wrong = () if passed or not kept else ((len(kept) - 1, len(kept)),)
        return Finding(passed, f"ends with {kept[-1:]!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        if text and (text[-1].isalnum() or text[-1] in "'’\")”*"):
            return _WIDE[self.mark] if chinese(text) else self.mark
        return link(text) + (_SAID_CHINESE if chinese(text) else _SAID)[self.mark]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        bare = text.rstrip().rstrip(".!?。！？…,;:，；：")
        return bare + (self.finish(bare) or "")

    def opposes(self, other: Rule) -> str:
        return f"ends with {self.mark} and {other.mark}" if isinstance(other, EndsWithMark) and other.mark != self.mark else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((".", "!", "?")))


_CLOSERS = "\"'”’)]}»*_`~」』）"
_RUN = re.compile(r"[.!?。！？]+$")


def _ending(sentence: str) -> str:
    """The marks that end a sentence, without quotes and brackets after them."""
    found = _RUN.search(sentence.rstrip(_CLOSERS))
    return found.group() if found else ""


class SentencesEndWith(Rule, frozen=True):
    """Every sentence ends with a certain mark; "?!" ends with both."""

    mark: Literal["!", "?"]

    kind, family, category, subtype = "sentences_end_with", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    wordings = (
        'End every sentence with the mark "{mark}".',
        'Each sentence must end with "{mark}".',
        'Make sure that the mark "{mark}" stands at the end of every sentence.',
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        good = {self.mark, _WIDE[self.mark]}
        wrong = tuple(span for span in spans if "." in (run := _ending(text[span[0] : span[1]])) or not good & set(run))
        return Finding(bool(spans) and not wrong, f'{len(wrong)} of {len(spans)} sentences do not end with "{self.mark}"', wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        spans = sentence_spans(text)
        if spans and found.spans != (spans[-1],):
            return None
        if chinese(text):
            return first(self, text, (_WIDE[self.mark], _SAID_CHINESE[self.mark]))
        mark = self.mark
        on = "so it is" + mark
        ends = (mark, gap(text) + on, ".. " + on, ", " + on, gap(text) + "5" + mark) if spans else (_SAID[mark],)
        return first(self, text, ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        for start, end in reversed(self.check(text).spans):
            sentence = text[start:end]
            body = sentence.rstrip(_CLOSERS)
            mark = _WIDE[self.mark] if chinese(sentence) else self.mark
            text = text[:start] + body.rstrip(".!?。！？…,;: ") + mark + sentence[len(body) :] + text[end:]
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesEndWith | EndsWithMark) and other.mark != self.mark:
            return f"every sentence ends with {self.mark}, but one with {other.mark}"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("!", "?")))


_BRACKET = re.compile(r"[()\[\]{}]")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class NestedBrackets(Rule, frozen=True):
    """Brackets within brackets, five levels deep; a bracket that does not fit starts the count anew, as in IFBench."""

    kind, family, category, subtype = "nested_brackets", "punctuation", "content", "punctuation"
    depth: ClassVar[int] = 5
    same_as = "ifbench:format:parentheses"
    wordings = (
        "Nest parentheses, brackets or braces at least 5 levels deep.",
        "There should be parentheses (and [brackets]) nested 5 levels deep or deeper.",
        "Make sure that brackets stand within brackets, at least 5 levels of them.",
    )

    def _read(self, text: str) -> tuple[bool, int, list[str]]:
        """Whether a group that deep was closed, the greatest depth, and what is open."""
        levels: list[str] = []
        deepest = seen = 0
        for found in _BRACKET.finditer(text):
            mark = found.group()
            if mark in _PAIRS:
                levels.append(mark)
                deepest, seen = max(deepest, len(levels)), max(seen, len(levels))
            elif levels and _PAIRS[levels[-1]] == mark:
                levels.pop()
                if deepest >= self.depth:
                    return True, seen, levels
            else:
                levels, deepest = [], 0
        return False, seen, levels

    def check(self, text: str) -> Finding:
        passed, seen, _ = self._read(text)
        return Finding(passed, f"brackets {seen} levels deep, {self.depth} asked for")

    def finish(self, text: str) -> str | None:
        passed, _, levels = self._read(text)
        if passed:
            return ""
        words = ("see", "as", "noted", "in", "brief")
        more = ""
        for i in range(max(0, self.depth - len(levels))):
            mark = "([{"[len(levels) % 3]
            more += (" " if more else gap(text)) + mark + words[i % len(words)]
            levels.append(mark)
        return more + "".join(_PAIRS[mark] for mark in reversed(levels))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


_QUOTE = re.compile("[\"“”'‘’]")
_CLOSES = {"“": "”", "‘": "’", '"': '"', "'": "'"}


class NestedQuotes(Rule, frozen=True):
    """Quotes within quotes within quotes. Apostrophes within words are none; IFBench takes them for quotation marks."""

    kind, family, category, subtype = "nested_quotes", "punctuation", "content", "punctuation"
    same_as = "ifbench:format:quotes"
    wordings = (
        "Include quotes within quotes within quotes, with double and single quotation marks in turn.",
        "Quotations should be nested at least 3 levels deep, alternating double and single quotes.",
        "Make sure that a quote stands within a quote within a quote, with alternating quotation marks.",
    )

    def _read(self, text: str) -> tuple[int, list[str]]:
        """How many levels were closed again from the deepest on, and what is open."""
        levels: list[str] = []
        reached = most = 0
        for found in _QUOTE.finditer(text):
            mark, at = found.group(), found.start()
            if mark in "'‘’" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum():
                continue
            if levels and _CLOSES[levels[-1]] == mark:
                levels.pop()
                most = max(most, reached - len(levels))
            elif mark in _CLOSES:
                levels.append(mark)
                reached = max(reached, len(levels))
        return most, levels

    def check(self, text: str) -> Finding:
        most, _ = self._read(text)
        return Finding(most >= 3, f"quotes nested {most} levels deep, 3 asked for")

    def finish(self, text: str) -> str | None:
        most, levels = self._read(text)
        if most >= 3:
            return ""
        closed = "".join(_CLOSES[mark] for mark in reversed(levels))
        ends = (closed + joint + 'They said: "Ann told us \'Tim said "go" here\' too".' for joint in (gap(text), " ", ". "))
        return first(self, text, ends)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class AllMarks(Rule, frozen=True):
    """Full stop, comma, semicolon, colon, question mark, exclamation mark and the two together, "?!"."""

    kind, family, category, subtype = "all_marks", "punctuation", "content", "punctuation"
    same_as = "ifbench:count:punctuation"
    wordings = (
        "Use every standard punctuation mark at least once, with semicolons, colons and the interrobang (?!).",
        "All of . , ; : ? ! and ?! must appear in the answer.",
        "Make sure that each standard punctuation mark occurs, the interrobang (?!) included.",
    )

    def _missing(self, text: str) -> list[str]:
        missing = [] if "?!" in text or "!?" in text or "‽" in text else ["?!"]
        rest = text.replace("?!", "", 1)
        rest = text.replace("!?", "", 1) if rest == text else rest
        return missing + [mark for mark in ".,!?;:" if mark not in rest]

    def check(self, text: str) -> Finding:
        missing = self._missing(text)
        return Finding(not missing, f"missing: {' '.join(missing)}" if missing else "every mark occurs")

    def finish(self, text: str) -> str | None:
        if not self._missing(text):
            return ""
        joint = "" if not text else " "
        return joint + "Is that so?! Yes, it is; see for yourself: it works! Does it help? It does."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


def _kinds(text: str) -> tuple[int, int, int]:
    """How many sentences end with a full stop, a question mark and an exclamation mark."""
    ends = [_ending(text[start:end])[-1:] for start, end in sentence_spans(text)]
    return (
        sum(end in (".", "。") for end in ends if end),
        sum(end in ("?", "？") for end in ends if end),
        sum(end in ("!", "！") for end in ends if end),
    )


class StatementsToQuestions(Rule, frozen=True):
    """Two statements for each question. A text with neither keeps no ratio; IFBench lets it pass."""

    kind, family, category, subtype = "statements_to_questions", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    same_as = "ifbench:ratio:sentence_type"
    wordings = (
        "Write two statements for every question.",
        "The ratio of declarative to interrogative sentences must be 2:1.",
        "Make sure that there are exactly twice as many statements as questions.",
    )

    def check(self, text: str) -> Finding:
        said, asked, _ = _kinds(text)
        return Finding(said == 2 * asked and asked > 0, f"{said} statements and {asked} questions, 2:1 asked for")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        said, asked, _ = _kinds(text + close(text))
        new = ["It works well."] * max(2 * asked - said, 0)
        said += len(new)
        if said > 2 * asked or not asked:
            odd = said % 2 or (2 if not said else 0)
            new += ["That helps."] * odd
            new += ["Does that help?"] * ((said + odd) // 2 - asked)
        return follow(text, *new)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class BalancedSentences(Rule, frozen=True):
    """As many statements as questions as exclamations. A text with none keeps no balance; IFBench lets it pass."""

    kind, family, category, subtype = "balanced_sentences", "punctuation", "content", "punctuation"
    languages = ("en", "zh")
    same_as = "ifbench:ratio:sentence_balance"
    wordings = (
        "Write as many statements as questions and as exclamations.",
        "Declarative, interrogative and exclamatory sentences must occur equally often.",
        "Make sure that the numbers of statements, questions and exclamations are the same.",
    )

    def check(self, text: str) -> Finding:
        said, asked, called = _kinds(text)
        evidence = f"{said} statements, {asked} questions and {called} exclamations, equally many asked for"
        return Finding(said == asked == called > 0, evidence)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        kinds = _kinds(text + close(text))
        most = max(1, *kinds)
        new = [
            [each] * (most - count)
            for each, count in zip(("It works well.", "Does that help?", "That helps!"), kinds, strict=True)
        ]
        return follow(text, *(each for group in new for each in group))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


__all__ = [
    "AllMarks",
    "BalancedSentences",
    "EndsWithMark",
    "MarksAtLeast",
    "MarksAtMost",
    "MarksExactly",
    "NestedBrackets",
    "NestedQuotes",
    "NoCommas",
    "NoDashes",
    "NoExclamationMarks",
    "NoMark",
    "NoPunctuation",
    "NoQuestions",
    "QuestionsExactly",
    "SentencesEndWith",
    "StatementsToQuestions",
]
