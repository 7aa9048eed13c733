"""028 Workflows and action plans: does a policy that is told the plan carry out procedures that it has never seen?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, shown
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.judges.cascade import cascade
from dutiful.kit.copying import Copier
from dutiful.teachers.workflows import ACTIONS, split
from dutiful.worlds.tools.service.dialogues import Dialogue, dialogue, samples

SEEDS = 5
DIALOGUES = 300
"""Dialogues that each policy is trained on."""
EPOCHS, BATCH, RATE = 6, 16, 2e-3
TESTED = 40
"""Dialogues a seed and a part of the workflows."""


class Scored(NamedTuple):
    """One dialogue: whether all its actions were right, and of those that no training target has, which; its cascade."""

    complete: bool
    unseen: list[bool]
    cascade: float


class WorkflowsClaim(Claim):
    """A copying network of 1 million weights, trained from scratch on 300 dialogues in each of three settings, five seeds.

    Held out: whole workflows, and three actions with all workflows that take one. Bounds of the entry: unseen workflows
    completed with the plan over without >= 0.40; names only within 0.10 of without; seen workflows within 0.03 of each other;
    unseen actions right with the plan >= 0.70, without about 0 (here: <= 0.05); a shuffled plan hurts (here: loses >= 0.20). The
    control is the gain of the shuffled plan over none. An action is right when name and values are; the history is gold.

    A first run was broken off after one seed: with names of several words the policy that is told all names had not learned even
    seen workflows, so that each name is one word now.
    """

    card = Card(
        kind="claim",
        name="workflows",
        system="028",
        summary="told the plan of actions, a dialogue policy completes workflows and takes actions that it was never trained on",
        source="arXiv 2306.01729",
    )
    cost = "full"
    beyond = "T5 on the human dialogues of ABCD; fluent utterances. Utterances are predicted as such here, not worded."

    def measure(self, lab: Any) -> Iterator[Evidence]:
        found: dict[tuple[str, str], list[Scored]] = {}
        for seed in range(SEEDS):
            tests = {part: _dialogues(part, TESTED, f"test {seed}") for part in ("seen", "workflows", "actions")}
            trained = _dialogues("seen", DIALOGUES, f"train {seed}")
            for setting in ("base", "names", "plan"):
                policy = Copier(seed=seed).fit([sample[:2] for sample in samples(trained, setting)], EPOCHS, BATCH, RATE)
                for part, dialogues in tests.items():
                    found.setdefault((setting, part), []).extend(_scores(policy, dialogues, setting))
                if setting == "plan":
                    found.setdefault(("shuffled", "workflows"), []).extend(_scores(policy, tests["workflows"], "shuffled"))
                lab.note(f"seed {seed}, {setting}: {_line(found, setting)}")

        def complete(setting: str, part: str = "workflows") -> list[float]:
            return [float(each.complete) for each in found[setting, part]]

        for (setting, part), scored in found.items():
            shares = shown(mean([float(each.complete) for each in scored]).interval)
            lab.note(f"{setting}, {part}: completed {shares}, cascade {shown(mean([each.cascade for each in scored]).interval)}")
        gain = difference(complete("plan"), complete("base"))
        yield at_least("unseen workflows completed, plan over none", gain, 0.40)
        names = difference(complete("names"), complete("base"))
        yield at_most("unseen workflows completed, names over none, from above", names, 0.10)
        yield at_least("unseen workflows completed, names over none, from below", names, -0.10)
        seen = difference(complete("plan", "seen"), complete("base", "seen"))
        yield at_most("seen workflows completed, plan over none, from above", seen, 0.03)
        yield at_least("seen workflows completed, plan over none, from below", seen, -0.03)
        yield at_least("unseen actions right with the plan", _unseen(found["plan", "actions"]), 0.70)
        yield at_most("unseen actions right without", _unseen(found["base", "actions"]), 0.05)
        yield at_least(
            "unseen workflows completed, plan over shuffled plan", difference(complete("plan"), complete("shuffled")), 0.20
        )
        yield at_least("shuffled plan over none", difference(complete("shuffled"), complete("base")), 0.40, control=True)


def _dialogues(part: Any, n: int, seed: str) -> list[Dialogue]:
    random, names = Random(f"claim 028 {part} {seed}"), split(part)
    return [dialogue(names[number % len(names)], random) for number in range(n)]


def _scores(policy: Copier, dialogues: Sequence[Dialogue], setting: str) -> list[Scored]:
    asked = samples(dialogues, setting, seed=1)
    written = policy.write([sample.source for sample in asked])
    scored: list[Scored] = []
    for number in range(len(dialogues)):
        pairs = [(text, sample.target) for text, sample in zip(written, asked, strict=True) if sample.dialogue == number]
        right = [_what(text) == _what(target) for text, target in pairs]
        actions = [(good, target) for good, (_, target) in zip(right, pairs, strict=True) if "next: action" in target]
        unseen = [good for good, target in actions if any(f"name: {name} " in target for name in ACTIONS)]
        scored.append(Scored(all(good for good, _ in actions), unseen, cascade(right)))
    return scored


def _what(text: str) -> str:
    """What is done: all but the name of the workflow."""
    return text.partition(" | ")[2]


def _unseen(scored: Sequence[Scored]) -> Measured:
    """The share of right ones among actions that no training target has, dialogues drawn whole."""
    flags = [(float(good), number) for number, each in enumerate(scored) for good in each.unseen]
    return mean([good for good, _ in flags], [number for _, number in flags])


def _line(found: dict[tuple[str, str], list[Scored]], setting: str) -> str:
    parts = {part: scored[-TESTED:] for (name, part), scored in found.items() if name == setting}
    return ", ".join(f"{part} {sum(each.complete for each in scored) / TESTED:.2f}" for part, scored in parts.items())


__all__ = ["WorkflowsClaim"]
