"""056: rules given many turns ago are lost; said once more at the end, they are kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from random import Random
from typing import Any

from dutiful.claims.evidence import Measured, at_least, at_most, difference, of, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Constraint, Episode, Source
from dutiful.judges.pif import Pif
from dutiful.kit.constraints import TYPES, Rule
from dutiful.kit.constraints.parse import parse
from dutiful.kit.constraints.topics import TOPICS
from dutiful.kit.constraints.writer import Unwritable, write
from dutiful.kit.statistics import ratio_of_means
from dutiful.models.scripted import Scripted

KEEPS = 0.9
"""How much of a rule's chance to be remembered is left after each answer (agent A)."""
EXECUTES = 0.7
"""The probability that a rule is carried out (agent B)."""


class StandingClaim(Claim):
    """Two planted faults, forgetting and bad execution, are told apart by the appended rules; then the embedded model."""

    card = Card(
        kind="claim",
        name="mmmtif",
        system="056",
        summary="rules that stand are obeyed less from turn to turn, and appending all of them at the end wins much of it back",
        source="arXiv 2409.18216",
    )
    cost = "full"
    stands_in = (
        f"agent A, a script that reads the rules in its prompt and remembers each with probability {KEEPS}^age, "
        "age in answers since it was last said; agent B, a script that forgets none and carries each out with probability "
        f"{EXECUTES}"
    )
    beyond = "images; three large models, their PIF-4-4, and the correlation with human ratings"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        forgets, clumsy = Scripted(reply=forgetful), Scripted(reply=careless)
        a = lab.episodes("act", WORLD, forgets, **CHATS)
        reminded_a = lab.episodes("act+reminder", WORLD, forgets, **CHATS)
        b = lab.episodes("act", WORLD, clumsy, **CHATS)
        reminded_b = lab.episodes("act+reminder", WORLD, clumsy, **CHATS)
        yield at_least("A: PIF of the first third of the turns minus the last", decline(a), 0.05)
        yield at_least("A: share of the loss that the appended rules win back", won_back(a, reminded_a), 0.8)
        gain = difference(of(reminded_b, pif), of(b, pif), tasks(b))
        yield at_least("B: PIF appended minus scattered, from below", gain, -0.05)
        yield at_most("B: PIF appended minus scattered, from above", gain, 0.05)
        yield at_least("B, who forgets nothing: share of the loss won back", won_back(b, reminded_b), 0.8, control=True)
        yield at_least("A, turns shuffled: first third minus last", decline(a, shuffled=True), 0.05, control=True)
        for name, episodes in (("A", a), ("A reminded", reminded_a), ("B", b), ("B reminded", reminded_b)):
            lab.note(f"{name}: {line(episodes)}")

        plain = lab.episodes(TALKS, WORLD, EMBEDDED, **SMALL)
        reminded = lab.episodes(f"{TALKS}+reminder", WORLD, EMBEDDED, **SMALL)
        gain = difference(of(reminded, pif), of(plain, pif), tasks(plain))
        yield at_least("embedded: PIF appended minus scattered", gain, 0.0)
        lab.note(f"embedded: {line(plain)}")
        lab.note(f"embedded, reminded: {line(reminded)}")


WORLD = "chat/standing?turns=12"
CHATS = dict(tasks=12, seeds=5)
"""60 chats."""
SMALL = dict(tasks=3, seeds=5)
"""15 chats."""
EMBEDDED = "embedded?context=2048&threads=1"
TALKS = "act+choice?tokens=96"
"""Twelve answers of at most so many tokens fit into the window of 2,048 with their questions."""


def forgetful(prompt: Prompt) -> str:
    """Agent A: a rule last said `age` answers ago is remembered with probability KEEPS^age; what it remembers it does."""
    random = Random(zlib.crc32(prompt.text.encode()))
    return answer(prompt, [rule for rule, age in said(prompt) if random.random() < KEEPS**age], random)


def careless(prompt: Prompt) -> str:
    """Agent B: every rule is remembered, and carried out with probability EXECUTES."""
    random = Random(zlib.crc32(prompt.text.encode()))
    rules = [rule for rule, _ in said(prompt)]
    return answer(prompt, rules, random, {place for place in range(len(rules)) if random.random() >= EXECUTES})


def said(prompt: Prompt) -> list[tuple[Rule, int]]:
    """The rules that the user states in a prompt, each with the number of answers since it was last said."""
    ages: dict[Rule, int] = {}
    answers = 0
    for span in reversed(prompt):
        if span.source is Source.MODEL:
            answers += 1
        elif span.source is Source.USER:
            for rule in stated(span.text):
                ages.setdefault(rule, answers)
    return list(reversed(ages.items()))


@lru_cache(maxsize=4096)
def stated(text: str) -> tuple[Rule, ...]:
    """The rules in a text, last first; the same texts come back at every turn."""
    return tuple(TYPES.rule(Constraint(each.constraint.kind, each.constraint.params)) for each in reversed(parse(text)))


def answer(prompt: Prompt, rules: Sequence[Rule], random: Random, broken: Set[int] = frozenset()) -> str:
    """A text about what was asked last that meets the rules but for the broken ones."""
    topic = next(name for name, known in TOPICS.items() if known.subject in prompt[-1].text)
    try:
        return write(rules, topic, random, broken)
    except Unwritable as trouble:  # no text breaks exactly those: break as few others as can be
        left = [rule for rule in rules if rule not in trouble.rules]
        return write(left, topic, random)


def pif(episode: Episode) -> float:
    """Mean PIF over the turns of a chat."""
    return Pif().judge(episode).score


def thirds(episode: Episode, shuffled: bool) -> tuple[float, float]:
    """Mean PIF of the first and of the last third of the turns."""
    scores = [criterion.score for criterion in Pif().judge(episode).criteria]
    if shuffled:
        Random(f"{episode.task.id}/{episode.seed}").shuffle(scores)
    third = len(scores) // 3
    return sum(scores[:third]) / third, sum(scores[-third:]) / third


def decline(episodes: Sequence[Episode], shuffled: bool = False) -> Measured:
    """How far PIF falls from the first third of the turns to the last."""
    pairs = [thirds(episode, shuffled) for episode in episodes]
    return difference([first for first, _ in pairs], [last for _, last in pairs], tasks(episodes))


def won_back(scattered: Sequence[Episode], appended: Sequence[Episode]) -> Measured:
    """Mean gain by the appended rules over the mean loss without them (1 - PIF)."""
    loss = [1 - value for value in of(scattered, pif)]
    gain = [value - (1 - lost) for value, lost in zip(of(appended, pif), loss, strict=True)]
    return Measured(ratio_of_means(loss, gain, tasks(scattered)), len(loss))


def line(episodes: Sequence[Episode]) -> str:
    """PIF, by turn and by number of active rules, in a line."""
    return ", ".join(f"{figure.name} {figure.value:.2f}" for figure in Pif().report(episodes))
