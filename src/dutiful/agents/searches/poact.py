"""PoAct: three experts take turns at the prompt, and what they may use and what they remember is controlled as they go.

    planner     at the start, when a sub-goal is done, at a dead end:        writes the numbered plan
    thinker     each turn: plan, sub-goal, what was seen lately  ->  a thought, or that the sub-goal is done
    selector    each sub-goal: the k tools (and m worked examples) nearest to it, and those that are always on
    coder       the thought, the tools that are visible, the path so far  ->  an action, in the agent's own action space
    reviewer    after the step: keep, revise (the coder again, told why, at most r times), or drop (forgotten; a dead end)

The coder never sees a tool that was not selected. A dropped step is gone from the prompts, and stays in the log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from dutiful.core.agent import Proposal, Search, Turn
from dutiful.core.episode import Recorder
from dutiful.core.errors import SpecError
from dutiful.core.model import Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode, Observation, Source, Span, Task, Usage
from dutiful.core.world import Tool, World
from dutiful.kit import calls, programs
from dutiful.kit.retrieval import BM25
from dutiful.kit.wrapped import Wrapped

PLANNER = "You are the planner. Write a numbered plan of at most five short steps."
THINKER = "You are the thinker. Say in one sentence what to do or fetch next. If the step is done, say DONE."
CODER = "You are the coder. Carry the thought out with one action."
REVIEWER = "You are the reviewer. Did the last action serve the step?"
DONE = re.compile(r"^\W*done\b", re.IGNORECASE)
_STEP = re.compile(r"^\s*\d+[.)]\s*(\S.*)$", re.MULTILINE)
RECENT = 3
"""Observations that the thinker is shown."""


class Narrowed(Wrapped):
    """A world of which only some tools are shown. All of them can be called."""

    visible: Sequence[str] | None = None

    @property
    def guide(self) -> str:
        """The rules without the tools."""
        return self.inner.rules.replace(calls.describe(self.inner.tools()), "").strip()

    def tools(self) -> Sequence[Tool]:
        tools = self.inner.tools()
        return tools if self.visible is None else [tool for tool in tools if tool.name in self.visible]


class Step(NamedTuple):
    """One step of the path: the thought, what was done, what came of it."""

    thought: str
    proposal: Proposal
    seen: Observation
    shown: tuple[Span, ...]
    result: Observation


class PoAct(Search):
    """k tools, m examples, r revisions. always: tools that are always on. switch: whether the experts take turns; without, the
    coder alone acts. review: "model" asks it besides the rules, "rules" does not, "none" keeps every step.

    Source: PoAct (arXiv 2501.07054). Its control rules were not available in full: k, m, r, the reviewer's rules and when the
    planner is called are our reading of it.
    """

    card = Card(
        kind="search",
        name="poact",
        summary="planner, thinker and coder take turns; tools are selected for each sub-goal, bad steps are dropped",
        system="122",
        source="arXiv 2501.07054",
    )

    def __init__(
        self,
        k: int = 8,
        m: int = 2,
        r: int = 2,
        always: str = "finish",
        switch: bool = True,
        review: Literal["model", "rules", "none"] = "model",
        tokens: int = 128,
    ):
        if k < 1 or min(m, r) < 0:
            raise SpecError(f"poact: k={k}, m={m}, r={r}; expected k of 1 or more, m and r of 0 or more")
        self.k, self.m, self.r, self.always = k, m, r, always
        self.switch, self.review, self.tokens = switch, review, tokens

    def enter(self, world: World) -> World:
        self._narrowed = Narrowed(world) if world.can("tools") else None
        return self._narrowed or world

    def solve(self, task: Task, world: World, episode: Recorder) -> None:
        self._task, self._world, self._episode = task, world, episode
        self._path: list[Step] = []
        self._index = Index(self._narrowed) if self._narrowed else None
        self._examples = examples(world, task.instruction.text, self.m) if self._narrowed else ()
        goals = self._plan() if self.switch else [task.instruction.text]
        self._select(goals[0])
        while not episode.observation.done:
            thought = self._think(goals) if self.switch else ""
            if DONE.match(thought) and len(goals) > 1:
                goals = self._plan(goals[1:])
                self._select(goals[0])
                continue
            if not self._carry_out(thought, goals[0]) and self.switch:
                goals = self._plan(goals)
                self._select(goals[0])

    def _plan(self, left: Sequence[str] = ()) -> list[str]:
        """The sub-goals from here; what the planner writes, or what is left where it writes none."""
        told = (Span(Source.PLAN, "Still to do: " + "; ".join(left)),) if left else ()
        said = self._ask(PLANNER, *told, *self._lately(), tokens=self.tokens)
        return [goal.strip() for goal in _STEP.findall(said)] or list(left) or [self._task.instruction.text]

    def _think(self, goals: Sequence[str]) -> str:
        now = Span(Source.PLAN, f"The plan: {'; '.join(goals)}. The present step: {goals[0]}")
        return self._ask(THINKER, now, *self._lately(), tokens=self.tokens // 2).strip()

    def _ask(self, role: str, *spans: Span, tokens: int) -> str:
        guide = self._narrowed.guide if self._narrowed else self._world.rules
        asked = (Span(Source.SYSTEM, f"{role}\n{guide}"), Span(Source.USER, self._task.instruction.text), *spans)
        return self.model.generate(Prompt(asked), Sampling(max_tokens=tokens)).text

    def _lately(self) -> tuple[Span, ...]:
        """What was seen lately, the present included; what was done and dropped is not there."""
        seen = [step.result for step in self._path[-RECENT:]] or [self._episode.observation]
        return tuple(span for each in seen for span in self.agent.view.show(each))

    def _select(self, goal: str) -> None:
        if self._narrowed and self._index:
            self._narrowed.visible = [*self._index.tools(goal, self.k), *filter(None, self.always.split(","))]

    def _carry_out(self, thought: str, goal: str) -> bool:
        """Acts, reviews, and acts again where that is asked for; False at a dead end."""
        critique = ""
        for _ in range(self.r + 1):
            step = self._act(thought, critique)
            verdict, critique = ("keep", "") if step.result.done else self._reviewed(step, goal)
            if verdict == "keep":
                self._path.append(step)
                self.agent.memory.add(Turn(step.seen, step.proposal.action, step.shown + step.proposal.spans))
                return True
            if verdict == "drop":
                return False
        return False

    def _act(self, thought: str, critique: str) -> Step:
        agent, seen = self.agent, self._episode.observation
        shown = agent.view.show(seen)
        told = [Span(Source.PLAN, f"Thought: {thought}")] if thought else []
        told += [Span(Source.PLAN, f"Your last try was no good: {critique}. Do it better.")] if critique else []
        prompt = self._stable() + agent.memory.recall() + shown + tuple(told)
        proposal = agent.critic.review(prompt, seen, agent.propose(prompt, seen))
        if thought:
            proposal = proposal._replace(action=proposal.action.replace(thought=thought))
        return Step(thought, proposal, seen, shown, self._episode.step(self._world, proposal.action))

    def _stable(self) -> Prompt:
        """The coder's own system prompt, with the tools that are visible, in the place of the agent's."""
        if self._narrowed is None:
            return self.agent.stable
        tools = calls.describe(self._narrowed.tools())
        rules = f"{CODER}\n{self._narrowed.guide}\n{tools}\n{self.agent.actions.rules}"
        return Prompt((Span(Source.SYSTEM, rules), *self._examples, *self.agent.stable[1:]))

    def _reviewed(self, step: Step, goal: str) -> tuple[str, str]:
        """("keep" | "revise" | "drop", why). The rules look at what the agent itself can see."""
        if self.review == "none":
            return "keep", ""
        action, result = step.proposal.action, step.result
        if why := result.info.get("refused"):
            return "revise", str(why)[:200]
        if any(action.text == earlier.proposal.action.text and result.text == earlier.result.text for earlier in self._path):
            return "drop", "it repeats an earlier action to the same end"
        if result.text.strip() in ("", "[]", "null"):
            return "drop", "nothing came of it"
        if self.review == "model" and not self._served(step, goal):
            return "drop", "it did not serve the step"
        return "keep", ""

    def _served(self, step: Step, goal: str) -> bool:
        asked = Prompt((
            Span(Source.SYSTEM, REVIEWER),
            Span(Source.PLAN, f"The step: {goal}"),
            Span(Source.MODEL, step.proposal.action.text, role="user"),
            *self.agent.view.show(step.result),
        ))  # fmt: skip
        return self.model.choose(asked, ("yes", "no")).index == 0


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


def tokens_by_expert(episode: Episode) -> dict[str, Usage]:
    """What each expert took, by the first line of its prompts: "planner", "thinker", "coder", "reviewer"."""
    spent: dict[str, Usage] = {}
    asked = iter(episode.prompts())
    for step in episode.steps:
        for call in step.calls:
            first = next(asked)[0].text.partition(".")[0]
            name = first.removeprefix("You are the ") if first.startswith("You are the ") else "coder"
            spent[name] = spent.get(name, Usage()) + call.usage
    return spent


__all__ = ["PoAct"]
