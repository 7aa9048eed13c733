"""What stands where: how answers, sentences, paragraphs and lines begin and end, and in which place a word stands."""

from __future__ import annotations

import random as randomness
import re
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.endings import first, several
from dutiful.kit.constraints.text import (
    WORD,
    close,
    extensions,
    follow,
    gap,
    line_spans,
    link,
    paragraph_spans,
    sayings,
    sentence_spans,
)

_LETTER = re.compile(r"[^\W\d_]")
_OPENERS = {
    sentence[0].lower(): sentence
    for sentence in (
        "All is well here.", "But that helps.", "Clearly it works.", "Daily use helps.", "Everyone agrees.",
        "Few would disagree.",
        "Good things take time.", "Here it works well.", "It works well.", "Just try it.", "Keep it simple.",
        "Little by little it works.", "Many people agree.", "Nobody minds.", "Often it works.", "People like it.",
        "Quiet places help.", "Rest is needed too.", "So it goes.", "That helps.", "Usually it works.", "Very few disagree.",
        "We all know it.", "Xylophones sound bright.", "Years go by.", "Zeal helps.",
    )
}  # fmt: skip
"""A sentence for each letter, that begins with it."""

_TOPICS = ("water", "garden", "river", "market", "music", "window", "winter", "bread", "paper", "light")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    """To stand after an opening: with a small first letter, unless the word looks like a name or "I"."""
    return (
        text[0].lower() + text[1:] if re.match(r"(?:The|A|An|It|We|You|This|That|There|They|In|On|At|So|What)\b", text) else text
    )


def _first_word(text: str, start: int, end: int) -> re.Match[str] | None:
    return WORD.search(text, start, end)


class _Anywhere(Rule, frozen=True):
    family, category, subtype = "position", "content", "identifiers"
    languages = ("en", "zh")


class StartsWith(_Anywhere, frozen=True):
    """The answer starts with a phrase, exactly as it is given."""

    phrase: str

    kind = "starts_with"
    wordings = (
        'Start the answer with the phrase "{phrase}".',
        'The answer must begin with "{phrase}".',
        'Make sure that "{phrase}" are the first words of the answer.',
        'Open with "{phrase}".',
    )

    def check(self, text: str) -> Finding:
        begins = text.lstrip().startswith(self.phrase)
        start = len(text) - len(text.lstrip())
        wrong = () if begins or start == len(text) else ((start, min(len(text), start + len(self.phrase))),)
        return Finding(begins, f"starts with {text.lstrip()[: len(self.phrase)]!r}", wrong)

    def finish(self, text: str) -> str | None:
        begun = text.lstrip()
        if begun.startswith(self.phrase):
            return ""
        return self.phrase[len(begun) :] if self.phrase.startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        rest = text.lstrip()
        return self.phrase + (" " + (rest if self.phrase[-1] in ":.!?" else _lower_first(rest)) if rest else "")

    def opposes(self, other: Rule) -> str:
        if isinstance(other, StartsWith) and not (self.phrase.startswith(other.phrase) or other.phrase.startswith(self.phrase)):
            return f'starts with "{self.phrase}" and with "{other.phrase}"'
        if isinstance(other, FirstWord) and (word := WORD.search(self.phrase)) and word.group().lower() != other.word.lower():
            return f'starts with "{self.phrase}", but its first word is "{other.word}"'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(("In short,", "To begin with,", "Here is what I think:", "As far as I can tell,", "Let me be brief:"))
        )


