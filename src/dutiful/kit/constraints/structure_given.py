"""Requirements of the family structure where words of the answer are given: options, quotations, templates, copies.

`finish` follows the given words: a text that left them is dead, one that is on its way gets the rest.
"""

from __future__ import annotations

import random as randomness
import re
import string
from collections.abc import Iterator
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule, shown
from dutiful.kit.constraints.endings import EDGES, NOUNS, Mended, first, lead, newline

_REQUESTS = (
    "What should I cook for six guests on Sunday?",
    "Explain how a bicycle stays upright.",
    "Name three ways to save water at home.",
    "Tell me why the sea is salty.",
)


class OneOf(Mended, frozen=True):
    """The answer is one of some options, apart from case and marks around it."""

    options: tuple[str, ...]

    kind, family, category, subtype = "one_of", "structure", "content", "options"
    same_as = "ifbench:format:options"
    wordings = (
        "Answer with one of the following options only: {options}.",
        "Choose from {options}; give no explanation.",
        "Your whole answer must be one of these: {options}.",
    )

    def __post_init__(self) -> None:
        if len(self.options) < 2 or not all(option.strip(EDGES) for option in self.options):
            raise ValueError(f"needs two options or more, got {self.options!r}")

    def check(self, text: str) -> Finding:
        said = text.strip(EDGES).lower()
        passed = any(option.strip(EDGES).lower() == said for option in self.options)
        span = () if passed or not text.strip() else ((0, len(text)),)
        return Finding(passed, f"{said[:60]!r} is {'one' if passed else 'none'} of the options", span)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        begun = text.lstrip(EDGES).lower()
        rests = (option.strip(EDGES)[len(begun) :] for option in self.options if option.strip(EDGES).lower().startswith(begun))
        return first(self, text, rests)

    def mend(self, text: str, random: randomness.Random) -> str:
        """An option that the text mentions, or any."""
        if (end := self.finish(text)) is not None:
            return text + end
        low = text.lower()
        named = [option for option in self.options if option.strip(EDGES).lower() in low]
        return max(named, key=len) if named else random.choice(self.options)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((("yes", "no", "maybe"), ("true", "false"), ("I know", "I do not know"), ("A", "B", "C", "D"))))

    def peer(self) -> dict[str, object]:
        return {"options": "/".join(self.options)}


class HoldsOneOf(Mended, frozen=True):
    """One of some sentences occurs word for word; there may be more around it."""

    options: tuple[str, ...]

    kind, family, category, subtype = "holds_one_of", "structure", "content", "options"
    same_as = "ifeval:detectable_format:constrained_response"
    wordings = (
        "Your answer must hold one of these, word for word: {options}",
        "Say one of the following in exactly these words: {options}",
        "Include one of {options} as it stands here.",
    )

    def __post_init__(self) -> None:
        if not all(option.strip() == option and option for option in self.options):
            raise ValueError(f"needs options without blanks around them, got {self.options!r}")

    def check(self, text: str) -> Finding:
        found = [option for option in self.options if option in text]
        return Finding(bool(found), f"found: {shown(tuple(found)) or 'none'}")

    def finish(self, text: str) -> str | None:
        if any(option in text for option in self.options):
            return ""
        for option in self.options:
            for size in range(len(option) - 1, 3, -1):
                if text.endswith(option[:size]):
                    return option[size:]
        return lead(text) + self.options[0]

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice((("My answer is yes.", "My answer is no.", "My answer is maybe."), ("I agree.", "I disagree."))))


class RepeatsFirst(Mended, frozen=True):
    """The answer begins with the request word for word, apart from case."""

    request: str

    kind, family, category, subtype = "repeats_first", "structure", "content", "copies"
    same_as = "ifeval:combination:repeat_prompt"
    wordings = (
        'First repeat the request word for word, then give your answer. The request: "{request}"',
        'Begin by repeating this without any change: "{request}" Only then answer.',
        'The answer must open with the words "{request}"; say nothing before them.',
    )

    def __post_init__(self) -> None:
        if not self.request.strip():
            raise ValueError("needs a request to repeat")

    def check(self, text: str) -> Finding:
        passed = text.strip().lower().startswith(self.request.strip().lower())
        return Finding(passed, "begins with the request" if passed else "does not begin with the request")

    def finish(self, text: str) -> str | None:
        asked, begun = self.request.strip(), text.lstrip()
        if begun.lower().startswith(asked.lower()):
            return ""
        return asked[len(begun) :] if asked.lower().startswith(begun.lower()) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """Puts the request before the text."""
        end = self.finish(text)
        return text + end if end is not None else f"{self.request.strip()}\n\n{text.strip()}"

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(_REQUESTS))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.request}


