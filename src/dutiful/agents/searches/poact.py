"""PoAct: three experts take turns at the prompt, and what they may use and what they remember is controlled as they go.

    planner     at the start, when a sub-goal is done, at a dead end:        writes the numbered plan
    thinker     each turn: plan, sub-goal, what was seen lately  ->  a thought, or that the sub-goal is done
    selector    each sub-goal: the k tools (and m worked examples) nearest to it, and those that are always on
    coder       the thought, the tools that are visible, the path so far  ->  an action, in the agent's own action space
    reviewer    after the step: keep, revise (the coder again, told why, at most r times), or drop (forgotten; think again)

More than r drops at one sub-goal are a dead end. The coder never sees a tool that was not selected. A dropped step is gone
from the prompts (why it was dropped is said once), and stays in the log; what it did in the world is not undone.
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
from dutiful.core.world import World
from dutiful.kit import calls
from dutiful.kit.narrowed import Index, Narrowed, examples

PLANNER = "You are the planner. Write a numbered plan of at most five short steps."
THINKER = "You are the thinker. Say in one sentence what to do or fetch next. If the step is done, say DONE."
CODER = "You are the coder. Carry the thought out with one action."
ALONE = "You are the coder. Say in one line what this is for and what you need next, then do it with one action."
REVIEWER = "You are the reviewer. Did the last action serve the step?"
DONE = re.compile(r"^\W*done\b", re.IGNORECASE)
_STEP = re.compile(r"^\s*\d+[.)]\s*(\S.*)$", re.MULTILINE)
_BLOCK = re.compile(r"```.*?(?:```|$)", re.DOTALL)
RECENT = 3
"""Observations that the thinker is shown."""
TALK = 5
"""Sub-goals in a row that may be done without a step."""


class Step(NamedTuple):
    """One step of the path: the thought, what was done, what came of it; the calls inside, the hidden tools among them."""

    thought: str
    proposal: Proposal
    seen: Observation
    shown: tuple[Span, ...]
    result: Observation
    made: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class PoAct(Search):
    """k tools, m examples, r revisions. always: tools that are always on. switch: whether the experts take turns; without, the
    coder alone acts, and tools are selected by the instruction, then by what it says beside its code. review: "model" asks it
    besides the rules, "rules" does not, "none" keeps every step.

    Source: PoAct (arXiv 2501.07054). Its control rules were not available in full: k, m, r, the reviewer's rules and when the
    planner is called are our reading of it. Not here: a rule for results that are never used, and a review of the answer, which
    ends the episode.
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
        self._seen = episode.observation  # what the last step that was kept came to
        self._why = ""  # why the last step was dropped
        self._index = Index(self._narrowed) if self._narrowed else None
        self._examples = examples(world, task.instruction.text, self.m) if self._narrowed else ()
        goals = self._plan() if self.switch else [task.instruction.text]
        self._select(goals[0])
        drops = talk = 0
        while not episode.observation.done:  # agentlint: MNFT because the recorder holds the episode to its limits
            thought = self._think(goals) if self.switch else ""
            if DONE.match(thought) and len(goals) > 1 and talk < TALK:
                goals, drops, talk = self._plan(goals[1:]), 0, talk + 1
                self._select(goals[0])
                continue
            talk = 0
            drops = 0 if self._carry_out(thought, goals[0]) else drops + 1
            if self.switch and drops > self.r:
                goals, drops = self._plan(goals), 0
                self._select(goals[0])

    def _plan(self, left: Sequence[str] = ()) -> list[str]:
        """The sub-goals from here; what the planner writes, or what is left where it writes none."""
        topics = (Span(Source.PLAN, f"The tools are about: {self._narrowed.topics}."),) if self._narrowed else ()
        told = (*topics, *((Span(Source.PLAN, "Still to do: " + "; ".join(left)),) if left else ()))
        said = self._ask(PLANNER, *told, *self._lately(), tokens=self.tokens)
        return [goal.strip() for goal in _STEP.findall(said)] or list(left) or [self._task.instruction.text]

    def _think(self, goals: Sequence[str]) -> str:
        now = Span(Source.PLAN, f"The plan: {'; '.join(goals)}. The present step: {goals[0]}")
        return self._ask(THINKER, now, *self._lately(), *self._dropped(), tokens=self.tokens // 2).strip()

    def _ask(self, role: str, *spans: Span, tokens: int) -> str:
        guide = self._narrowed.guide if self._narrowed else self._world.rules
        asked = (Span(Source.SYSTEM, f"{role}\n{guide}"), Span(Source.USER, self._task.instruction.text), *spans)
        return self.model.generate(Prompt(asked), Sampling(max_tokens=tokens)).text

    def _lately(self) -> tuple[Span, ...]:
        """What was seen lately, the present included; what was done and dropped is not there."""
        seen = [step.result for step in self._path[-RECENT:]] or [self._seen]
        return tuple(span for each in seen for span in self.agent.view.show(each))

    def _dropped(self) -> tuple[Span, ...]:
        """Why the last step was dropped, said once."""
        why, self._why = self._why, ""
        return (Span(Source.PLAN, f"The last try was dropped: {why}."),) if why else ()

    def _select(self, goal: str) -> None:
        if self._narrowed and self._index:
            self._narrowed.visible = [*self._index.tools(goal, self.k), *filter(None, self.always.split(","))]

    def _carry_out(self, thought: str, goal: str) -> bool:
        """Acts, reviews, and acts again where that is asked for; False where the step is dropped."""
        before: tuple[Span, ...] = ()
        for _ in range(self.r + 1):
            step = self._act(thought, before)
            verdict, why = ("keep", "") if step.result.done else self._reviewed(step, goal)
            if verdict == "keep":
                self._path.append(step)
                self._seen, self._why = step.result, ""
                self.agent.memory.add(Turn(step.seen, step.proposal.action, step.shown + step.proposal.spans))
                return True
            self._why = why
            if verdict == "drop":
                break
            again = Span(Source.PLAN, f"That was no good: {why}. Do it better.")
            before = (*step.proposal.spans, *self.agent.view.show(step.result), again)
        return False

    def _act(self, thought: str, before: tuple[Span, ...]) -> Step:
        """`before`: a try that is to be revised."""
        agent, seen = self.agent, self._seen
        if self._narrowed:
            self._narrowed.watch()
        shown = agent.view.show(seen)
        told = (Span(Source.PLAN, f"Thought: {thought}"),) if thought else self._dropped()
        prompt = self._stable() + agent.memory.recall() + shown + told + before
        proposal = agent.critic.review(prompt, seen, agent.propose(prompt, seen))
        if thought:
            proposal = proposal._replace(action=proposal.action.replace(thought=thought))
        result = self._episode.step(self._world, proposal.action)
        if not self.switch and (said := _BLOCK.sub("", proposal.spans[-1].text).strip()) != proposal.spans[-1].text.strip():
            self._select(said)
        called = (tuple(self._narrowed.made), tuple(self._narrowed.outside)) if self._narrowed else ()
        return Step(thought, proposal, seen, shown, result, *called)

    def _stable(self) -> Prompt:
        """The coder's own system prompt, with the tools that are visible, in the place of the agent's."""
        if self._narrowed is None:
            return self.agent.stable
        tools = calls.describe(self._narrowed.tools())
        rules = f"{CODER if self.switch else ALONE}\n{self._narrowed.guide}\n{tools}\n{self.agent.actions.rules}"
        return Prompt((Span(Source.SYSTEM, rules), *self._examples, *self.agent.stable[1:]))

    def _reviewed(self, step: Step, goal: str) -> tuple[str, str]:
        """("keep" | "revise" | "drop", why): by the rules, then by the model."""
        if self.review == "none":
            return "keep", ""
        found = ruled(step, self._path)
        if found is None and self.review == "model" and not self._served(step, goal):
            found = "drop", "it did not serve the step"
        return found or ("keep", "")

    def _served(self, step: Step, goal: str) -> bool:
        asked = Prompt((
            Span(Source.SYSTEM, REVIEWER),
            Span(Source.PLAN, f"The step: {goal}"),
            Span(Source.MODEL, step.proposal.action.text, role="user"),
            *self.agent.view.show(step.result),
        ))  # fmt: skip
        return self.model.choose(asked, ("yes", "no")).index == 0


def ruled(step: Step, path: Sequence[Step]) -> tuple[str, str] | None:
    """What the rules say of a step, by what the agent itself can see; None where they say nothing."""
    text, result = step.proposal.action.text, step.result
    if why := result.info.get("refused"):
        return "revise", str(why)[:200]
    if step.outside:
        return "revise", f"{', '.join(step.outside)} is not among the tools that are shown"
    if any(text == earlier.proposal.action.text and result.text == earlier.result.text for earlier in path):
        return "drop", "it repeats an earlier action to the same end"
    if step.made and set(step.made) <= {call for earlier in path for call in earlier.made}:
        return "drop", "it repeats calls that were made before"
    if result.text.strip() in ("", "[]", "null", "None"):
        return "drop", "nothing came of it"
    return None


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
