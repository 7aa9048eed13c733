"""The language and the script of an answer.

A language is told by its script and, among those that share one, by its most common words and its own letters.
"""

from __future__ import annotations

import random as randomness
import re
import string
from typing import Any, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.language_data import COMMON, FORMS, NAMES, OWN, SAID, SCRIPTS, Language
from dutiful.kit.constraints.text import HAN, close, gap, paragraph_spans, sentence_spans

_LETTERS = {name: re.compile(f"[{found}]") for name, found in SCRIPTS.items()}
_HITS: dict[str, list[str]] = {}
for _code, _words in COMMON.items():
    for _word in set(_words.split()):
        _HITS.setdefault(_word, []).append(_code)
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _cyrillic(text: str) -> str:
    low = text.lower()
    if re.search("[іїєґ]", low):
        return "uk"
    marks = len(re.findall("[ыэё]", low))
    return (
        "bg" if not marks and (low.count("ъ") > 0 or len(re.findall(r"\b(?:на|да|се|са|за|е|от|този|това)\b", low)) > 3) else "ru"
    )


def _arabic(text: str) -> str:
    if re.search("[ٹڈڑںےہھ]", text):
        return "ur"
    return "fa" if re.search("[پچژگکی]", text) else "ar"


def _devanagari(text: str) -> str:
    hits = {
        "mr": len(re.findall(r"(?:^|\s)(?:आहे|आणि|या|ते|हे|आहेत|नाही|ळ\S*)(?=\s|$|[।.,])", text)) + text.count("ळ"),
        "ne": len(re.findall(r"(?:^|\s)(?:छ|छन्|हो|र|यो|गर्न|भन्ने|मात्र)(?=\s|$|[।.,])", text)),
        "hi": len(re.findall(r"(?:^|\s)(?:है|हैं|और|में|का|की|के|को|से|यह|नहीं)(?=\s|$|[।.,])", text)),
    }
    return max(hits, key=lambda code: (hits[code], code == "hi"))


def _latin(text: str) -> tuple[str, int]:
    """The language and how many of its words were met. With none met: English."""
    low = text.lower()
    score = dict.fromkeys(COMMON, 0.0)
    for word in _WORDS.findall(low):
        for code in _HITS.get(word, ()):
            score[code] += 1 / len(_HITS[word])
    if not low.isascii():
        for code, letters in OWN.items():
            score[code] += 0.7 * sum(low.count(letter) for letter in letters)
    best = max(score, key=lambda code: (score[code], code == "en"))
    return best, round(score[best])


def detect(text: str) -> tuple[str, str]:
    """The language of a text as a code, and why; ("", ...) for a text without letters."""
    if text.isascii():
        counts = {"latin": sum(map(str.isalpha, text[:4000]))}
    else:
        counts = {name: len(found.findall(text)) for name, found in _LETTERS.items()}
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return "", "no letters"
    if script == "latin":
        code, hits = _latin(text)
        return code, f"{hits} common words of {_name(code)}"
    if script in ("han", "kana"):
        code = "ja" if counts["kana"] * 8 > counts["han"] else "zh"
    elif script in ("cyrillic", "arabic", "devanagari"):
        code = {"cyrillic": _cyrillic, "arabic": _arabic, "devanagari": _devanagari}[script](text)
    else:
        code = {"hebrew": "he"}.get(script, script)
    return code, f"letters of {_name(code)}"


def _name(code: str) -> str:
    return next(name for name, each in NAMES.items() if each == code)


class InLanguage(Rule, frozen=True):
    """The answer as a whole is in a language. A text without letters is in none; IFEval lets it pass.

    IFEval asks langdetect, which guesses by letter groups and errs on short texts, on lists and on capitals.
    """

    language: Language

    kind, family, category, subtype = "in_language", "language", "language", "other"
    languages = ("en", "zh")
    steers = False
    same_as = "ifeval:language:response_language"
    wordings = (
        "Answer in {language}.",
        "The entire answer should be in {language}.",
        "Make sure that the answer is written in {language} only.",
        "No language but {language} is allowed.",
    )

    def check(self, text: str) -> Finding:
        code, why = detect(text)
        passed = code == NAMES[self.language]
        evidence = f"{_name(code) if code else 'no language'} ({why}), {self.language} asked for"
        return Finding(passed, evidence, () if passed or not text else ((0, len(text)),))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return SAID[NAMES[self.language]] if not text.strip() else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """What of the text is in the language; where nothing is, one sentence that is."""
        if self.check(text).passed:
            return text
        kept = " ".join(text[start:end] for start, end in sentence_spans(text) if self.check(text[start:end]).passed)
        return kept if kept and self.check(kept).passed else SAID[NAMES[self.language]]

    def peer(self) -> dict[str, Any]:
        return {"language": NAMES[self.language]}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(("English", "English", "Spanish", "French", "German", "Italian", "Portuguese", "Russian", "Japanese"))
        )

    def opposes(self, other: Rule) -> str:
        if isinstance(other, InLanguage) and other.language != self.language:
            return f"in {self.language}, but in {other.language}"
        if isinstance(other, InChinese) and self.language != "Chinese":
            return f"in {self.language}, but in Chinese"
        return "in English letters, but in Chinese" if isinstance(other, LatinOnly) and self.language in _NOT_LATIN else ""