class _Copy(Mended, frozen=True):
    """The words of the answer are given, but for some."""

    family, category, subtype = "structure", "content", "copies"

    def asked(self) -> list[str]:
        """The words that the answer consists of, in lower case where case does not count."""
        raise NotImplementedError

    def told(self, text: str) -> list[str]:
        """The words of the answer, to be compared."""
        return text.lower().split()

    def check(self, text: str) -> Finding:
        asked, said = self.asked(), self.told(text)
        if said == asked:
            return Finding(True, f"all {len(asked)} words are as asked for")
        wrong = next((i for i, (a, b) in enumerate(zip(asked, said, strict=False)) if a != b), min(len(asked), len(said)))
        chunks, at = text.split(None, wrong + 1)[: wrong + 1], 0
        for chunk in chunks:
            at = text.find(chunk, at) + len(chunk)
        span = ((at - len(chunks[-1]), len(text.rstrip())),) if wrong < len(said) else ()
        return Finding(False, f"differs from word {wrong + 1} on", span)

    def finish(self, text: str) -> str | None:
        asked, said = self.asked(), self.told(text)
        if said == asked:
            return ""
        open_word = bool(text) and not text[-1].isspace()
        done = len(said) - open_word
        if said[:done] != asked[:done] or done >= len(asked):
            return None
        rest = asked[done:]
        if open_word:
            if not rest[0].startswith(said[-1]):
                return None
            rest[0] = rest[0][len(said[-1]) :]
        return " ".join(rest)

    def mend(self, text: str, random: randomness.Random) -> str:
        """The words asked for, instead of the text."""
        end = self.finish(text)
        return text + end if end is not None else " ".join(self.asked())


class ExactSentence(_Copy, frozen=True):
    """The answer is a sentence that is given, apart from case, and nothing else."""

    sentence: str

    kind, same_as = "exact_sentence", "ifbench:repeat:repeat_simple"
    wordings = (
        'Only output this sentence: "{sentence}"',
        'Say exactly "{sentence}" and nothing else.',
        'Ignore everything else and answer with these words only: "{sentence}"',
    )

    def __post_init__(self) -> None:
        if not self.sentence.strip():
            raise ValueError("needs a sentence")

    def asked(self) -> list[str]:
        return self.sentence.lower().split()

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("I cannot say.", "This sentence is all there is.", "Please come back on Monday morning.")))


class CopiedSpan(_Copy, frozen=True):
    """The answer is the words from place `start` up to, but without, place `end` of a source, counted from 0; case aside.

    IFBench asks for places of characters and for the last one too, but checks for words, without the last; here the wording fits.
    """

    source: str
    start: int
    end: int

    kind, same_as = "copied_span", "ifbench:repeat:repeat_span"
    wordings = (
        'Copy the words from number {start} up to but not including number {end}, counted from 0, of this text: "{source}"',
        'Of "{source}" give only the words at the places {start} to {end}, counted from 0, the last place excluded.',
        'Repeat nothing but the words {start} to {end} (from 0; the word at {end} left out) of: "{source}"',
    )

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.source.split()):
            raise ValueError(f"the source has {len(self.source.split())} words, so not {self.start} to {self.end}")

    def asked(self) -> list[str]:
        return self.source.lower().split()[self.start : self.end]

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        source = random.choice(_REQUESTS)
        start = random.randint(1, 3)  # IFBench takes 0 for "draw one"
        return cls(source, start, start + random.randint(2, 3))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.source, "n_start": self.start, "n_end": self.end}


class RepeatsChanged(Mended, frozen=True):
    """The answer is the request again, with another first word, and nothing else.

    IFBench lets the first word stay if the blanks differ; that is a bug.
    """

    request: str

    kind, family, category, subtype = "repeats_changed", "structure", "content", "copies"
    same_as = "ifbench:repeat:repeat_change"
    wordings = (
        'Repeat the request, but change its first word, and do not answer it. The request: "{request}"',
        'Say this again with another first word and nothing else changed: "{request}"',
        'Replace the first word of "{request}" and give the result; say nothing else.',
    )

    def __post_init__(self) -> None:
        if len(self.request.split()) < 2:
            raise ValueError(f"needs a request of two words or more, got {self.request!r}")

    def check(self, text: str) -> Finding:
        asked, said = self.request.split(), text.split()
        if said[:1] == asked[:1]:
            return Finding(False, "the first word is the same")
        return Finding(said[1:] == asked[1:], "the rest is the same" if said[1:] == asked[1:] else "the rest is not the same")

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        return first(self, text, self._rests(text))

    def _rests(self, text: str) -> Iterator[str]:
        asked, said = self.request.split(), text.split()
        if not said:
            yield " ".join(["Please" if asked[0] != "Please" else "Kindly", *asked[1:]])
            return
        if text[-1].isspace():
            yield " ".join(asked[len(said) :])
            return
        if len(said) == 1:
            yield " ".join(["", *asked[1:]])
            yield " ".join(["s", *asked[1:]])
        elif len(said) <= len(asked) and asked[len(said) - 1].startswith(said[-1]):
            yield " ".join([asked[len(said) - 1][len(said[-1]) :], *asked[len(said) :]])

    def mend(self, text: str, random: randomness.Random) -> str:
        """The request with another first word."""
        end = self.finish(text)
        return text + end if end is not None else (self.finish("") or "")

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(_REQUESTS))

    def peer(self) -> dict[str, object]:
        return {"prompt_to_repeat": self.request}


