"""What a certain sentence holds, and where."""

from __future__ import annotations

import random as randomness
from typing import Any, Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import extensions, sayings
from dutiful.kit.constraints.joints import first, follow, gap
from dutiful.kit.constraints.position.places import TOPIC_WORDS, Place, first_word
from dutiful.kit.constraints.text import WORD, capitalised, lowered, sentence_spans


class KeywordInSentence(Place, frozen=True):
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
        return cls(random.choice(TOPIC_WORDS), random.choice((1, 2, 3, 4)))


class KeywordAt(Place, frozen=True):
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
        return capitalised(" ".join(words)) + "."

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
                rest = lowered(text[at:]) if self.m == 1 else text[at:]
                mended = text[:at] + (capitalised(self.word) if self.m == 1 else self.word) + " " + rest
                if before.replace(" ", "a").isalpha() and self.check(mended).passed:  # no marks: the same place in IFBench
                    return mended
            text = text[: spans[self.n - 1][0]] + self._sentence() + " " + text[spans[self.n - 1][0] :]
        end = self.finish(text)
        return text + end if end is not None else self.finish("") or ""

    def peer(self) -> dict[str, Any]:
        return {"keyword": self.word, "n": self.n, "m": self.m}

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(TOPIC_WORDS), random.choice((1, 2, 3)), random.choice((2, 3, 4, 5)))


class NthSentenceStartsWith(Place, frozen=True):
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
        found = first_word(text, *spans[self.n - 1])
        passed = found is not None and found.group().lower() == self.word.lower()
        wrong = () if passed else (found.span() if found else spans[self.n - 1],)
        return Finding(passed, f"sentence {self.n} starts with {found.group() if found else ''!r}", wrong)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        spans = sentence_spans(text)
        if len(spans) > self.n:
            return None
        new = f"{capitalised(self.word)} it works well."
        if len(spans) < self.n:
            return follow(text, *(sayings(4 + i % 3)[0] for i in range(self.n - len(spans) - 1)), new)
        found = first_word(text, *spans[-1])
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
            mended = text[:start] + capitalised(self.word) + ", " + lowered(text[start:])
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


__all__ = ["KeywordAt", "KeywordInSentence", "NthSentenceStartsWith"]
