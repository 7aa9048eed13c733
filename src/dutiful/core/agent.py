"""Agent: how an instruction is followed. Seven slots, each with a plain default; a paper that changes one thing fills one."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

from dutiful.core.errors import FormatFailure, SpecError
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import SLOTS, Card, Part
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span, Task

if TYPE_CHECKING:
    from dutiful.core.episode import Recorder
    from dutiful.core.world import World


class Turn(NamedTuple):
    """One finished turn: what was seen, what was done, and the spans that both took in the prompt."""

    observation: Observation
    action: Action
    spans: tuple[Span, ...]


class Proposal(NamedTuple):
    """An action, and the spans that led to it beyond the observation: the last one is what the model said."""

    action: Action
    spans: tuple[Span, ...]


class Slot(Part):
    """Base of the slots. `begin` starts an episode; what a slot learns in one is forgotten before the next."""

    agent: Agent

    @property
    def model(self) -> Model:
        """The episode's metered model."""
        assert self.agent.model is not None, "begin() refuses an agent without a model"
        return self.agent.model

    def enter(self, world: World) -> World:
        """The world as the agent is to find it, a wrapper or itself; closing a wrapper leaves the world open."""
        return world

    def begin(self, agent: Agent) -> None:
        self.agent = agent


class View(Slot):
    """How an observation is shown. Default: its text, then what can be done, then what the user says."""

    card = Card(kind="view", name="text", summary="the observation's text, the admissible actions, what the user says")

    def __init__(self, choices: bool = True):
        self.choices = choices

    def show(self, observation: Observation) -> tuple[Span, ...]:
        """The spans of an observation: what the world shows (WORLD), what the user says (USER)."""
        text = observation.text
        if self.choices and observation.choices:
            text = f"{text}\nYou can: {', '.join(observation.choices)}."
        shown = (Span(Source.WORLD, text),) if text or not observation.said else ()
        return (*shown, Span(Source.USER, observation.said)) if observation.said else shown


class Memory(Slot):
    """What of the past is shown. Default: all of it, in the words it had, so that the prompt only grows."""

    card = Card(kind="memory", name="full", summary="every turn so far, word for word")

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        self.turns: list[Turn] = []
        self._spans: tuple[Span, ...] = ()

    def add(self, turn: Turn) -> None:
        """Keeps a finished turn."""
        self.turns.append(turn)
        self._spans += turn.spans

    def recall(self) -> tuple[Span, ...]:
        """The spans shown between the task and the present observation."""
        return self._spans


class Planner(Slot):
    """What guidance stands above it. Default: none."""

    card = Card(kind="planner", name="none", summary="no guidance")

    def plan(self, task: Task) -> tuple[Span, ...]:
        """Spans of source PLAN or DEMO, asked for once at the start."""
        return ()


class Actions(Slot):
    """How words become an action. Default: a choice among the admissible, where the world knows them, else a line.

    In a dialogue it is a reply to the user, of at most `tokens` tokens.
    """

    card = Card(kind="actions", name="choice", summary="the likeliest admissible action; a line or a reply where none are")
    rules: str = "Answer with one action."

    def __init__(self, temperature: float = 0.0, tokens: int = 256):
        self.temperature, self.tokens = temperature, tokens

    def propose(self, prompt: Prompt, observation: Observation, choices: Sequence[str]) -> Proposal:
        """Asks the model for an action; raises FormatFailure when its words are none."""
        sampling = self.agent.sampling(self.temperature)
        if choices:
            text = choices[self.model.choose(prompt, choices, sampling).index]
        elif observation.said:
            text = self.reply(prompt, sampling.replace(max_tokens=self.tokens))
        else:
            text = self.model.generate(prompt, sampling.replace(max_tokens=self.tokens, stop=("\n",))).text.strip()
            if not text:
                raise FormatFailure(text, "an empty answer is no action")
        return Proposal(Action(text), (Span(Source.MODEL, text),))

    def reply(self, prompt: Prompt, sampling: Sampling) -> str:
        """The answer to what the user said, as it came; it may be empty."""
        return self.model.generate(prompt, sampling).text.strip()


class Control(Slot):
    """Which transcripts are legal. Default: all."""

    card = Card(kind="control", name="free", summary="every action is allowed")

    def legal(self, observation: Observation) -> Sequence[str]:
        """Those of the admissible actions that may be taken now."""
        return observation.choices


class Critic(Slot):
    """May this action pass? Default: yes."""

    card = Card(kind="critic", name="yes", summary="every action passes")

    def review(self, prompt: Prompt, observation: Observation, proposal: Proposal) -> Proposal:
        """The proposal, or a better one."""
        return proposal