class EndsWith(_Anywhere, frozen=True):
    """The answer ends with a phrase, in either case; a quotation mark may follow, nothing else. As in IFEval."""

    phrase: str

    kind = "ends_with"
    same_as = "ifeval:startend:end_checker"
    wordings = (
        'End the answer with the phrase "{phrase}".',
        'The last words of the answer must be "{phrase}".',
        'Make sure that the answer ends with "{phrase}" and that nothing follows.',
        'Finish with the exact words "{phrase}".',
    )

    def check(self, text: str) -> Finding:
        kept = text.strip().strip('"').lower()
        ends = kept.endswith(self.phrase.strip().lower())
        at = len(text.rstrip())
        wrong = () if ends or not at else ((max(0, at - len(self.phrase)), at),)
        return Finding(ends, f"ends with {text.rstrip()[-len(self.phrase) :]!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        low, phrase = text.lower(), self.phrase.lower()
        for size in range(min(len(low), len(phrase)) - 1, 0, -1):
            if low.endswith(phrase[:size]) and not text[: len(text) - size][-1:].isalnum():
                return self.phrase[size:]
        return link(text) + self.phrase

    def peer(self) -> dict[str, Any]:
        return {"end_phrase": self.phrase}

    def opposes(self, other: Rule) -> str:
        mine = self.phrase.lower()
        if isinstance(other, EndsWith) and not (mine.endswith(other.phrase.lower()) or other.phrase.lower().endswith(mine)):
            return f'ends with "{self.phrase}" and with "{other.phrase}"'
        if isinstance(other, LastWord) and (found := WORD.findall(mine)) and found[-1] != other.word.lower():
            return f'ends with "{self.phrase}", but its last word is "{other.word}"'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(
            random.choice(
                ("That is all.", "Let me know if this helps.", "Have a good day!", "Is there anything else?", "Good luck.")
            )
        )


class FirstWord(_Anywhere, frozen=True):
    """The first word is a certain one, in either case."""

    word: str

    kind = "first_word"
    wordings = (
        'The first word of the answer must be "{word}".',
        'Begin with the word "{word}".',
        'Make sure that the answer starts with the word "{word}".',
    )

    def check(self, text: str) -> Finding:
        found = WORD.search(text)
        passed = found is not None and found.group().lower() == self.word.lower()
        wrong = (found.span(),) if found and not passed else ()
        return Finding(passed, f"the first word is {found.group()!r}" if found else "no word", wrong)

    def finish(self, text: str) -> str | None:
        found = WORD.search(text)
        if found is None:
            return gap(text) + _capital(self.word)
        if found.group().lower() == self.word.lower():
            return ""
        begun = text[found.start() :].lower()
        return self.word[len(begun) :] if self.word.lower().startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        rest = text.strip()
        return _capital(self.word) + (": " + rest if rest else ".")

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, FirstWord) and other.word.lower() != self.word.lower()
        if isinstance(other, NthWord) and other.n == 1:
            clash = other.word.lower() != self.word.lower()
        return "two different first words" if clash else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("yes", "honestly", "today", "first", "surely", "perhaps", "indeed")))


class LastWord(_Anywhere, frozen=True):
    """The last word is a certain one, in either case; a mark may follow it."""

    word: str

    kind = "last_word"
    wordings = (
        'The last word of the answer must be "{word}".',
        'End with the word "{word}".',
        'Make sure that the answer closes with the word "{word}".',
    )

    def check(self, text: str) -> Finding:
        found = list(WORD.finditer(text, max(0, len(text) - 200))) or list(WORD.finditer(text))
        passed = bool(found) and found[-1].group().lower() == self.word.lower()
        wrong = (found[-1].span(),) if found and not passed else ()
        return Finding(passed, f"the last word is {found[-1].group()!r}" if found else "no word", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return first(
            self, text, (gap(text) + _capital(self.word) + "." if not text.strip() else link(text) + f"In a word, {self.word}.",)
        )

    def opposes(self, other: Rule) -> str:
        return "two different last words" if isinstance(other, LastWord) and other.word.lower() != self.word.lower() else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("tomorrow", "home", "thanks", "always", *_TOPICS)))


class NthWord(_Anywhere, frozen=True):
    """The nth word is a certain one, in either case."""

    n: int
    word: str

    kind = "nth_word"
    languages = ("en",)
    wordings = (
        'Word number {n} of the answer must be "{word}".',
        'Put "{word}" in place {n} among the words of the answer.',
        'Make sure that "{word}" is word {n} of the answer.',
    )

    def check(self, text: str) -> Finding:
        for index, found in enumerate(WORD.finditer(text), 1):
            if index == self.n:
                passed = found.group().lower() == self.word.lower()
                return Finding(passed, f"word {self.n} is {found.group()!r}", () if passed else (found.span(),))
        return Finding(False, f"fewer than {self.n} words")

    def finish(self, text: str) -> str | None:
        found = list(WORD.finditer(text))
        if len(found) >= self.n:
            begun = text[found[self.n - 1].start() :].lower()
            if self.check(text).passed:
                return ""
            return self.word[len(begun) :] if len(found) == self.n and self.word.lower().startswith(begun) else None
        need = self.n - len(found) - 1
        filler = " ".join(("so", "it", "goes", "on", "and", "on")[i % 6] for i in range(need))
        more = f"{filler} {self.word}" if filler else self.word
        return gap(text) + (more if found else _capital(more)) + "."

    def mend(self, text: str, random: randomness.Random) -> str:
        found = list(WORD.finditer(text))
        if self.check(text).passed:
            return text
        if len(found) < self.n:
            return text + (self.finish(text) or "")
        at = found[self.n - 1].start()
        rest = _lower_first(text[at:]) if self.n == 1 else text[at:]
        return text[:at] + (_capital(self.word) if self.n == 1 else self.word) + " " + rest

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, NthWord) and other.n == self.n and other.word.lower() != self.word.lower()
        return f"two different words in place {self.n}" if clash else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((2, 3, 4, 5, 6)), random.choice(_TOPICS))


