"""What the action spaces have in common: calls of tools in a notation, where the world has tools; their own way elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.agent import Actions, Proposal
from dutiful.core.errors import FormatFailure
from dutiful.core.model import Completion, Format
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span
from dutiful.core.world import Tool, World
from dutiful.kit import calls
from dutiful.kit.calls import Call
from dutiful.kit.notations import Notation, Written

FIRST = "You wrote {n} calls; only the first was carried out. Write one call in each message."
FINISH = "finish"
"""The tool that answers, where a task wants an answer."""


class Calling(Actions):
    """An action space over a world's tools: the world's rules list the tools, `notation` says how a call is written.

        c_1 .. c_n = calls in what the model says
        n = 0: a format failure, with the reason        an answer (`finish`) and other calls: a format failure
        otherwise c_1 is the action, and a reminder stands before the next observation where n > 1

    Without tools it is `choose`; where a user talks and nothing is called, the words are the reply.
    """

    notation: Notation
    plain: str
    """The rules where the world has no tools."""
    _place: World | None = None

    @property
    def rules(self) -> str:  # type: ignore[override]
        return self.notation.rules if self._place and self._place.can("tools") else self.plain

    def enter(self, world: World) -> World:
        self._place = Written(world, self.notation) if world.can("tools") else world
        return self._place

    def propose(self, prompt: Prompt, observation: Observation, choices: Sequence[str]) -> Proposal:
        if isinstance(self._place, Written):
            return self.call(self._place, prompt, observation)
        if observation.said and not choices:
            text = self.reply(prompt, self.agent.sampling(self.temperature).replace(max_tokens=self.tokens))
            return Proposal(Action(text), (Span(Source.MODEL, text),))
        return self.choose(prompt, choices)

    def call(self, place: Written, prompt: Prompt, observation: Observation) -> Proposal:
        """A call of a tool; where a user talks, words that are no call are a reply."""
        tools, talks = place.tools(), place.can("dialogue")
        said = self.ask(prompt, None if talks else self.constraint(tools)).text
        try:
            found = one_kind(self.notation.read(said, tools))
        except ValueError as why:
            if talks and said.strip():
                return Proposal(Action(said.strip()), (Span(Source.MODEL, said),))
            raise FormatFailure(said, str(why)) from None
        action = calls.action(found[0])
        if len(found) > 1:
            place.remind(action, FIRST.format(n=len(found)))
        return Proposal(action, (Span(Source.MODEL, said),))

    def ask(self, prompt: Prompt, constraint: Format | None = None) -> Completion:
        """What the model says, in at most `tokens` tokens."""
        return self.model.generate(prompt, self.agent.sampling(self.temperature).replace(max_tokens=self.tokens), constraint)

    def constraint(self, tools: Sequence[Tool]) -> Format | None:
        """What holds decoding to calls of these tools, if anything does."""
        return None

    def choose(self, prompt: Prompt, choices: Sequence[str]) -> Proposal:
        """An action of a world without tools."""
        raise NotImplementedError


def one_kind(found: list[Call]) -> list[Call]:
    """The calls of a message; raises ValueError where an answer stands among others."""
    if len(found) > 1 and any(call.tool == FINISH for call in found):
        raise ValueError("a message holds either an action or an answer, never both")
    return found
