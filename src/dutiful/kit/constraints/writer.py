"""Writes short answers that meet a set of requirements, or break chosen ones: gold answers, faulty drafts, proofs.

A body of sentences about a topic is mended rule by rule until all of them hold at once. What comes back was checked, so a
text from here is the proof that its rules can be met together; that none was found proves nothing (`Unwritable`).
"""

from __future__ import annotations

import random as randomness
import re
from collections.abc import Iterator, Sequence, Set
from typing import cast

from dutiful.kit.constraints.base import Rule
from dutiful.kit.constraints.topics import ASKING, TOPICS

SPLITS = tuple(ASKING)
_ORDER = ("language", "lexical", "compound", "arithmetic", "length", "structure", "format", "punctuation", "case", "position")
"""In which order families are mended: content, counts, form, letter case, ends. What comes late disturbs least."""
_BODIES, _ROUNDS = 10, 6


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
    best: list[Rule] = list(rules)
    for body in _bodies(asked, topic, random):
        text, wrong = _settle(body, asked, topic, random)
        if not wrong:
            return text
        best = min(best, wrong, key=len)
    raise Unwritable(rules, best)


def _wrong(text: str, asked: Sequence[tuple[Rule, bool]]) -> list[tuple[Rule, bool]]:
    return [(rule, wanted) for rule, wanted in asked if rule.check(text).passed != wanted]


def _bodies(asked: Sequence[tuple[Rule, bool]], topic: str, random: randomness.Random) -> Iterator[str]:
    """Plain answers of several lengths, those first that have the least wrong as they are."""
    bodies = [_body(topic, random, size) for size in (2, 3, 4, 5, 6, 8) for _ in range(2)]
    if any(rule.family == "language" for rule, _ in asked):
        bodies += ["".join(random.sample(TOPICS[topic].chinese, size)) for size in (1, 2, 3)]
    random.shuffle(bodies)
    bodies.sort(key=lambda body: len(_wrong(body, asked)))
    yield from bodies[:_BODIES]


def _body(topic: str, random: randomness.Random, size: int) -> str:
    """So many sentences, sometimes in two paragraphs."""
    sentences = random.sample(TOPICS[topic].sentences, size)
    cut = random.choice((0, 0, size // 2))
    return "\n\n".join(" ".join(part) for part in (sentences[:cut], sentences[cut:]) if part)


def _settle(text: str, asked: Sequence[tuple[Rule, bool]], topic: str, random: randomness.Random) -> tuple[str, list[Rule]]:
    """The text after some rounds of mending and breaking, and the rules that are still wrong."""
    order = sorted(asked, key=lambda one: _ORDER.index(one[0].family))
    wrong = _wrong(text, asked)
    for turn in range(_ROUNDS):
        for rule, wanted in order:
            if rule.check(text).passed == wanted:
                continue
            try:
                text = rule.mend(text, random) if wanted else _spoil(text, rule, asked, topic, random)
            except ValueError:  # not from this text; the next body may do
                return text, [rule for rule, _ in wrong]
        wrong = _wrong(text, asked)
        if not wrong:
            break
        if turn >= 2:  # two rules undo one another: another order may not
            random.shuffle(order)
    return text, [rule for rule, _ in wrong]


def _spoil(text: str, rule: Rule, asked: Sequence[tuple[Rule, bool]], topic: str, random: randomness.Random) -> str:
    """The text changed so that it breaks a rule that it meets, with as little else wrong as can be; raises ValueError."""
    found = [changed for changed in _changes(text, rule, topic, random) if not rule.check(changed).passed]
    if not found:
        raise ValueError(f"no change breaks {rule.kind}")
    return min(found, key=lambda changed: len(_wrong(changed, asked)))


def _changes(text: str, rule: Rule, topic: str, random: randomness.Random) -> Iterator[str]:
    """Small plain changes, among which one usually breaks a given rule: something put in, left out or written otherwise."""
    sentences = TOPICS[topic].sentences
    more = random.choice(sentences)
    for value in _strings(rule):
        without = re.sub(re.escape(value), "", text, flags=re.IGNORECASE)
        yield re.sub(r" {2,}", " ", without).strip()
        yield f"{text} {value}"
        yield f"{value} {text}"
        yield text.replace(value, value.swapcase())
    yield f"{text} {more}"
    yield f"{more} {text}"
    yield f"{text}\n\n{more}"
    yield text.rstrip(" .!?") + ", and so on."
    yield text.rstrip(" .!?")
    yield re.sub(r"[,;:]", "", text)
    yield re.sub(r"[^\w\s.]", "", text)
    yield text + "!"
    yield text + "?"
    yield re.sub(r"\d+", "some", text)
    yield text + " In 1987, 12 of 30 did."
    yield text.capitalize()
    yield text[:1].swapcase() + text[1:]
    yield text.lower()
    yield text.upper()
    yield text.title()
    yield " ".join(text.split())
    yield text.replace("\n\n", "\n")
    yield text.replace("\n", "\n\n")
    yield f"{text}\n- {more}"
    yield re.sub(r"(?m)^[ \t]*(?:[-*+#>|]+|\d+\.)[ \t]*", "", text)
    yield re.sub(r"[*_`#<>\[\]{}()|\"“”]", "", text)
    pieces = re.split(r"(?<=[.!?])\s+", text)
    yield " ".join(pieces[: len(pieces) // 2])
    yield pieces[0]
    yield " ".join(pieces[0].split()[:5])
    yield text[text.find(" ") + 1 :]
    yield " ".join(random.sample(text.split(), len(text.split())))
    yield " ".join(sentences)
    yield _body(topic, random, 2)
    yield f"{TOPICS[topic].chinese[0]}{text}"


def _strings(rule: Rule) -> list[str]:
    """The texts among the parameters of a rule."""
    values = cast("list[object]", list(rule.params().values()))
    items = [item for value in values for item in (cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,))]
    return [item for item in items if isinstance(item, str) and item]


__all__ = ["SPLITS", "Unwritable", "question", "topics", "write"]