class SecondWords(_Anywhere, frozen=True):
    """The second word and the last but one are a certain one. IFBench takes the full stop at the end for the last word.

    So what `finish` gives ends without one: the verdicts are the same then.
    """

    word: str

    kind = "second_words"
    languages = ("en",)
    same_as = "ifbench:words:words_position"
    wordings = (
        'The second word and the second to last word of the answer must be "{word}".',
        'Use "{word}" as the second word and also as the last word but one.',
        'Make sure that "{word}" stands in the second place from the start and from the end.',
    )

    def check(self, text: str) -> Finding:
        found = list(WORD.finditer(text))
        if len(found) < 2:
            return Finding(False, "fewer than two words")
        wrong = tuple(each.span() for each in (found[1], found[-2]) if each.group().lower() != self.word.lower())
        return Finding(not wrong, f"they are {found[1].group()!r} and {found[-2].group()!r}", tuple(dict.fromkeys(wrong)))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        found = list(WORD.finditer(text))
        if not found:
            return gap(text) + f"Good {self.word} helps"
        if len(found) == 1:
            return gap(text) + f"{self.word} helps"
        begun = text[found[1].start() :].lower()
        if len(found) == 2 and self.word.lower().startswith(begun):
            return self.word[len(begun) :] + " helps"
        if found[1].group().lower() != self.word.lower():
            return None
        return first(
            self, text, (gap(text) + "helps", link(text) + f"It takes {self.word} too", gap(text) + f"and {self.word} helps")
        )

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        found = list(WORD.finditer(text))
        if len(found) > 1 and found[1].group().lower() != self.word.lower():
            text = text[found[0].start() :]  # a mark in front is a word to IFBench
            at = len(found[0].group())
            text = text[:at] + " " + self.word + ("" if text[at].isspace() else " ") + text[at:]
        end = self.finish(text)
        return text + end if end is not None else f"Good {self.word} helps"

    def peer(self) -> dict[str, Any]:
        return {"keyword": self.word}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(_TOPICS))


