"""HiAgent: the agent names a subgoal before it acts; a finished subgoal is one line, until it is asked for again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dutiful.agents.memories.chunks import Chunked
from dutiful.core.agent import Turn
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span, Task
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.wrapped import Wrapped

RULES = (
    "Name a subgoal in one line, act until it is met, then name the next. "
    'For example "Subgoal: find the key", then "open drawer" and "take key", then "Subgoal: open the chest".'
)
HIDDEN = (
    "A finished subgoal is shown as its number and a summary. The action retrieve(1) shows all of subgoal 1 again, "
    "retrieve(1, 2) of both, until the next subgoal; it costs a turn."
)
FIRST = 'Which subgoal do you go for? Answer with one line: "Subgoal: ...".'
NEXT = 'Your subgoal is: {}. If it is not met yet, answer "Action". If it is, name the next in one line: "Subgoal: ...".'
TOOL = Tool(
    "retrieve",
    "Shows again what you did for finished subgoals and what you saw, until the next subgoal.",
    {
        "type": "object",
        "properties": {"ids": {"type": "array", "items": {"type": "integer"}, "description": "numbers of subgoals"}},
        "required": ["ids"],
    },
)
_SUBGOAL = re.compile(r"^\s*(?:\d+\s+)?sub-?goal\s*:\s*(.+?)\s*$", re.IGNORECASE)
_ACTION = re.compile(r"^\s*action\b", re.IGNORECASE)
_RETRIEVE = re.compile(r"^\s*(?:action\s*:\s*)?retrieve\b\W*(\d+(?:\W+\d+)*)?\W*$", re.IGNORECASE)


class HiAgent(Chunked):
    """Working memory by subgoals.

        each turn: ask the model whether the subgoal goes on ("Action") or a new one begins ("Subgoal: g")
        a new one:  s_n = S(g_n, its actions and observations), once; chunk n is shown as "n Subgoal: g_n / Observation: s_n"
        retrieve(ids): those chunks are shown in full, until the next subgoal

    The subgoal is asked for by a short question of its own, so that the memory goes with every way to act, a choice by scores
    too; the paper has one answer with a subgoal line and an action line. An answer with several subgoals keeps
    the last, and one that follows another without an action between takes its place. `retrieve` is an action beside the world's
    own: a choice where the world lists its choices, a tool where it has tools. It costs a step and does not reach the world.
    In a dialogue, where actions are replies, nothing can be retrieved.

    Ours: what was expanded closes again at the next subgoal; a subgoal is asked for at every turn. Source: arXiv 2408.09559.
    """

    card = Card(
        kind="memory",
        name="hiagent",
        system="068",
        summary="subgoals: the present one in full, finished ones as one line each, opened again by retrieve(ids)",
        source="arXiv 2408.09559",
    )

    def __init__(self, summaries: str = "model", retrieval: bool = True, limit: int = 100):
        super().__init__(summaries, limit)
        self.retrieval = retrieval

    def enter(self, world: World) -> World:
        return world if world.can("dialogue") else Retrieving(world, self) if self.retrieval else Telling(world)

    def turn_begins(self) -> None:
        goal = self.chunks[-1].goal
        prompt = Prompt((*self.agent.stable, *self.render(), *self.shown))
        asked = Span(Source.SYSTEM, NEXT.format(goal) if goal else FIRST, role="user")
        sampling = self.agent.sampling().replace(max_tokens=32, stop=("\n\n",))
        if named := subgoals(self.model.generate(prompt + (asked,), sampling).text, lenient=not goal):
            for chunk in self.chunks:
                chunk.expanded = False
            self.open(named[-1])

    @property
    def hidden(self) -> list[int]:
        """The ids that can be retrieved now."""
        return [n for n, chunk in enumerate(self.chunks[:-1]) if n and not chunk.expanded]

    def expand(self, ids: Sequence[int]) -> str:
        """Shows chunks in full from now on; a word on what cannot be, or nothing."""
        known = range(1, len(self.chunks) - 1)
        if not ids or any(n not in known for n in ids):
            there = ", ".join(map(str, known)) or "none"
            return f"which finished subgoal? There are: {there}."
        for n in ids:
            self.chunks[n].expanded = True
        return ""

    def aside(self, turn: Turn) -> bool:
        return retrieved(turn.action) is not None


def subgoals(said: str, lenient: bool = False) -> list[str]:
    """The subgoals in an answer, up to its first action line. `lenient`: where one must be named, a bare first line is one."""
    found: list[str] = []
    for line in filter(str.strip, said.splitlines()):
        if _ACTION.match(line):
            break
        if match := _SUBGOAL.match(line):
            found.append(match[1])
        elif lenient and not found:
            found.append(line.strip())
            break
    return found


def retrieved(action: Action) -> list[int] | None:
    """The ids that an action asks for: words, a call of the tool, or its canonical text; None where it is another action."""
    arguments = action.arguments if action.tool == TOOL.name else None
    if arguments is None and '"retrieve"' in action.text:
        try:
            call = calls.parse(action.text)
            arguments = call.arguments if call.tool == TOOL.name else None
        except ValueError:
            pass
    if arguments is not None:
        ids = arguments.get("ids", ())
        return [n for n in ids if isinstance(n, int)] if isinstance(ids, (list, tuple)) else []
    match = _RETRIEVE.match(action.text)
    return [int(n) for n in re.findall(r"\d+", match[1] or "")] if match else None


class Telling(Wrapped):
    """A world whose rules say how subgoals are named."""

    @property
    def rules(self) -> str:  # type: ignore[override]
        return f"{self.inner.rules}\n{RULES}" if self.inner.rules else RULES


class Retrieving(Telling):
    """A world with one more action, `retrieve`, which the memory answers."""

    def __init__(self, inner: World, memory: HiAgent):
        super().__init__(inner)
        self.memory, self._last = memory, Observation()

    @property
    def rules(self) -> str:  # type: ignore[override]
        told = f"{super().rules}\n{HIDDEN}"
        return f"{told}\n{calls.describe([TOOL])}" if self.inner.can("tools") else told

    def tools(self) -> Sequence[Tool]:
        return (*self.inner.tools(), TOOL)

    def reset(self, task: Task) -> Observation:
        self._last = self.inner.reset(task)
        return self._last

    def step(self, action: Action) -> Observation:
        ids = None if self._last.done else retrieved(action)
        if ids is None:
            self._last = self.inner.step(action)
            return self._offering(self._last)
        why = self.memory.expand(ids)
        told = f"Nothing happens: {why}" if why else f"Shown above: subgoal {', '.join(map(str, ids))}."
        info = {"refused": why} if why else {}
        return self._offering(self._last.replace(text=f"{told} {self._last.text}".strip(), reward=0.0, info=info))

    def restore(self, state: object) -> Observation:
        self._last = self.inner.restore(state)
        return self._offering(self._last)

    def _offering(self, observation: Observation) -> Observation:
        """An observation with the hidden subgoals among its choices, where it has any."""
        hidden = self.memory.hidden if observation.choices else ()
        if not hidden:
            return observation
        return observation.replace(choices=(*observation.choices, *[f"retrieve({n})" for n in hidden]))
