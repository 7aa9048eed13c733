"""Showing an agent only some of a world's tools: which are shown, which are nearest to a sub-goal, and worked examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dutiful.core.records import Action, Observation, Source, Span, Task
from dutiful.core.world import Tool, World
from dutiful.kit import calls, programs
from dutiful.kit.retrieval import BM25
from dutiful.kit.wrapped import Wrapped

TOPICS = 8
"""Words that say what the tools are about."""


class Narrowed(Wrapped):
    """A world of which only some tools are shown. All can be called: `made` and `outside` say what was, since `watch`."""

    visible: Sequence[str] | None = None

    def watch(self) -> None:
        """Forgets what was called so far."""
        self.made: list[str] = []
        self.outside: list[str] = []

    def reset(self, task: Task) -> Observation:
        self.watch()
        return super().reset(task)

    def step(self, action: Action) -> Observation:
        seen = super().step(action)
        if action.tool and "refused" not in seen.info:
            self.made.append(calls.text(calls.Call(action.tool, action.arguments)))
            if self.visible is not None and action.tool not in self.visible:
                self.outside.append(action.tool)
        return seen

    @property
    def topics(self) -> str:
        """What the tools are about: the words most frequent in their names, the verbs left out."""
        words = Counter(word for tool in self.inner.tools() for word in tool.name.split("_")[1:] if len(word) > 2)
        return ", ".join(word for word, _ in words.most_common(TOPICS))

    @property
    def guide(self) -> str:
        """The rules without the tools."""
        return self.inner.rules.replace(calls.describe(self.inner.tools()), "").strip()

    def tools(self) -> Sequence[Tool]:
        tools = self.inner.tools()
        return tools if self.visible is None else [tool for tool in tools if tool.name in self.visible]


class Index:
    """What the selector looks up: the tools, and tasks of the train split with the programs that solve them."""

    def __init__(self, narrowed: Narrowed):
        tools = narrowed.inner.tools()
        self._names = [tool.name for tool in tools]
        self._index = BM25([f"{tool.name.replace('_', ' ')} {calls.signature(tool)} {tool.description}" for tool in tools])

    def tools(self, goal: str, k: int) -> list[str]:
        """The names of the k tools nearest to a sub-goal, in the order of the world's list."""
        found = {self._names[place] for place in self._index.search(goal, k)}
        return [name for name in self._names if name in found] or self._names[:k]


def examples(world: World, instruction: str, m: int, pool: int = 60) -> tuple[Span, ...]:
    """The m nearest of the first tasks of the train split, as demonstrations; none where tasks carry no program."""
    train: Sequence[Task] = world.tasks("train") if m else ()
    solved = [each for each in train[:pool] if "program" in each.setup]
    near = BM25([each.instruction.text for each in solved]).search(instruction, m) if solved else []
    return tuple(Span(Source.DEMO, f"Example: {_solution(solved[place])}") for place in near)


def _solution(task: Task) -> str:
    return f"{task.instruction.text}\n{programs.to_python(programs.load(task.setup['program']))}"