class KeywordInSentence(_Anywhere, frozen=True):
    """A keyword occurs in the nth sentence, in either case, within a longer word too. As in IFBench."""

    word: str
    n: int

    kind, subtype = "keyword_in_sentence", "keywords"
    languages = ("en",)
    same_as = "ifbench:sentence:keyword"
    wordings = (
        'Include the keyword "{word}" in sentence {n}.',
        'Sentence {n} of the answer must contain the word "{word}".',
        'Make sure that "{word}" occurs in sentence number {n}.',
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        if len(spans) < self.n:
            return Finding(False, f"{len(spans)} sentences, at least {self.n} asked for")
        span = spans[self.n - 1]
        passed = self.word.lower() in text[span[0] : span[1]].lower()
        return Finding(passed, f"{'found' if passed else 'not found'} in sentence {self.n}", () if passed else (span,))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        count = len(sentence_spans(text))
        if count > self.n:
            return None
        if count < self.n:
            return follow(text, *(sayings(4 + i % 3)[0] for i in range(self.n - count - 1)), f"This is about the {self.word}.")
        on = f"and the {self.word} too."
        ends = (gap(text) + on, ".. " + on, ", " + on, gap(text) + "5 " + on)
        return first(self, text, ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        spans = sentence_spans(text)
        if self.check(text).passed:
            return text
        if len(spans) < self.n:
            return text + (self.finish(text) or "")
        start, end = spans[self.n - 1]
        sentence = text[start:end]
        body = sentence.rstrip(".!?。！？\"'”’)]}*_ ")
        mended = text[:start] + body + f" with the {self.word}" + (sentence[len(body) :] or ".") + text[end:]
        if self.check(mended).passed:
            return mended
        return text[:start] + f"This is about the {self.word}. " + text[start:]

    def peer(self) -> dict[str, Any]:
        return {"word": self.word, "N": self.n}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(_TOPICS), random.choice((1, 2, 3, 4)))


class KeywordAt(_Anywhere, frozen=True):
    """A keyword is the mth word of the nth sentence, in either case. IFBench counts punctuation marks as words."""

    word: str
    n: int
    m: int

    kind, subtype = "keyword_at", "keywords"
    languages = ("en",)
    same_as = "ifbench:words:keywords_specific_position"
    wordings = (
        'Include the keyword "{word}" in sentence {n}, as word {m} of that sentence.',
        'Word {m} of sentence {n} must be "{word}".',
        'Make sure that in sentence {n} the word in place {m} is "{word}".',
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        if len(spans) < self.n:
            return Finding(False, f"{len(spans)} sentences, at least {self.n} asked for")
        found = list(WORD.finditer(text, *spans[self.n - 1]))
        if len(found) < self.m:
            return Finding(False, f"{len(found)} words in sentence {self.n}, at least {self.m} asked for", (spans[self.n - 1],))
        at = found[self.m - 1]
        passed = at.group().lower() == self.word.lower()
        return Finding(passed, f"word {self.m} of sentence {self.n} is {at.group()!r}", () if passed else (at.span(),))

    def _sentence(self) -> str:
        words = [*(("so", "it", "goes", "on", "with", "the")[i % 6] for i in range(self.m - 1)), self.word]
        return _capital(" ".join(words)) + "."

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        if len(spans) > self.n:
            return None
        if len(spans) < self.n:
            return follow(text, *(sayings(4 + i % 3)[0] for i in range(self.n - len(spans) - 1)), self._sentence())
        found = list(WORD.finditer(text, *spans[-1]))
        if len(found) >= self.m:
            begun = text[found[self.m - 1].start() :].lower()
            return self.word[len(begun) :] if len(found) == self.m and self.word.lower().startswith(begun) else None
        need = self.m - len(found)
        ends = (end[: -len(last) - 1] + self.word + "." for end in extensions(text, need) if (last := WORD.findall(end)[-1]))
        return first(self, text, ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        spans = sentence_spans(text)
        if self.check(text).passed:
            return text
        if len(spans) >= self.n:
            found = list(WORD.finditer(text, *spans[self.n - 1]))
            if len(found) >= self.m:
                at, before = found[self.m - 1].start(), text[spans[self.n - 1][0] : found[self.m - 1].start()]
                rest = _lower_first(text[at:]) if self.m == 1 else text[at:]
                mended = text[:at] + (_capital(self.word) if self.m == 1 else self.word) + " " + rest
                if before.replace(" ", "a").isalpha() and self.check(mended).passed:  # no marks: the same place in IFBench
                    return mended
            text = text[: spans[self.n - 1][0]] + self._sentence() + " " + text[spans[self.n - 1][0] :]
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def peer(self) -> dict[str, Any]:
        return {"keyword": self.word, "n": self.n, "m": self.m}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(_TOPICS), random.choice((1, 2, 3)), random.choice((2, 3, 4, 5)))


class NthSentenceStartsWith(_Anywhere, frozen=True):
    """The nth sentence starts with a certain word, in either case."""

    n: int
    word: str

    kind = "nth_sentence_starts_with"
    languages = ("en",)
    wordings = (
        'Start sentence {n} with the word "{word}".',
        'The first word of sentence {n} must be "{word}".',
        'Make sure that sentence number {n} begins with "{word}".',
    )

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        if len(spans) < self.n:
            return Finding(False, f"{len(spans)} sentences, at least {self.n} asked for")
        found = _first_word(text, *spans[self.n - 1])
        passed = found is not None and found.group().lower() == self.word.lower()
        wrong = () if passed else (found.span() if found else spans[self.n - 1],)
        return Finding(passed, f"sentence {self.n} starts with {found.group() if found else ''!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        if len(spans) > self.n:
            return None
        new = f"{_capital(self.word)} it works well."
        if len(spans) < self.n:
            return follow(text, *(sayings(4 + i % 3)[0] for i in range(self.n - len(spans) - 1)), new)
        found = _first_word(text, *spans[-1])
        if not found:
            return first(self, text, (gap(text) + new, new))
        begun = text[found.start() :].lower()
        return self.word[len(begun) :] if self.word.lower().startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        spans = sentence_spans(text)
        if self.check(text).passed:
            return text
        if len(spans) >= self.n:
            start = spans[self.n - 1][0]
            mended = text[:start] + _capital(self.word) + ", " + _lower_first(text[start:])
            if self.check(mended).passed:
                return mended
            text = text[:start].rstrip()
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, NthSentenceStartsWith) and other.n == self.n and other.word.lower() != self.word.lower()
        return f"sentence {self.n} starts with two different words" if clash else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((1, 2, 3)), random.choice(("however", "still", "today", "then", "finally", "perhaps")))


class ParagraphStartsWith(_Anywhere, frozen=True):
    """There are `total` paragraphs, with blank lines between them, and the nth starts with a certain word, in either case.

    Unlike IFEval, marks before the word are passed over ("**Rain** fell"), and blank lines with spaces part paragraphs too.
    """

    total: int
    n: int
    word: str

    kind = "paragraph_starts_with"
    languages = ("en",)
    same_as = "ifeval:length_constraints:nth_paragraph_first_word"
    wordings = (
        'Write {total} paragraphs, separated by blank lines; paragraph {n} must start with the word "{word}".',
        'There should be {total} paragraphs, and the first word of paragraph {n} should be "{word}".',
        'Make sure that there are exactly {total} paragraphs and that paragraph {n} starts with "{word}".',
    )

    def check(self, text: str) -> Finding:
        spans = paragraph_spans(text)
        found = _first_word(text, *spans[self.n - 1]) if len(spans) >= self.n else None
        passed = found is not None and found.group().lower() == self.word.lower()
        wrong = ((spans[self.total][0], spans[-1][1]),) if len(spans) > self.total else ()
        wrong += (found.span(),) if found and not passed else ()
        said = f"paragraph {self.n} starts with {found.group()!r}" if found else f"no paragraph {self.n}"
        return Finding(
            passed and len(spans) == self.total, f"{len(spans)} paragraphs, exactly {self.total} asked for; {said}", wrong
        )

    def finish(self, text: str) -> str | None:
        spans = paragraph_spans(text)
        if len(spans) > self.total:
            return None
        more = ""
        if len(spans) >= self.n:
            found = _first_word(text, *spans[self.n - 1])
            ended = len(spans) > self.n or "\n\n" in re.sub(r"[ \t\r]", "", text[spans[self.n - 1][1] :])
            if found is None:
                if ended:
                    return None
                more = ("" if text[-1] in "*_\"'(" else gap(text)) + f"{_capital(self.word)} it works well."
            elif found.group().lower() != self.word.lower():
                begun = text[found.start() :].lower()
                if ended or not self.word.lower().startswith(begun):
                    return None
                more = self.word[len(begun) :] + " it works well."
        for index in range(len(spans) + 1, self.total + 1):
            open_end = "" if (text + more)[-1:].isspace() else close(text + more)
            new = f"{_capital(self.word)} it works well." if index == self.n else sayings(6 + index % 3)[0]
            more += open_end + ("\n\n" if (text + more).strip() else "") + new
        return more

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        parts = [text[start:end] for start, end in paragraph_spans(text)]
        parts = parts[: self.total - 1] + [" ".join(parts[self.total - 1 :])] if len(parts) > self.total else parts
        if len(parts) >= self.n:
            found = WORD.search(parts[self.n - 1])
            if not found or found.group().lower() != self.word.lower():
                parts[self.n - 1] = f"{_capital(self.word)}, {_lower_first(parts[self.n - 1])}"
        text = "\n\n".join(parts)
        return text + (self.finish(text) or "")

    def peer(self) -> dict[str, Any]:
        return {"num_paragraphs": self.total, "nth_paragraph": self.n, "first_word": self.word}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        total = random.choice((2, 3, 4))
        return cls(total, random.randint(1, total), random.choice(("however", "still", "today", "then", "finally", "perhaps")))


class _EverySentence(_Anywhere, frozen=True):
    """Something about how each sentence starts. An empty text does not meet it."""

    def good(self, word: str) -> bool:
        """Whether a first word passes."""
        raise NotImplementedError

    def fresh(self) -> str:
        """A sentence that passes."""
        raise NotImplementedError

    def check(self, text: str) -> Finding:
        spans = sentence_spans(text)
        found = [(_first_word(text, *span), span) for span in spans]
        wrong = tuple(each.span() if each else span for each, span in found if not (each and self.good(each.group())))
        return Finding(bool(spans) and not wrong, f"{len(wrong)} of {len(spans)} sentences start otherwise", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        spans = sentence_spans(text)
        if not spans:
            return gap(text) + self.fresh()
        if len(found.spans) != 1 or found.spans[0][0] < spans[-1][0]:
            return None
        new = self.fresh()
        begun = text[found.spans[0][0] :].lower()
        ends = [gap(text) + new, new, ".. " + new[0].lower() + new[1:]]
        return first(self, text, [new[len(begun) :], *ends] if new.lower().startswith(begun) else ends)

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        kept = [self.adapted(text[start:end]) for start, end in sentence_spans(text)]
        mended = " ".join(each for each in kept if each)
        return mended if mended and self.check(mended).passed else self.finish("") or ""

    def adapted(self, sentence: str) -> str:
        """A sentence changed so that it passes, or "" where that cannot be done."""
        raise NotImplementedError


_BEFORE = {
    sentence[0].lower(): sentence
    for sentence in (
        "Also", "Besides", "Clearly", "Daily", "Even so", "First", "Generally", "Happily", "Indeed", "Just now", "Kindly",
        "Later",
        "Mostly", "Now", "Often", "Perhaps", "Quite often", "Really", "Still", "Then", "Usually", "Very often", "Well", "Xanadu",
        "Yes", "Zealously",
    )
}  # fmt: skip
"""A word or two for each letter, to stand before a sentence."""


class SentencesStartWithLetter(_EverySentence, frozen=True):
    """Every sentence starts with a certain letter."""

    letter: str

    kind = "sentences_start_with_letter"
    languages = ("en",)
    wordings = (
        'Start every sentence with the letter "{letter}".',
        'The first letter of each sentence must be "{letter}".',
        'Make sure that all sentences begin with the letter "{letter}".',
    )

    def good(self, word: str) -> bool:
        return word[0].lower() == self.letter.lower()

    def fresh(self) -> str:
        return _OPENERS.get(self.letter.lower(), self.letter.upper() + " is here.")

    def adapted(self, sentence: str) -> str:
        word = WORD.search(sentence)
        if not word or self.good(word.group()):
            return sentence if word else ""
        return f"{_BEFORE.get(self.letter.lower(), self.letter.upper())}, {_lower_first(sentence)}"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesStartWithLetter) and other.letter.lower() != self.letter.lower():
            return "sentences start with two different letters"
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice("TSAIWMPBH"))