class OutputTemplate(Mended, frozen=True):
    """Some labels occur in the order of the template, each with text after it.

    IFBench takes the labels in any order and without text; that is no template.
    """

    labels: tuple[str, ...]

    kind, family, category, subtype = "output_template", "structure", "format", "template"
    same_as = "ifbench:format:output_template"
    wordings = (
        "Use a template with these labels in this order, each followed by its text: {labels}",
        "Fill in this form, one field after the other: {labels}",
        "The answer must have the fields {labels} in that order, none left empty.",
    )

    def __post_init__(self) -> None:
        if not self.labels or not all(label.strip() == label and label for label in self.labels):
            raise ValueError(f"needs labels without blanks around them, got {self.labels!r}")

    def read(self, text: str) -> tuple[int, int]:
        """How many labels were found in order, each but the first after some text, and where the last of them ends."""
        at = 0
        for index, label in enumerate(self.labels):
            found = text.find(label, at)
            while index and found >= 0 and not text[at:found].strip():
                found = text.find(label, found + 1)
            if found < 0:
                return index, at
            at = found + len(label)
        return len(self.labels), at

    def check(self, text: str) -> Finding:
        count, at = self.read(text)
        passed = count == len(self.labels) and bool(text[at:].strip())
        said = f"{count} of {len(self.labels)} fields in order"
        return Finding(passed, said if passed or count < len(self.labels) else said + ", the last one empty")

    def finish(self, text: str) -> str | None:
        count, at = self.read(text)
        filled = bool(text[at:].strip())
        if count == len(self.labels) and filled:
            return ""
        start = "" if not count or filled else (" ..." if text[-1:] != " " else "...")
        glue = newline(text + start) if text + start else ""
        return start + glue * (count < len(self.labels)) + "\n".join(f"{label} ..." for label in self.labels[count:])

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        sets = (("My Answer:", "My Conclusion:", "Future Outlook:"), ("Problem:", "Cause:", "Remedy:"), ("Name:", "Reason:"))
        return cls(random.choice(sets))


class HoldsReversed(Mended, frozen=True):
    """Some words occur backwards, letter by letter, apart from case."""

    phrase: str

    kind, family, category, subtype = "holds_reversed", "structure", "content", "copies"
    same_as = "ifbench:custom:character_reverse"
    wordings = (
        'Write "{phrase}" backwards, letter by letter.',
        'The answer must hold the words "{phrase}" spelt in reverse.',
        'Mention "{phrase}", but with its letters from last to first.',
    )

    def __post_init__(self) -> None:
        if not self.phrase.strip():
            raise ValueError("needs words to reverse")

    def check(self, text: str) -> Finding:
        passed = self.phrase[::-1].lower() in text.lower()
        return Finding(passed, f"{self.phrase[::-1]!r} {'occurs' if passed else 'does not occur'}")

    def finish(self, text: str) -> str | None:
        return "" if self.check(text).passed else f"{lead(text)}{self.phrase[::-1]}."

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(f"{random.choice(NOUNS)} {random.choice(NOUNS)}")


class HoldsWordsReversed(Mended, frozen=True):
    """Some words occur in reverse order, one right after the other, apart from case and punctuation."""

    phrase: str

    kind, family, category, subtype = "holds_words_reversed", "structure", "content", "copies"
    same_as = "ifbench:custom:word_reverse"
    wordings = (
        'Write the words "{phrase}" in reverse order.',
        'The answer must hold "{phrase}" with its words from last to first.',
        'Mention "{phrase}", but the last word first and the first word last.',
    )

    def __post_init__(self) -> None:
        if not self.phrase.translate(_BARE).split():
            raise ValueError("needs words to reverse")

    def check(self, text: str) -> Finding:
        asked = " ".join(reversed(self.phrase.lower().translate(_BARE).split()))
        said = " ".join(text.lower().translate(_BARE).split())
        passed = f" {asked} " in f" {said} "
        return Finding(passed, f"{asked!r} {'occurs' if passed else 'does not occur'}")

    def finish(self, text: str) -> str | None:
        turned = " ".join(reversed(self.phrase.translate(_BARE).split()))
        return first(self, text, ("", f"{lead(text)}{turned}.", f" {turned}."))

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(f"{random.choice(NOUNS)} and {random.choice(NOUNS)}")


