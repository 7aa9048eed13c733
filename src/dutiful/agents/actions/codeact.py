"""CodeAct: the model acts by writing Python that calls the tools as functions, run in an interpreter that lives on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dutiful.agents.actions.calling import Calling
from dutiful.agents.actions.programmed import Programmed
from dutiful.core.agent import Proposal
from dutiful.core.errors import FormatFailure
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source, Span
from dutiful.core.world import World
from dutiful.kit import notations

FIRST = "You wrote {n} blocks of code; only the first was run. Write one block in each message."


class CodeAct(Calling):
    """One block of Python a turn. In the block the tools are functions; without tools, `act("...")` does an action.

        a ~ model(prompt), the first block of code in it;  none: a format failure
        o = what the block prints, then the value of its last expression or the traceback, cut at 2,000 characters

    A call inside is a step of the world, the block is one turn of the agent. What a tool refuses is raised as an error, which
    the block may catch. A block ends where the world does, and where it takes longer than `seconds`. Loops, branches and
    variables are Python's; `kit.interpreter` says what may be imported. `finish` is a function as the others are, so that an
    answer may stand in a block; the claim keeps it apart, as the paper does. Replies to a user stay plain; where a user talks and
    there are tools, code is what stands between fences. `stateless` forgets variables after each block, and without
    `tracebacks` an error is not shown: the paper's ablations. Source: Wang et al. 2024 (arXiv 2402.01030).
    """

    card = Card(
        kind="actions",
        name="codeact",
        summary="writes Python that calls the tools as functions, run in an interpreter that keeps its variables",
        system="020",
        needs=("code",),
        source="arXiv 2402.01030",
    )
    notation = notations.PYTHON

    def __init__(
        self,
        temperature: float = 0.0,
        tokens: int = 512,
        stateless: bool = False,
        tracebacks: bool = True,
        seconds: float = 5.0,
        backend: Literal["auto", "monty", "box"] = "auto",
    ):
        super().__init__(temperature, tokens)
        self.stateless, self.tracebacks, self.seconds, self.backend = stateless, tracebacks, seconds, backend

    @property
    def rules(self) -> str:  # type: ignore[override]
        place = self._place
        return place.how if isinstance(place, Programmed) else "Answer the user."

    def enter(self, world: World) -> World:
        if world.can("dialogue") and not world.can("tools"):
            self._place = world
        else:
            self._place = Programmed(world, self.stateless, self.tracebacks, self.seconds, self.backend)
        return self._place

    def propose(self, prompt: Prompt, observation: Observation, choices: Sequence[str]) -> Proposal:
        said = self.ask(prompt).text
        place = self._place
        if not isinstance(place, Programmed):
            return Proposal(Action(said.strip()), (Span(Source.MODEL, said.strip()),))
        blocks = place.blocks(said)
        if not blocks:
            raise FormatFailure(said, "there is no block of Python in it")
        action = Action(blocks[0])
        if len(blocks) > 1:
            place.remind(action, FIRST.format(n=len(blocks)))
        return Proposal(action, (Span(Source.MODEL, said),))