_NOT_LATIN = frozenset(name for name, code in NAMES.items() if code not in COMMON)

_LETTER = re.compile(r"[^\W\d_]")
_OTHER = re.compile(rf"[^\W\d_{SCRIPTS['han']}]+")
_ALIEN = {name: re.compile(rf"[^\W\d_{SCRIPTS['han']}]+|[{''.join(forms)}]") for name, forms in FORMS.items()}
_SAID_HAN = {"simplified": "这就是全部的内容。", "traditional": "這就是全部的內容。"}


class InChinese(Rule, frozen=True):
    """Chinese characters only, in their simplified or traditional form; digits and marks are free, Latin letters are not."""

    script: Literal["simplified", "traditional"]

    kind, family, category, subtype = "in_chinese", "language", "language", "chinese"
    languages = ("zh",)
    wordings = (
        "Answer in {script} Chinese only.",
        "The entire answer should be in {script} Chinese characters.",
        "Make sure that the answer is written in {script} Chinese.",
    )

    def check(self, text: str) -> Finding:
        wrong = tuple(found.span() for found in _ALIEN[self.script].finditer(text))
        count = len(HAN.findall(text))
        return Finding(count > 0 and not wrong, f"{count} Chinese characters, {len(wrong)} places with others", wrong)

    def finish(self, text: str) -> str | None:
        if _ALIEN[self.script].search(text):
            return None
        return "" if HAN.search(text) else _SAID_HAN[self.script]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        text = _OTHER.sub("", text.translate(str.maketrans(FORMS[self.script])))
        text = re.sub(r"[ \t]{2,}|(?<=[，。！？]) +", "", text).strip()
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, LatinOnly | AsciiOnly):
            return "in Chinese, but without Chinese characters"
        if isinstance(other, InLanguage) and other.language != "Chinese":
            return f"in Chinese, but in {other.language}"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("simplified", "traditional")))