class SentencesStartWith(_EverySentence, frozen=True):
    """Every sentence starts with a certain word."""

    word: str

    kind = "sentences_start_with"
    languages = ("en",)
    wordings = (
        'Start every sentence with the word "{word}".',
        'The first word of each sentence must be "{word}".',
        'Make sure that all sentences begin with the word "{word}".',
    )

    def good(self, word: str) -> bool:
        return word.lower() == self.word.lower()

    def fresh(self) -> str:
        return f"{_capital(self.word)} it works well."

    def adapted(self, sentence: str) -> str:
        word = WORD.search(sentence)
        if not word or self.good(word.group()):
            return sentence if word else ""
        return f"{_capital(self.word)}, {_lower_first(sentence)}"

    def opposes(self, other: Rule) -> str:
        if isinstance(other, SentencesStartWith) and other.word.lower() != self.word.lower():
            return "sentences start with two different words"
        if isinstance(other, SentencesStartWithLetter) and other.letter.lower() != self.word[0].lower():
            return f'sentences start with "{self.word}", but with the letter {other.letter}'
        return ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("perhaps", "today", "still", "sometimes", "often")))


class SentenceStartsDiffer(_Anywhere, frozen=True):
    """No two sentences in a row start with the same word."""

    kind = "sentence_starts_differ"
    languages = ("en",)
    wordings = (
        "Do not start two consecutive sentences with the same word.",
        "Each sentence must start with another word than the one before it.",
        "Make sure that neighbouring sentences begin with different words.",
    )

    def _starts(self, text: str) -> list[re.Match[str] | None]:
        return [_first_word(text, *span) for span in sentence_spans(text)]

    def check(self, text: str) -> Finding:
        starts = self._starts(text)
        pairs = pairwise(starts)
        wrong = tuple(b.span() for a, b in pairs if a and b and a.group().lower() == b.group().lower())
        return Finding(bool(starts) and not wrong, f"{len(wrong)} of {len(starts)} sentences start like the one before", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        if found.passed:
            return ""
        if not found.spans:
            return gap(text) + "So it goes."
        if len(found.spans) != 1 or found.spans[0][1] < len(text.rstrip("-'’")) or text[-1].isspace():
            return None
        return first(self, text, ("n", "s", "ly", "ward"))  # the word may not be at its end

    def mend(self, text: str, random: randomness.Random) -> str:
        words = ("Besides", "Moreover", "Also", "Then")
        for i, (start, _) in reversed(list(enumerate(self.check(text).spans))):
            text = text[:start] + words[i % len(words)] + ", " + _lower_first(text[start:])
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()

    def opposes(self, other: Rule) -> str:
        return "sentences start differently, but alike" if isinstance(other, SentencesStartWith) else ""


class Acrostic(_Anywhere, frozen=True):
    """The first letters of the sentences spell a word, no more and no fewer."""

    word: str

    kind = "acrostic"
    languages = ("en",)
    wordings = (
        'The first letters of the sentences must spell the word "{word}".',
        'Write an acrostic: the first letters of the sentences spell "{word}".',
        'Make sure that the initial letters of the sentences spell "{word}".',
    )

    def check(self, text: str) -> Finding:
        letters = self.word.lower()
        spans = sentence_spans(text)
        firsts = [_LETTER.search(text, *span) for span in spans]
        got = "".join(each.group().lower() if each else "-" for each in firsts)
        wrong = tuple(span for span, a, b in zip(spans, got, letters, strict=False) if a != b) + tuple(spans[len(letters) :])
        return Finding(got == letters, f"the sentences start with {got[:40].upper()!r}, {letters.upper()!r} asked for", wrong)

    def finish(self, text: str) -> str | None:
        letters = self.word.lower()
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        got = [_LETTER.search(text, *span) for span in spans]
        last = spans and got[-1] is None  # the last one has no letter yet
        got = got[:-1] if last else got
        if len(spans) > len(letters) or any(not a or a.group().lower() != b for a, b in zip(got, letters, strict=False)):
            return None
        rest = [_OPENERS[letter] for letter in letters[len(got) :]]
        if not last:
            return follow(text, *rest)
        start = rest[0]
        ends = (joint + start + follow(start, *rest[1:]) for joint in (gap(text), "", ".. ", ", "))
        low = (joint + start.lower() + follow(start, *rest[1:]) for joint in (gap(text), ".. ", ", "))
        return first(self, text, (*ends, *low))

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        kept: list[str] = []
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        for letter, sentence in zip(self.word.lower(), sentences, strict=False):
            found = _LETTER.search(sentence)
            same = found and found.group().lower() == letter
            new = sentence if same else f"{_BEFORE[letter]}, {_lower_first(sentence)}"
            kept.append(new + close(new))
        mended = " ".join(kept)
        end = self.finish(mended)
        return mended + end if end is not None else self.finish("") or ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("hope", "star", "sun", "lamp", "tea", "moon", "path")))

    def opposes(self, other: Rule) -> str:
        return "two acrostics" if isinstance(other, Acrostic) and other.word.lower() != self.word.lower() else ""


