"""Turns of a service desk as text-to-text samples, with workflows or actions held out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import Literal

from dutiful.core.errors import SpecError
from dutiful.core.parts import Card
from dutiful.core.records import Example, Source, Span
from dutiful.core.teacher import Teacher
from dutiful.worlds.tools.service.dialogues import SETTINGS, dialogue, samples
from dutiful.worlds.tools.service.procedures import WORKFLOWS
from dutiful.worlds.tools.service.world import UNSEEN

Part = Literal["seen", "workflows", "actions"]
ACTIONS = ("file-claim", "match-price", "waive-fee")
"""Actions that are held out: no workflow that takes one is trained on."""


def split(kind: Part) -> list[str]:
    """The workflows of a part: trained on, held out whole, or held out since they take a held-out action."""
    actions = [name for name, (_, steps) in WORKFLOWS.items() if set(steps) & set(ACTIONS)]
    held = [name for name in WORKFLOWS if name not in actions and name in UNSEEN]
    return {"actions": actions, "workflows": held, "seen": [name for name in WORKFLOWS if name not in (*actions, *held)]}[kind]


def leaks(examples: Sequence[Example], actions: Collection[str] = ACTIONS) -> list[str]:
    """The targets that say an action which should never be said in training."""
    said = [span.text for example in examples for span, loss in zip(example.spans, example.loss, strict=True) if loss]
    return [text for text in said if any(f"name: {action} " in text for action in actions)]


class Workflows(Teacher):
    """n turns from dialogues of the workflows of a part, in a setting (`worlds/tools/service/dialogues.py`).

    setting: "base", "names" (all workflow names, held-out ones too), "plan" (the actions of the true workflow), "shuffled".
    part: "seen", "workflows", "actions". Source: arXiv 2306.01729.
    """

    card = Card(
        kind="teacher",
        name="workflows",
        system="028",
        summary="turns of a service desk with workflow names or plans; whole workflows and actions held out",
        capabilities=frozenset({"make"}),
        source="arXiv 2306.01729",
    )

    def __init__(self, setting: str = "plan", part: Part = "seen"):
        if setting not in SETTINGS:
            raise SpecError(f"workflows: setting={setting!r}, expected one of {', '.join(SETTINGS)}")
        self.setting = setting
        self.part: Part = part

    def make(self, n: int, seed: int = 0) -> Iterator[Example]:
        random, names, made = Random(f"workflows {self.part} {seed}"), split(self.part), 0
        while made < n:
            each = dialogue(random.choice(names), random)
            for sample in samples([each], self.setting, made)[: n - made]:
                spans = (Span(Source.WORLD, sample.source), Span(Source.MODEL, sample.target))
                yield Example(spans, (False, True), {"workflow": each.workflow, "turn": sample.turn, "setting": self.setting})
                made += 1

    def select(self, pool: Sequence[Example], k: int) -> list[int]:
        return self._cannot("select")


__all__ = ["Workflows"]