_BARE = str.maketrans("", "", string.punctuation)


class CommaList(Mended, frozen=True):
    """The whole answer is some items in the order given, with commas between."""

    items: tuple[str, ...]

    kind, family, category, subtype = "comma_list", "structure", "content", "copies"
    same_as = "ifbench:custom:european_capitals_sort"
    wordings = (
        "Give only this list, separated by commas and in this order: {items}.",
        "The answer must be nothing but {items}, with commas between them.",
        "List {items} in that order, comma separated, without anything else.",
    )

    def __post_init__(self) -> None:
        if not self.items or any("," in item or item.strip() != item or not item for item in self.items):
            raise ValueError(f"needs items without commas and without blanks around them, got {self.items!r}")

    def check(self, text: str) -> Finding:
        said = [item.strip() for item in text.split(",") if item.strip()]
        wrong = [item for item, asked in zip(said, self.items, strict=False) if item != asked]
        passed = said == list(self.items)
        what = f"first wrong item: {wrong[0]!r}" if wrong else f"{len(said)} of {len(self.items)} items"
        return Finding(passed, what)

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        pieces = text.split(",")
        *before, last = [piece for piece in pieces[:-1] if piece.strip()] + [pieces[-1]]
        done, begun = [item.strip() for item in before], last.lstrip()
        if done != list(self.items[: len(done)]) or len(done) >= len(self.items):
            return None
        rest = self.items[len(done) :]
        if begun.rstrip() == rest[0]:
            return ", ".join(["", *rest[1:]])
        return first(self, text, [", ".join([rest[0][len(begun) :], *rest[1:]])]) if rest[0].startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        """The list instead of the text."""
        end = self.finish(text)
        return text + end if end is not None else ", ".join(self.items)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(tuple(random.sample(sorted(set(NOUNS)), random.randint(2, 5))))


_QUESTION = re.compile(r"\n*Question \d+[.|):;]?\s*")
_OPTION = re.compile(r"[A-Ea-e][.|)]\s*\w+")


class MultipleChoice(Rule, frozen=True):
    """So many multiple-choice questions, headed "Question 1" and so on, with so many options, each longer than the last.

    As in IFBench, the answer begins with "Question", and the length is that of the question in characters.
    """

    questions: int
    options: int

    kind, family, category, subtype = "multiple_choice", "structure", "format", "template"
    steers, same_as = False, "ifbench:custom:mcq_count_length"
    wordings = (
        'Write {questions} multiple-choice questions with {options} options each (A, B, ...); begin each with "Question" and its'
        " number, and let each question be longer than the one before.",
        "Give {questions} questions, headed Question 1 and so on, each longer than the last and followed by {options} options"
        " marked A), B), ...",
        'The answer must be {questions} questions to tick, with {options} options each; label them "Question 1." etc., in'
        " increasing length.",
    )

    def __post_init__(self) -> None:
        if self.questions < 1 or not 1 <= self.options <= 5:
            raise ValueError(f"needs questions, and 1 to 5 options, got {self.questions} and {self.options}")

    def check(self, text: str) -> Finding:
        if not text.startswith("Question"):
            return Finding(False, 'does not begin with "Question"')
        parts = [part.strip() for part in _QUESTION.split(text) if part.strip()]
        if len(parts) != self.questions:
            return Finding(False, f"{len(parts)} questions instead of {self.questions}")
        before = -1
        for index, part in enumerate(parts, 1):
            lines = [line.strip() for line in part.split("\n")]
            marks = [place for place, line in enumerate(lines) if _OPTION.match(line)]
            if len(marks) != self.options:
                return Finding(False, f"question {index} has {len(marks)} options instead of {self.options}")
            size = len(" ".join(lines[: marks[0]]).strip())
            if size <= before:
                return Finding(False, f"question {index} is not longer than the one before")
            before = size
        return Finding(True, f"{self.questions} questions with {self.options} options, longer and longer")

    def mend(self, text: str, random: randomness.Random) -> str:
        """Writes the questions anew: what they are about is not known here."""
        if self.check(text).passed:
            return text
        blocks: list[str] = []
        for index in range(self.questions):
            asked = " and ".join(["Which of these fits best"] + ["why would you say so"] * index)
            options = [f"{string.ascii_uppercase[place]}) The {random.choice(NOUNS)}" for place in range(self.options)]
            blocks.append("\n".join([f"Question {index + 1}. {asked}?", *options]))
        return "\n\n".join(blocks)

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.randint(2, 4), random.randint(3, 5))


__all__ = [
    "CommaList",
    "CopiedSpan",
    "ExactSentence",
    "HoldsOneOf",
    "HoldsReversed",
    "HoldsWordsReversed",
    "MultipleChoice",
    "OneOf",
    "OutputTemplate",
    "RepeatsChanged",
    "RepeatsFirst",
]