class _Letters(Rule, frozen=True):
    """Some characters do not occur. An empty text meets it."""

    family, category = "language", "language"

    def alien(self) -> re.Pattern[str]:
        """What must not occur."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        wrong = tuple(found.span() for found in self.alien().finditer(text))
        return Finding(not wrong, f"{len(wrong)} places with other characters", wrong)

    def finish(self, text: str) -> str | None:
        return None if self.alien().search(text) else ""

    def mend(self, text: str, random: randomness.Random) -> str:
        return self.alien().sub("", text)


_NO_LATIN = re.compile(rf"[^\W\d_{SCRIPTS['latin']}]+")
_NO_ASCII = re.compile(r"[^\x00-\x7f]+")
_LATIN = re.compile(f"[{SCRIPTS['latin']}]+")
_PLAIN = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "é": "e",
    "è": "e",
    "ü": "ue",
    "ö": "oe",
    "ä": "ae",
}


class LatinOnly(_Letters, frozen=True):
    """No letter of another script than the Latin."""

    kind, subtype = "latin_only", "english"
    wordings = (
        "Use Latin letters only.",
        "No letters of other scripts than the Latin are allowed.",
        "Make sure that there is no character of a foreign script.",
    )

    def alien(self) -> re.Pattern[str]:
        return _NO_LATIN

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class AsciiOnly(_Letters, frozen=True):
    """No character beyond ASCII: no accents, typographic quotes or emoji."""

    kind, subtype = "ascii_only", "english"
    wordings = (
        "Use plain ASCII characters only.",
        "No accents, emojis or other characters beyond ASCII are allowed.",
        "Make sure that every character is an ASCII character.",
    )

    def alien(self) -> re.Pattern[str]:
        return _NO_ASCII

    def mend(self, text: str, random: randomness.Random) -> str:
        return super().mend(text.translate(str.maketrans(_PLAIN)), random) if not text.isascii() else text

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


class NoLatinLetters(_Letters, frozen=True):
    """No Latin letter: for answers in Chinese that should do without English words."""

    kind, subtype = "no_latin_letters", "chinese"
    languages = ("zh",)
    wordings = (
        "Do not use any Latin letters.",
        "No English words or Latin letters are allowed.",
        "Make sure that there is no Latin letter.",
    )

    def alien(self) -> re.Pattern[str]:
        return _LATIN

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        if isinstance(other, InLanguage) and NAMES[other.language] in COMMON:
            return f"no Latin letters, but in {other.language}"
        return "no Latin letters, but in English" if isinstance(other, EnglishThenChinese) else ""


class EnglishThenChinese(Rule, frozen=True):
    """Two paragraphs: the first without Chinese characters, the second without Latin letters."""

    kind, family, category, subtype = "english_then_chinese", "language", "language", "chinese"
    languages = ("en", "zh")
    wordings = (
        "Answer in English first, then in Chinese, in two paragraphs.",
        "The answer should have two paragraphs, the first in English and the second in Chinese.",
        "Make sure that a paragraph in English is followed by one in Chinese, and by nothing else.",
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        wants = ((_LATIN, HAN), (HAN, _LATIN))
        wrong = [each.span() for span, (_, bad) in zip(spans, wants, strict=False) for each in bad.finditer(text, *span)]
        wrong += spans[2:]
        good = len(spans) == 2 and all(want.search(text, *span) for span, (want, _) in zip(spans, wants, strict=True))
        evidence = f"{len(spans)} paragraphs, {len(wrong)} places in the wrong language"
        return Finding(good and not wrong, evidence, tuple(wrong))

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if found.spans:
            return None
        spans = paragraph_spans(text)
        if len(spans) == 2:
            return SAID["zh"] if _LATIN.search(text, *spans[0]) else None
        if spans and _LATIN.search(text):
            return ("" if text[-1].isspace() else close(text)) + "\n\n" + SAID["zh"]
        if spans and text[len(text.rstrip()) :].count("\n") > 1:
            return None
        return gap(text) + SAID["en"] + "\n\n" + SAID["zh"]

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        english = re.sub(rf"[{SCRIPTS['han']}]+[，。！？、；：]*", "", text)
        english = re.sub(r"\s+", " ", english).strip() if _LATIN.search(english) else SAID["en"]
        chinese = re.sub(
            r"\s+", "", "".join(text[start:end] for start, end in sentence_spans(text) if HAN.search(text, start, end))
        )
        chinese = _LATIN.sub("", chinese) or SAID["zh"]
        return f"{english}\n\n{chinese}"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        return "in English and Chinese, but in one script" if isinstance(other, LatinOnly | AsciiOnly | InChinese) else ""


_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_IN_JAPANESE = ("とても", "今日", "もちろん", "たぶん", "いつも", "みんな")


class EveryNthWordJapanese(Rule, frozen=True):
    """Every nth word is in Japanese: holds a kana or a Chinese character. What stands between blanks is a word; numbers pass.

    IFBench lets an empty answer pass; here it does not meet it.
    """

    n: int

    kind, family, category, subtype = "every_nth_word_japanese", "language", "language", "other"
    same_as = "ifbench:count:words_japanese"
    wordings = (
        "Write every {n}th word in Japanese.",
        "Every {n}th word of the answer must be in Japanese.",
        "Make sure that each {n}th word is a Japanese one.",
    )

    def _wrong(self, text: str) -> tuple[list[tuple[int, int]], int]:
        found = list(re.finditer(r"\S+", text))
        wrong = [each.span() for each in found[self.n - 1 :: self.n] if not self._good(each.group())]
        return wrong, len(found)

    def _good(self, word: str) -> bool:
        bare = word.strip(string.punctuation)
        return not bare or bare.isdigit() or bool(_JAPANESE.search(bare))

    def check(self, text: str) -> Finding:
        wrong, count = self._wrong(text)
        asked = count // self.n
        return Finding(
            count > 0 and not wrong, f"{len(wrong)} of {asked} words at every place {self.n} not in Japanese", tuple(wrong)
        )

    def finish(self, text: str) -> str | None:
        wrong, count = self._wrong(text)
        if not wrong:
            return "" if count else "はい。"
        return "です" if wrong == [wrong[-1]] and wrong[-1][1] == len(text) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        wrong, count = self._wrong(text)
        for i, (start, end) in reversed(list(enumerate(wrong))):
            word = text[start:end]
            mark = word[-1] if word[-1] in ".,!?;:" else ""
            text = text[:start] + _IN_JAPANESE[i % len(_IN_JAPANESE)] + mark + text[end:]
        return text if count else text + "はい。"

    def peer(self) -> dict[str, Any]:
        return {"N": self.n}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((4, 5, 6, 7, 8)))

    def opposes(self, other: Rule) -> str:
        return ""


__all__ = [
    "AsciiOnly",
    "EnglishThenChinese",
    "EveryNthWordJapanese",
    "InChinese",
    "InLanguage",
    "LatinOnly",
    "NoLatinLetters",
]
