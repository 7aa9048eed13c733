"""RCI: the model criticises and improves its own words, plans and answers out loud, single actions until they are legal."""

from __future__ import annotations

from dutiful.core.agent import Agent, Critic, Planner, Proposal
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Observation, Source, Span, Task
from dutiful.core.world import World
from dutiful.kit import calls

PLAN = "Write down a plan for this instruction: the actions in order, one to a line, and nothing else."
PLAN_FAULTS = "Look at the plan above. What is wrong with it, what is missing, and what is not possible here?"
PLAN_BETTER = "Write the whole plan again without these faults: the actions in order, one to a line, and nothing else."
HERE = "That was meant as: {}. Given what is shown now, which action is that exactly? Answer with that action alone."
LEGAL = "That is no action that can be taken here. Answer with one legal action alone, without explanation. {}"
FAULTS = "Look at your answer again. What is wrong with it?"
BETTER = "Write the whole answer again without these faults. Give the improved answer alone."


class Rci(Critic):
    """Recursive criticism and improvement.

        plan:    P = M(task, what is shown);  explicit times:  K = M(.., P, "faults?");  P = M(.., P, K, "better?")
        action:  a = M(.., P)                                   grounded in the task
                 if state: a = M(.., a, "which exactly?")       grounded in what is shown
                 up to implicit times, while a is not legal:  a = M(.., a, "a legal one")    grounded in the agent
        answer to a user:  explicit times, until nothing changes:  K = M(.., y, "faults?");  y = M(.., y, K, "better?")

    `explicit` (E): -1 makes no plan, 0 plans once. `implicit` (I): how often a form that is not legal is asked for again: among
    the admissible actions where the world lists them, a call that fits a tool where it has tools. Nothing here looks at the
    outcome. What is illegal in the end goes to the world, which refuses it; the paper ends the episode there, and also after
    as many steps as the plan has lines. Examples of plans come from the planner slot, where it is filled. With
    `act?retries=0` the words are asked for again by this critic alone. Defaults: those of the paper's released runs
    (E = 0 or 1, I = 1; 256 tokens). Source: arXiv 2303.17491.
    """

    card = Card(
        kind="critic",
        name="rci",
        summary="plans, criticises and improves the plan; asks again for an action until it is legal; improves answers",
        system="114",
        source="arXiv 2303.17491",
    )

    def __init__(self, explicit: int = 1, implicit: int = 1, state: bool = False, tokens: int = 256):
        if explicit < -1:
            raise ValueError(f"rci: explicit is {explicit}, expected -1 (no plan) or more")
        if implicit < 0:
            raise ValueError(f"rci: implicit is {implicit}, expected 0 or more")
        self.explicit, self.implicit, self.state, self.tokens = explicit, implicit, state, tokens
        self._place: World | None = None

    def enter(self, world: World) -> World:
        self._place = world
        return world

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        if self.explicit >= 0 and self._place is not None and not self._place.can("dialogue"):
            agent.planner = Planned(agent.planner, self)

    def review(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        if observation.said and not observation.choices and not proposal.action.tool:
            return self.improve(prompt, observation, proposal)
        if self.state:
            wish = Span(Source.PLAN, HERE.format(proposal.action.text))
            proposal = self.agent.propose(prompt + (*proposal.spans, wish), observation)
        asked = prompt
        for _ in range(self.implicit):
            if not (why := self.illegal(observation, proposal)):
                break
            asked = asked + (*proposal.spans, Span(Source.PLAN, LEGAL.format(why)))
            proposal = self.agent.propose(asked, observation)
        return proposal

    def improve(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        """The answer after `explicit` rounds of criticism, or fewer, when it stays as it was."""
        for _ in range(max(0, self.explicit)):
            asked = prompt + (Span(Source.MODEL, proposal.action.text), Span(Source.PLAN, FAULTS))
            faults = Span(Source.MODEL, self.ask(asked))
            better = self.agent.propose(asked + (faults, Span(Source.PLAN, BETTER)), observation)
            if better.action.text == proposal.action.text:
                break
            proposal = better
        return proposal

    def illegal(self, observation: Observation, proposal: Proposal) -> str:
        """How a legal action is written, where this one is not; "" where it is, or where nothing is known."""
        action, choices = proposal.action, self.agent.control.legal(observation)
        if choices:
            return "" if action.text in choices else self.agent.actions.rules
        if self._place is not None and self._place.can("tools") and not self._place.can("dialogue"):
            try:
                calls.of(action, self._place.tools())
            except ValueError as why:
                return f"The reason: {why}. {self.agent.actions.rules}"
        return ""

    def ask(self, prompt: Prompt) -> str:
        """The model's words, at temperature 0."""
        return self.model.generate(prompt, self.agent.sampling().replace(max_tokens=self.tokens)).text.strip()


class Planned(Planner):
    """A planner, and below what it says a plan that the model wrote, criticised and improved. Of one episode only."""

    card = Card(kind="planner", name="planned", summary="a plan criticised and improved by its author")

    def __init__(self, inner: Planner, critic: Rci):
        self.inner, self.critic, self.agent = inner, critic, critic.agent

    def plan(self, task: Task) -> tuple[Span, ...]:
        above, rci = self.inner.plan(task), self.critic
        rules = (Span(Source.SYSTEM, rci._place.rules),) if rci._place is not None and rci._place.rules else ()
        goal = Span(Source.USER, f"Instruction: {task.instruction.text}")
        shown = self.agent.view.show(self.agent.episode.observation)
        prompt = Prompt((*rules, *above, goal, *shown, Span(Source.PLAN, PLAN)))
        plan = Span(Source.MODEL, rci.ask(prompt))
        for _ in range(rci.explicit):
            asked = prompt + (plan, Span(Source.PLAN, PLAN_FAULTS))
            faults = Span(Source.MODEL, rci.ask(asked))
            plan = Span(Source.MODEL, rci.ask(asked + (faults, Span(Source.PLAN, PLAN_BETTER))))
        return (*above, Span(Source.PLAN, f"Plan:\n{plan.text}"))


__all__ = ["Rci"]
