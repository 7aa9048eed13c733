"""An agent that is a formula: which states its transcript goes through, and what may stand in each."""

from __future__ import annotations

import contextlib
from typing import Any, Literal

import msgspec

from dutiful.core.agent import Agent, Proposal, Turn
from dutiful.core.errors import SpecError
from dutiful.core.model import Model
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Episode, Observation, Source, Span, Task
from dutiful.core.world import World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.ltlf.decode import DECODERS, Run
from dutiful.kit.ltlf.protocol import Context, Protocol, Segment, Wrong, load

FINISH = "finish"
NEXT = "\f"
"""Stands in the log between two transcripts of an episode."""


class ProtocolAgent(Agent):
    """Writes transcripts that keep a formula, and acts as they say.

        node = start of the automaton
        until the transcript ends:
            the environment is due:  what was to be done is done; its prefix and the results are appended
            else:                    the model writes states that are allowed, up to the environment's turn
        with as few states left as the shortest way to an end takes, only that way is allowed

    formula: a protocol that comes along (react, react-tools, rewoo, reflexion, cot, pass), a TOML file, or a formula. also: a
    formula that has to hold beside it. decoder: "masked" (a grammar, for models that have one), "monitor" (free chunks, cut
    where they break the formula), "free" (chunks as they come, parsed: the baseline), or "auto", the best that the
    model can do. steps: states of a transcript. examples: whether the protocol's own are shown. tokens: of one answer.

    A state of content `action` is filled by the action slot, in its notation; `tool` and `arguments` make a call; an answer is
    the tool `finish`, the reply to a user, or, in worlds that take no answers, a last action by the slot. Where the world
    goes on after a transcript's end, the next one begins. Every action carries what was written before it as its thought.
    Default of steps: ours, by the entry's cap. Source: arXiv 2310.08535.
    """

    card = Card(
        kind="agent",
        name="protocol",
        system="103",
        summary="an agent as a formula of temporal logic over what it writes: ReAct, ReWOO, Reflexion, PASS or your own",
        source="arXiv 2310.08535",
    )

    def __init__(
        self,
        model: Model | None = None,
        formula: str = "react",
        also: str = "",
        decoder: Literal["auto", "masked", "monitor", "free"] = "auto",
        steps: int = 12,
        examples: bool = True,
        tokens: int = 192,
        temperature: float = 0.0,
        retries: int = 1,
        **slots: Any,
    ):
        super().__init__(model, retries=retries, **slots)
        self.formula, self.also, self.decoder, self.steps = formula, also, decoder, steps
        self.examples, self.tokens, self.temperature = examples, tokens, temperature
        try:
            self._protocol = load(formula).also(also)
            _ = self._protocol.automaton
        except ValueError as error:
            raise SpecError(f"protocol: {error}") from error

    def begin(self, task: Task, world: World, episode: Any) -> None:
        super().begin(task, world, episode)
        tools = tuple(world.tools()) if world.can("tools") else ()
        self._finish = next((tool for tool in tools if tool.name == FINISH), None)
        self._talks = world.can("dialogue")
        self.protocol = self._fitted(tools)
        self._tools = tuple(tool for tool in tools if tool.name != FINISH)
        self._run: Run | None = None
        self._queue: list[Action] = []
        self._given: list[str] = []
        self._log: list[str] = []
        able = self.model is not None and self.model.can("grammar")
        self._write = DECODERS[("masked" if able else "monitor") if self.decoder == "auto" else self.decoder]
        acts = any(state.content == "action" for state in self.protocol.states)
        rules = (world.rules, self.protocol.describe(), self.actions.rules if acts else "")
        rest = tuple(span for span in self.stable if span.source is not Source.SYSTEM)
        head = Span(Source.SYSTEM, "\n".join(filter(None, rules)))
        self.stable = Prompt((head, *(self._shown() if self.examples else ()), *rest))

    def _fitted(self, tools: tuple[Any, ...]) -> Protocol:
        """The protocol in this world: where no answer is taken, an answer is an action."""
        states = self._protocol.states
        if not tools and any(state.content in ("tool", "arguments") for state in states):
            raise SpecError(f"protocol: {self.formula!r} calls tools, and this world has none; formula=react acts in every world")
        if self._finish or self._talks:
            return self._protocol
        acting = tuple(msgspec.structs.replace(state, content="action") if state.answer else state for state in states)
        return msgspec.structs.replace(self._protocol, states=acting)

    def _shown(self) -> tuple[Span, ...]:
        """The examples, turn by turn."""
        spans: list[Span] = []
        for number in range(len(self._protocol.examples)):
            instruction, segments = self._protocol.example(number)
            spans.append(Span(Source.DEMO, f"Instruction: {instruction}"))
            for segment in segments:
                mine = self._protocol.by_name[segment.state].source == "model"
                spans.append(Span(Source.DEMO, self._protocol.write([segment]), "assistant" if mine else "user"))
        return tuple(spans)

    def act(self, observation: Observation, aside: tuple[Span, ...] = ()) -> Action:
        shown = self.view.show(observation)
        self._given.append(observation.said or observation.text)
        spans: tuple[Span, ...] = ()
        if not self._queue:
            shown = self._environment(shown)
            prompt = self.stable + self.memory.recall() + shown + aside
            while not self._queue:
                spans += self._turn(prompt + spans, observation)
        action = self._queue.pop(0).replace(thought="\n".join(self._log))
        self._log = []
        self.memory.add(Turn(observation, action, shown + spans))
        return action

    def _environment(self, shown: tuple[Span, ...]) -> tuple[Span, ...]:
        """The environment's turn, where it is due, and the beginning of a transcript, where one is."""
        given, self._given = " ".join(" ".join(self._given).split()), []
        if self._run is None or (self._run.finished and not self._run.due):
            again = [NEXT] if self._run else []
            seen = f"{self.task.instruction.text} {given}"
            self._run, self._log = Run(self.protocol, self.steps, Context(self._tools, "", seen)), self._log + again
        elif due := self._run.due or (self._observing() if self._write is DECODERS["free"] else ""):
            self._take(due, given)
            prefix = self.protocol.by_name[due].prefix
            first = next((n for n, span in enumerate(shown) if span.source is Source.WORLD), None)
            if first is not None:
                return (*shown[:first], shown[first].replace(text=f"{prefix} {shown[first].text}"), *shown[first + 1 :])
        return shown

    def _observing(self) -> str:
        return next((state.name for state in self.protocol.states if state.source == "environment"), "")

    def _take(self, name: str, content: str) -> None:
        assert self._run is not None
        self._run.take(name, content)
        self._log.append(self.protocol.write([Segment(name, " ".join(content.split()) if name == self._run.due else content)]))

    def _turn(self, prompt: Prompt, observation: Observation) -> tuple[Span, ...]:
        """The model's turn: its states go to the transcript, and what they want done to the queue."""
        run = self._run
        assert run is not None and self.model is not None
        sampling = self.sampling(self.temperature).replace(max_tokens=self.tokens)
        segments = self._write(self.model, prompt, run, sampling, self.episode.format_failure)
        spans: tuple[Span, ...] = ()
        text: list[str] = []
        for segment in segments:
            state = self.protocol.by_name.get(segment.state)
            content = segment.content
            if state and state.content == "action" and self._write is not DECODERS["free"]:
                said = "\n".join([*text, state.prefix])
                proposal = self._reviewed(prompt + spans + (Span(Source.MODEL, said),), observation, None)
                content, text = proposal.action.text, []
                spans += (Span(Source.MODEL, said), *proposal.spans)
                self._queue.append(proposal.action)
            else:
                text.append(self.protocol.write([segment]))
                if action := self._wanted(segment):
                    here = prompt + spans + (Span(Source.MODEL, "\n".join(text)),)
                    self._queue.append(self._reviewed(here, observation, Proposal(action, ())).action)
            self._take(segment.state, content)
        if text:
            spans += (Span(Source.MODEL, "\n".join(text)),)
        return spans if self._queue else spans + self._nothing(prompt + spans, observation)

    def _reviewed(self, prompt: Prompt, observation: Observation, proposal: Proposal | None) -> Proposal:
        return self.critic.review(prompt, observation, proposal or self.propose(prompt, observation))

    def _nothing(self, prompt: Prompt, observation: Observation) -> tuple[Span, ...]:
        """After a turn that wants nothing: the environment repeats itself, a free model is told, a finished transcript acts."""
        run = self._run
        assert run is not None
        if self._write is DECODERS["free"]:
            self.episode.format_failure()
            self._misses = self._misses + 1 if run.segments and self._misses else 1
            if self._misses > self.retries:
                self._misses = 0
                self._queue.append(Action(run.segments[-1].content if run.segments else ""))
                return ()
            return (Span(Source.SYSTEM, f"There is nothing to do in that. {self.protocol.describe()}", role="user"),)
        if run.due:
            name, said = run.due, " ".join((observation.said or observation.text).split())
            self._take(name, said)
            return (Span(Source.WORLD, f"{self.protocol.by_name[name].prefix} {said}"),)
        if run.finished:
            proposal = self._reviewed(prompt, observation, None)
            self._queue.append(proposal.action)
            return proposal.spans
        return ()

    _misses = 0

    def _wanted(self, segment: Segment) -> Action | None:
        """What a state that the model has written in full wants done."""
        state = self.protocol.by_name.get(segment.state)
        if state is None:
            return None
        if state.content == "action":
            return Action(segment.content)
        if state.answer:
            return self._answer(segment.content)
        if state.content == "arguments" and self._run is not None:
            return calls.action(Call(self._run.context.tool, self._arguments(self._run.context.tool, segment.content)))
        return None

    def _arguments(self, name: str, content: str) -> dict[str, Any]:
        """The arguments in a text; words that are no JSON are the value of a tool's only parameter."""
        with contextlib.suppress(msgspec.DecodeError):
            if isinstance(value := msgspec.json.decode(content), dict):
                return value
        needed = [only for tool in self._tools if tool.name == name for only in tool.parameters.get("required", ())]
        return {needed[0] if len(needed) == 1 else "input": content.strip("\"' ")}

    def _answer(self, content: str) -> Action:
        if self._finish is None:
            return Action(content)
        (name, schema), *_ = calls.parameters(self._finish).items()
        value: Any = content
        if schema.get("type", "string") != "string":
            with contextlib.suppress(msgspec.DecodeError):
                value = msgspec.json.decode(content)
        return calls.action(Call(FINISH, {name: value}))


def transcripts(episode: Episode, protocol: Protocol) -> list[list[Segment]]:
    """What was written in an episode, transcript by transcript."""
    said = "\n".join(step.action.thought for step in episode.steps)
    return [protocol.split(text) for text in said.split(NEXT)]


def violation(episode: Episode, protocol: Protocol, context: Context | None = None) -> Wrong | None:
    """The first violation in an episode's transcripts. The last may stop where the world or a limit ended it."""
    *whole, last = transcripts(episode, protocol)
    wrong = (protocol.check(segments, context, complete) for segments, complete in [*((s, True) for s in whole), (last, False)])
    return next((each for each in wrong if each), None)