class LinesStartWith(_Anywhere, frozen=True):
    """Every line that is not blank starts with a mark; blanks before it are passed over."""

    mark: Literal[">", "-", "*", "#", "+", "→"]

    kind, category = "lines_start_with", "format"
    subtype = "markdown"
    wordings = (
        'Start every line with "{mark}".',
        'Each line must begin with the character "{mark}".',
        'Make sure that all lines that are not blank start with "{mark}".',
    )

    def check(self, text: str) -> Finding:
        spans = line_spans(text)
        wrong = tuple(span for span in spans if not text[span[0] : span[1]].lstrip().startswith(self.mark))
        return Finding(bool(spans) and not wrong, f"{len(wrong)} of {len(spans)} lines start otherwise", wrong)

    def finish(self, text: str) -> str | None:
        found = self.check(text)
        return "" if found.passed else None if found.spans else f"{self.mark} So it goes."

    def mend(self, text: str, random: randomness.Random) -> str:
        for start, _ in reversed(self.check(text).spans):
            text = f"{text[:start]}{self.mark} {text[start:]}"
        return text + (self.finish(text) or "")

    def opposes(self, other: Rule) -> str:
        return "lines start with two different marks" if isinstance(other, LinesStartWith) and other.mark != self.mark else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((">", "-", "*", "+", "→")))