class Search(Slot):
    """One path, or many? Default: one."""

    card = Card(kind="search", name="one", summary="one path from start to end")

    def solve(self, task: Task, world: World, episode: Recorder) -> None:
        while not episode.observation.done:
            episode.step(world, self.agent.act(episode.observation))


class Agent(Part):
    """Follows an instruction: plan, recall, show, propose, review. Most methods fill a slot; some override `act` or `solve`.

    An agent is a description: `clone` and `begin` make the copy that lives through one episode, so that one agent can run
    in many threads. `retries`: how often the model is asked again after words that are no action; then the words go
    to the world as they are, which refuses them.
    """

    PLAIN = dict(view=View, memory=Memory, planner=Planner, actions=Actions, control=Control, critic=Critic, search=Search)

    task: Task
    episode: Recorder

    def __init__(
        self,
        model: Model | None = None,
        view: View | None = None,
        memory: Memory | None = None,
        planner: Planner | None = None,
        actions: Actions | None = None,
        control: Control | None = None,
        critic: Critic | None = None,
        search: Search | None = None,
        retries: int = 1,
    ):
        self.model, self.retries = model, retries
        self.view, self.memory, self.planner = view or View(), memory or Memory(), planner or Planner()
        self.actions, self.control = actions or Actions(), control or Control()
        self.critic, self.search = critic or Critic(), search or Search()

    def slots(self) -> dict[str, Slot]:
        """The slots by name; agents without any have none."""
        return {name: getattr(self, name) for name in SLOTS if hasattr(self, name)}

    @property
    def spec(self) -> str:
        """The string that builds this agent again; plain slots are left out."""
        terms = [super().spec]
        for name, slot in self.slots().items():
            if slot.spec != self.PLAIN[name].card.name:
                terms.append(slot.spec)
        return "+".join(terms)

    def clone(self) -> Self:
        """A copy with slots of its own, to live through one episode."""
        twin = copy.copy(self)
        for name, slot in self.slots().items():
            setattr(twin, name, copy.copy(slot))
        return twin

    def enter(self, world: World) -> World:
        """The world as the slots make it; the actions come last, so that they write down what the others add."""
        for _, slot in sorted(self.slots().items(), key=lambda item: item[0] == "actions"):
            world = slot.enter(world)
        return world

    def begin(self, task: Task, world: World, episode: Recorder) -> None:
        """Starts an episode on a task laid out: the model is metered, the slots forget, the stable part of the prompt is made."""
        self.task, self.episode = task, episode
        if self.model is None:
            raise SpecError(f"the agent {self.spec!r} asks a language model: give it one (--model embedded)")
        self.model = episode.meter(self.model, world)
        for slot in self.slots().values():
            slot.begin(self)
        talks = world.can("dialogue")  # then the user says the instruction turn by turn, and any answer is one
        rules = "\n".join(filter(None, (world.rules, "" if talks else self.actions.rules)))
        goal = () if talks else (Span(Source.USER, f"Instruction: {task.instruction.text}"),)
        self.stable = Prompt((*((Span(Source.SYSTEM, rules),) if rules else ()), *self.planner.plan(task), *goal))

    def solve(self, task: Task, world: World, episode: Recorder) -> None:
        """Lives the episode through."""
        self.search.solve(task, world, episode)

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        """The next action. `aside` is shown this once, and not remembered."""
        shown = self.view.show(observation)
        prompt = self.stable + self.memory.recall() + shown + aside
        proposal = self.critic.review(prompt, observation, self.propose(prompt, observation))
        self.memory.add(Turn(observation, proposal.action, shown + proposal.spans))
        return proposal.action

    def propose(self, prompt: Prompt, observation: Observation) -> Proposal:
        """An action from the model; words that are none are counted, answered with the reason, and asked again."""
        choices, asked = self.control.legal(observation), prompt
        for attempt in range(self.retries + 1):
            try:
                return self.actions.propose(asked, observation, choices)
            except FormatFailure as failure:
                self.episode.format_failure()
                said = Span(Source.MODEL, failure.text)
                if attempt == self.retries:
                    return Proposal(Action(failure.text), (said,))
                asked = asked + (said, Span(Source.WORLD, f"That is no action: {failure.why}. {self.actions.rules}"))
        raise AssertionError("unreachable")

    def sampling(self, temperature: float = 0.0) -> Sampling:
        """Sampling whose seed differs from turn to turn and from episode to episode, and repeats with the episode's seed."""
        return Sampling(temperature=temperature, seed=self.episode.seed * 1_000_003 + len(self.episode.steps))
