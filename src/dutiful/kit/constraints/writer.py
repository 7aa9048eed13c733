"""Writes short answers that meet a set of requirements, or break chosen ones: gold answers, faulty drafts, proofs.

A body of sentences about a topic is mended rule by rule until all of them hold at once. What comes back was checked, so a
text from here is the proof that its rules can be met together; that none was found proves nothing (`Unwritable`).
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterator, Sequence, Set

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.spoil import spoil
from dutiful.kit.constraints.text import sentence_spans, word_spans
from dutiful.kit.constraints.topics import ASKING, TOPICS

SPLITS = tuple(ASKING)
_ORDER = ("language", "lexical", "compound", "arithmetic", "length", "structure", "format", "punctuation", "case", "position")
"""In which order families are mended: content, counts, form, letter case, ends. What comes late disturbs least."""
_DRAFTS, _ROUNDS, _STEPS = 8, 6, 200
"""Drafts that are tried, rounds of mending each gets, steps of the search at the end."""
_LONGEST = 3000
"""Characters of a text."""
_SMALL = ("also", "often", "usually", "perhaps", "today", "here")
_BREAKS = ("\n", "\n\n", " ")
_Asked = Sequence[tuple[Rule, bool]]
"""Rules, each with whether it is to be met."""


class Unwritable(ValueError):
    """No text was found that does as asked. `rules` are those that stayed wrong in the best try."""

    def __init__(self, rules: Sequence[Rule], wrong: Sequence[Rule]):
        stuck = "; ".join(rule.wording() for rule in wrong)
        super().__init__(f"found no text for {len(rules)} requirements; in the best one these stayed wrong: {stuck}")
        self.rules = tuple(wrong)


def topics(split: str = "") -> tuple[str, ...]:
    """The topics of a split ("train", "validation", "test"), or all of them."""
    if split and split not in ASKING:
        raise ValueError(f"no split is called {split!r}; there are: {', '.join(ASKING)}")
    return tuple(name for name, topic in TOPICS.items() if split in ("", topic.split))


def question(topic: str, random: randomness.Random) -> str:
    """A plain request about a topic, in a wording of the split that the topic belongs to."""
    known = TOPICS[topic]
    return random.choice(ASKING[known.split]).format(subject=known.subject)


def write(rules: Sequence[Rule], topic: str, random: randomness.Random, broken: Set[int | str] = frozenset()) -> str:
    """A short answer about a topic that meets every rule but those in `broken` (kinds, or places in `rules`), and none of these.

    Raises `Unwritable` when no text was found, KeyError for an unknown topic.
    """
    asked = [(rule, index not in broken and rule.kind not in broken) for index, rule in enumerate(rules)]
    best: tuple[str, _Asked] = ("", asked)
    for draft in _drafts(asked, topic, random):
        best = min(best, _settle(draft, asked, topic, random), key=lambda tried: len(tried[1]))
        if not best[1]:
            return best[0]
    text, wrong = _search(best[0], asked, topic, random)
    if wrong:
        raise Unwritable(rules, [rule for rule, _ in wrong])
    return text


def _wrong(text: str, asked: _Asked) -> _Asked:
    return [(rule, wanted) for rule, wanted in asked if rule.check(text).passed != wanted]


def _drafts(asked: _Asked, topic: str, random: randomness.Random) -> Iterator[str]:
    """Plain answers of several lengths, those with the least wrong first; then some that open with what was asked for.

    Rules of length are mended at the end of a text. So a draft that opens with the words and lines that other rules ask for,
    and goes on with plain sentences, can be made longer and shorter without losing them.
    """
    drafts = [_body(topic, random, size) for size in (1, 2, 3, 4, 5, 6, 8) for _ in range(2)]
    if any(rule.family == "language" for rule, _ in asked):
        drafts += ["".join(random.sample(TOPICS[topic].chinese, size)) for size in (1, 2, 3)]
    random.shuffle(drafts)
    drafts.sort(key=lambda draft: len(_wrong(draft, asked)))
    yield from drafts[:_DRAFTS]
    core = [(rule, wanted) for rule, wanted in asked if rule.family not in ("length", "position")]
    if 0 < len(core) < len(asked):
        for size in (0, 1, 3):
            opening, _ = _settle("", core, topic, random)
            yield f"{opening} {_body(topic, random, size)}".strip()


def _body(topic: str, random: randomness.Random, size: int) -> str:
    """So many sentences, sometimes in two paragraphs."""
    sentences = random.sample(TOPICS[topic].sentences, size)
    cut = random.choice((0, 0, size // 2))
    return "\n\n".join(" ".join(part) for part in (sentences[:cut], sentences[cut:]) if part)


def _settle(text: str, asked: _Asked, topic: str, random: randomness.Random) -> tuple[str, _Asked]:
    """The text after some rounds of mending and breaking, and what is still wrong with it."""
    order = sorted(asked, key=lambda one: _ORDER.index(one[0].family))
    for turn in range(_ROUNDS):
        for rule, wanted in order:
            if rule.check(text).passed == wanted:
                continue
            try:
                text = (
                    rule.mend(text, random)
                    if wanted
                    else spoil(text, rule, TOPICS[topic], random, lambda t: len(_wrong(t, asked)))
                )
            except ValueError:  # not from this text; the next may do
                return text, _wrong(text, asked)
            if len(text) > _LONGEST:  # two rules that make it longer in turns
                return text[:_LONGEST], _wrong(text[:_LONGEST], asked)
        if not _wrong(text, asked):
            return text, []
        if turn >= 2:  # two rules undo one another: another order may not
            random.shuffle(order)
    return text, _wrong(text, asked)


def _search(text: str, asked: _Asked, topic: str, random: randomness.Random) -> tuple[str, _Asked]:
    """Local search: a random change stays when no more is wrong than before, now and then also when one thing more is."""
    cost = _cost(text, asked)
    for _ in range(_STEPS):
        try:
            changed = _changed(text, asked, topic, random)
        except ValueError:
            continue
        new = _cost(changed, asked) if len(changed) < _LONGEST else (len(asked) + 1, 0.0)
        if new <= cost or (new[0] == cost[0] + 1 and random.random() < 0.05):
            text, cost = changed, new
            if not cost[0]:
                break
    return text, _wrong(text, asked)


def _cost(text: str, asked: _Asked) -> tuple[int, float]:
    """How many rules are wrong, and how far the counts in their evidence are apart ("24 words, exactly 25 asked for")."""
    wrong, apart = 0, 0.0
    for rule, wanted in asked:
        passed, evidence, _ = rule.check(text)
        if passed != wanted:
            wrong += 1
            counts = [int(digits) for digits in re.findall(r"\d{1,6}", evidence)[:2]]
            apart += min(abs(counts[0] - counts[1]) / (1 + counts[1]), 9) if len(counts) == 2 else 1
    return wrong, apart


def _changed(text: str, asked: _Asked, topic: str, random: randomness.Random) -> str:
    """A text with one thing mended, or one sentence, word or break put in, left out or exchanged."""
    if random.random() < 0.4 and (wrong := _wrong(text, asked)):
        rule, wanted = random.choice(wrong)
        if wanted:
            return rule.mend(text, random)
        return spoil(text, rule, TOPICS[topic], random, lambda t: len(_wrong(t, asked)))
    another = random.choice(TOPICS[topic].sentences)
    if random.random() < 0.3:  # its first clause alone is shorter
        another = re.split(r"[,;]", another)[0].rstrip(".") + "."
    spans = sentence_spans(text) or [(0, 0)]
    start, end = random.choice(spans)
    words = word_spans(text) or [(0, 0)]
    low, high = random.choice(words)
    return random.choice(
        (
            f"{text[:start]}{another}{text[end:]}",
            f"{text[:start]}{another} {text[start:]}",
            f"{text[:end]} {another}{text[end:]}",
            text[:start] + text[end:].lstrip(" "),
            text[:low] + text[high:].lstrip(" "),
            f"{text[:low]}{random.choice(_SMALL)} {text[low:]}",
            f"{text[:start].rstrip(' ')}{random.choice(_BREAKS)}{text[start:]}",
            text.replace("\n\n", random.choice((" ", "\n")), 1),
        )
    ).strip()


__all__ = ["SPLITS", "Unwritable", "question", "topics", "write"]