class Postscript(_Anywhere, frozen=True):
    """There is a postscript with its marker. As in IFEval, it may stand anywhere; but "P.P.S." is no "P.S."."""

    marker: Literal["P.S.", "P.P.S"]

    kind = "postscript"
    languages = ("en",)
    same_as = "ifeval:detectable_content:postscript"
    wordings = (
        "At the end of the answer, add a postscript starting with {marker}",
        "Close with a postscript that is marked {marker}",
        "Make sure that a postscript follows, starting with {marker}",
    )
    _PATTERNS: ClassVar[dict[str, re.Pattern[str]]] = {
        "P.S.": re.compile(r"(?<![\w.])(?<!p\. )p\.\s?s\.", re.IGNORECASE),
        "P.P.S": re.compile(r"(?<![\w.])p\.\s?p\.\s?s", re.IGNORECASE),
    }

    def check(self, text: str) -> Finding:
        found = self._PATTERNS[self.marker].search(text)
        return Finding(found is not None, f"a postscript at character {found.start()}" if found else "no postscript")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        more = f"{self.marker}{'' if self.marker[-1] == '.' else '.'} Thank you for reading."
        return (("" if text[-1:].isspace() else close(text)) + "\n\n" if text.strip() else "") + more

    def peer(self) -> dict[str, Any]:
        return {"postscript_marker": self.marker}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("P.S.", "P.P.S")))


