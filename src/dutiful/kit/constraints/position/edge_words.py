"""With which word an answer begins and ends."""

from __future__ import annotations

import random as randomness
from typing import Self

from dutiful.kit.constraints.base import Finding, Rule
from dutiful.kit.constraints.fillers import several
from dutiful.kit.constraints.joints import first, gap, link
from dutiful.kit.constraints.position.nth_words import NthWord
from dutiful.kit.constraints.position.places import TOPIC_WORDS, Place
from dutiful.kit.constraints.text import HAN, WORD, capitalised


class FirstWord(Place, frozen=True):
    """The first word is a certain one, in either case. A Chinese one may be of several characters."""

    word: str

    kind = "first_word"
    wordings = (
        'The first word of the answer must be "{word}".',
        'Begin with the word "{word}".',
        'Make sure that the answer starts with the word "{word}".',
    )
    wordings_zh = (
        "回答的第一个词必须是“{word}”。",
        "第一个词用“{word}”。",
    )

    def check(self, text: str) -> Finding:
        found = WORD.search(text)
        if not found:
            return Finding(False, "no word")
        start, end = found.start(), found.start() + len(self.word) if HAN.match(self.word) else found.end()
        passed = text[start:end].lower() == self.word.lower()
        return Finding(passed, f"the first word is {text[start:end]!r}", () if passed else (found.span(),))

    def finish(self, text: str) -> str | None:
        found = WORD.search(text)
        if found is None:
            return gap(text) + capitalised(self.word)
        if self.check(text).passed:
            return ""
        begun = text[found.start() :].lower()
        return self.word[len(begun) :] if self.word.lower().startswith(begun) else None

    def mend(self, text: str, random: randomness.Random) -> str:
        if self.check(text).passed:
            return text
        rest = text.strip()
        joint, stop = ("，", "。") if HAN.match(self.word) else (": ", ".")
        return capitalised(self.word) + (joint + rest if rest else stop)

    def opposes(self, other: Rule) -> str:
        clash = isinstance(other, FirstWord) and other.word.lower() != self.word.lower()
        if isinstance(other, NthWord) and other.n == 1:
            clash = other.word.lower() != self.word.lower()
        return "two different first words" if clash else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("yes", "honestly", "today", "first", "surely", "perhaps", "indeed")))


class LastWord(Place, frozen=True):
    """The last word is a certain one, in either case; a mark may follow it. A Chinese one may be of several characters."""

    word: str

    kind = "last_word"
    wordings = (
        'The last word of the answer must be "{word}".',
        'End with the word "{word}".',
        'Make sure that the answer closes with the word "{word}".',
    )
    wordings_zh = (
        "回答的最后一个词必须是“{word}”。",
        "最后一个词用“{word}”。",
    )

    def check(self, text: str) -> Finding:
        found = list(WORD.finditer(text, max(0, len(text) - 200))) or list(WORD.finditer(text))
        if not found:
            return Finding(False, "no word")
        start, end = found[-1].span()
        start = max(0, end - len(self.word)) if HAN.match(self.word[-1]) else start
        passed = text[start:end].lower() == self.word.lower()
        return Finding(passed, f"the last word is {text[start:end]!r}", () if passed else (found[-1].span(),))

    def finish(self, text: str) -> str | None:
        if self.check(text).passed:
            return ""
        alone, summed = ("{}。", "总之就是{}。") if HAN.match(self.word) else ("{}.", "In a word, {}.")
        if not text.strip():
            return gap(text) + alone.format(capitalised(self.word))
        return first(self, text, (link(text) + summed.format(self.word),))

    def opposes(self, other: Rule) -> str:
        return "two different last words" if isinstance(other, LastWord) and other.word.lower() != self.word.lower() else ""

    @classmethod
    def sample(cls, random: randomness.Random) -> Self:
        return cls(random.choice(("tomorrow", "home", "thanks", "always", *TOPIC_WORDS)))


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


class StartsWithVerb(Place, frozen=True):
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


__all__ = ["FirstWord", "LastWord", "StartsWithVerb"]
