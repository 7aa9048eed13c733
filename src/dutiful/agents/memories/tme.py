"""TME: the state of the task as a forest of slots, from which the prompt is made anew at every turn."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from dutiful.core.agent import Agent, Memory, Turn
from dutiful.core.model import JsonSchema
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Observation, Source, Span
from dutiful.kit.forest import Forest, Node

INTENTS = ("new", "update", "undo", "tie", "swap", "keep", "rename", "check")
SPLIT = (
    'Split what the user says into edits of forms. JSON: {"edits": [{"intent", "form", "slot", "value", "other"}]}. Intents: new '
    "(a slot is filled), update (actually, instead), undo (back to before), tie (always as the slot other), swap (with other), keep "  # noqa: E501
    "(only slot and other stay), rename (slot becomes other), check (a question, a doubt: changes nothing). "
)


class Step(msgspec.Struct):
    """One edit, as the model read it out of what the user said."""

    intent: Literal["new", "update", "undo", "tie", "swap", "keep", "rename", "check"]
    form: str
    slot: str
    value: str = ""
    other: str = ""


class Read(msgspec.Struct):
    """The model's reading of an utterance."""

    edits: list[Step]


_TEXT = {"type": "string", "maxLength": 40}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "edits": {
            "type": "array",
            "maxItems": 6,
            "items": {
                "type": "object",
                "properties": {"intent": {"enum": list(INTENTS)}, "form": _TEXT, "slot": _TEXT, "value": _TEXT, "other": _TEXT},
                "required": ["intent", "form", "slot", "value", "other"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["edits"],
    "additionalProperties": False,
}


class Tme(Memory):
    """Task memory engine, the version with a graph.

        an utterance comes:
            steps = model(SPLIT + known slots + utterance), JSON         decompose and classify
            each step: validated by code, applied to the forest          new, update, undo, tie, swap, keep, rename; check writes nothing
        prompt = path from the root to the slots that the steps name, what those depend on, the utterance

    The transcript is never shown. In a dialogue one call reads the utterance, where the paper makes one to split it and one
    for each step; the known slots are listed without their values, which no classification needs. Words of the model that
    fit no step leave the forest as it is, and the newest slots are shown.
    In other worlds no call is made: the instruction is the root, every action a slot below it, its outcome the value, an
    earlier outcome of the same action its history, and a refusal a failure; the newest `shown` of them are shown.

    Defaults: shown is ours. history, checked and shared switch off the stack of earlier values, the validation of
    dependencies, and dependencies themselves (v1, a tree): ablations. Source: arXiv 2504.08525 (v1), 2505.19436 (v2).
    """  # noqa: E501

    card = Card(
        kind="memory",
        name="tme",
        system="017",
        summary="a forest of slots with values, dependencies and histories, shown along the path of what is asked",
        source="arXiv 2505.19436",
    )

    def __init__(self, shown: int = 8, history: bool = True, checked: bool = True, shared: bool = True):
        if shown < 1:
            raise ValueError(f"tme: shown is {shown}, expected 1 slot or more")
        self.shown, self.history, self.checked, self.shared = shown, history, checked, shared

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        self.forest = Forest([], self.history, self.checked, self.shared)
        self._active: list[tuple[str, str]] = []
        self._read = -1
        self._waiting: tuple[str, str] | None = None

    def recall(self) -> tuple[Span, ...]:
        seen, turn = self.agent.episode.observation, len(self.agent.episode.steps)
        if seen.said:
            if turn != self._read:
                self._read, self._active = turn, []
                self.listen(seen.said)
        else:
            self.settle(seen)
        nodes = self.nodes()
        if not nodes:
            return ()
        return (Span(Source.MEMORY, "\n".join(["What stands:", *map(self._line, nodes)])),)

    def add(self, turn: Turn) -> None:
        if turn.observation.said:
            return
        self._waiting = ("task", turn.action.text[:160])

    def listen(self, said: str) -> None:
        """Reads an utterance into steps, and applies them."""
        known = ", ".join(f"{node.tree}: {node.slot}" for node in self.forest.nodes) or "none"
        prompt = Prompt((Span(Source.SYSTEM, f"{SPLIT}Known slots: {known}."), Span(Source.USER, said)))
        answer = self.model.generate(prompt, self.agent.sampling().replace(max_tokens=200), JsonSchema(SCHEMA)).text
        try:
            steps = msgspec.json.decode(answer, type=Read).edits
        except msgspec.DecodeError:  # of which ValidationError is one: words that are no steps change nothing
            return
        for step in steps:
            if step.form and step.slot:
                self.apply(step, said)

    def apply(self, step: Step, said: str = "") -> None:
        """Carries one step out, as far as the code finds it sound."""
        forest, tree, slot = self.forest, step.form, step.slot
        self._active.append((tree, slot))
        match step.intent:
            case "new" | "update" if step.value:
                forest.update(tree, slot, step.value).said = said
            case "undo":
                forest.undo(tree, slot)
            case "tie" if step.other:
                name = step.other.rpartition("/")[2]
                if not forest.tie(tree, slot, step.other):  # outside of the tree: the rule takes the slot of that name inside
                    forest.tie(tree, slot, name)
            case "swap" if forest.find(tree, slot) and forest.find(tree, step.other):
                mine, others = forest.value(tree, slot), forest.value(tree, step.other)
                forest.update(tree, slot, others)
                forest.update(tree, step.other, mine)
            case "keep":
                forest.keep(tree, [slot, step.other])
            case "rename" if step.other:
                forest.rename(tree, slot, step.other)
            case _:
                pass

    def settle(self, seen: Observation) -> None:
        """Writes what came of the last action to its node."""
        if self._waiting is None:
            return
        tree, slot = self._waiting
        self._waiting = None
        lines = [line.strip() for line in seen.text.splitlines() if line.strip()]
        node = self.forest.update(tree, slot, (lines[0] if lines else "nothing to see")[:160])
        node.status = "failed" if seen.info.get("refused") else "done"
        self.forest.nodes.remove(node)
        self.forest.nodes.append(node)  # the newest last

    def nodes(self) -> list[Node]:
        """What is shown: the paths of the active slots, without any the newest."""
        paths = [node for tree, slot in self._active for node in self.forest.path(tree, slot)]
        return list({id(node): node for node in paths}.values()) or self.forest.nodes[-self.shown :]

    def _line(self, node: Node) -> str:
        value = self.forest.value(node.tree, node.slot) or "nothing"
        mark = "" if node.status in ("done", "review") else f" [{node.status}]"
        tied = f" (as {node.held.of})" if node.held.of else ""
        return f"{node.tree} > {node.slot} = {value}{tied}{mark}"