_VERBS = frozenset(
    several(
        "accept add adjust advise agree aim allow answer apply arrange ask assume avoid bake be become begin believe boil"
        " book bring build buy calculate call carry catch change check choose clean clear click climb close collect combine"
        " come compare complete connect consider continue cook copy cover create cut decide define describe design discover"
        " discuss divide do drink drive dry eat embrace encourage enjoy ensure enter examine expect explain explore express"
        " extend fill find finish fix fold follow forget gather get give go grab grow guess handle hear help hold identify"
        " imagine improve include increase indicate inform introduce invest invite join jump keep know learn leave let listen"
        " live look love make maintain manage mean measure meet melt mix move note notice obtain offer open organise organize"
        " pack paint pay pick plan play pour practise prepare preserve press prevent protect provide pull push put raise"
        " reach read recall reduce relax remember remove repeat replace reply require research rest return review ride rinse"
        " run save say see seek select send serve set share shop show sing sit skip sleep slice solve speak spend spread"
        " start stay stir stop store study suggest take talk taste teach tell test think travel treat trim try turn"
        " understand update use visit wait wake walk wash watch wear welcome win work wrap write"
    )
)


class StartsWithVerb(_Anywhere, frozen=True):
    """The first word is a verb as orders use it: "Take", "Remember". A list decides; IFBench asks the tagger of nltk."""

    kind = "starts_with_verb"
    languages = ("en",)
    same_as = "ifbench:words:start_verb"
    wordings = (
        "The answer must start with a verb.",
        "Begin with a verb.",
        "Make sure that the first word of the answer is a verb.",
    )

    def check(self, text: str) -> Finding:
        found = WORD.search(text)
        passed = found is not None and found.group().lower() in _VERBS
        wrong = (found.span(),) if found and not passed else ()
        return Finding(passed, f"the first word is {found.group()!r}" if found else "no word", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        found = WORD.search(text)
        if not found:
            return gap(text) + "Consider this."
        begun = text[found.start() :].lower()
        fits = sorted((verb for verb in _VERBS if verb.startswith(begun)), key=lambda verb: (len(verb), verb))
        return fits[0][len(begun) :] if fits else None

    def mend(self, text: str, random: randomness.Random) -> str:
        return text if self.check(text).passed else f"Consider this: {text.lstrip()}"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls()


__all__ = [
    "Acrostic",
    "EndsWith",
    "FirstWord",
    "KeywordAt",
    "KeywordInSentence",
    "LastWord",
    "LinesStartWith",
    "NthSentenceStartsWith",
    "NthWord",
    "ParagraphStartsWith",
    "Postscript",
    "SecondWords",
    "SentenceStartsDiffer",
    "SentencesStartWith",
    "SentencesStartWithLetter",
    "StartsWith",
    "StartsWithVerb",
]
