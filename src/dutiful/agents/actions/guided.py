"""Answers written under the requirements of the user's words: checked, steered, drawn again, repaired, mended.

    the greedy answer                                                                      "plain"
    while something is missed: the greedy answer, steered by the requirements              "steered"
    while something is missed, up to n times: an answer drawn, steered                     "drawn"
    while something is missed: the model is asked once more, told what was missed          "repaired"
    while something is missed: the types mend the text                                     "mended"
    of all that are not much less likely than the plain one (`floor`): what misses least, then the likeliest a token

No weights change. Each stage can be left out, and how an answer came about stands in the action's thought, so that one can
say what decoding did and what code did. The stages are our own; steering by what can still be met is kin to FUDGE
(arXiv 2104.05218), drawing and choosing is rejection sampling.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Sequence
from typing import Literal, NamedTuple

from dutiful.core.agent import Actions, Agent, Proposal
from dutiful.core.errors import Unsupported, WorldFailure
from dutiful.core.model import Completion, Sampling, Steered
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Constraint, Observation, Source, Span, Task
from dutiful.kit import constraints
from dutiful.kit.constraints import Rule
from dutiful.kit.constraints.parse import parse
from dutiful.kit.constraints.steer import finish_most
from dutiful.kit.dialogue import read

MENDS = 4
"""Rounds of mending: what one type changes may break another."""


class Draft(NamedTuple):
    """An answer, which of the rules it misses, its mean log-probability a token (0 where unknown), how it came about."""

    text: str
    missed: list[Rule]
    likely: float
    how: str


class Guided(Actions):
    """Replies under checkable requirements; where there is none, and in worlds of actions, it is the plain slot.

    samples: answers drawn at most, at `temperature`. steer: whether decoding is steered (the model needs the capability
    "steer"). floor: how far, in nats a token, the mean log-probability of an answer may lie below that of the plain one;
    what reads worse is not taken, however much it meets. repair: whether the model is asked once more. mend: whether code
    has the last word: then first an answer below the floor is taken, if it meets all, else one is mended. source: "task"
    takes the requirements from the task, and reads the user's words where it states none; "words" always reads the words.
    """

    card = Card(
        kind="actions",
        name="guided",
        summary="replies checked, then steered by the requirements, best of n, repair and mending where one is missed",
    )

    def __init__(
        self,
        samples: int = 4,
        tokens: int = 200,
        temperature: float = 0.5,
        steer: bool = True,
        floor: float = 0.3,
        repair: bool = True,
        mend: bool = True,
        source: Literal["task", "words"] = "task",
    ):
        super().__init__(0.0, tokens)
        if samples < 0 or temperature <= 0 or floor < 0:
            raise ValueError(
                f"guided: samples={samples}, temperature={temperature}, floor={floor}; expected samples and a floor from 0, "
                "and a temperature above 0"
            )
        self.samples, self.temperature, self.steer, self.floor = samples, temperature, steer, floor
        self.repair, self.mend, self.source = repair, mend, source

    def begin(self, agent: Agent) -> None:
        super().begin(agent)
        self._turn = -1
        if self.steer and not self.model.can("steer"):
            raise Unsupported(self.model.spec, "steer")

    def propose(self, prompt: Prompt, observation: Observation, choices: Sequence[str]) -> Proposal:
        if choices or not observation.said:
            return super().propose(prompt, observation, choices)
        draft = self._answer(prompt, self._asked(observation.said))
        return Proposal(Action(draft.text, thought=draft.how), (Span(Source.MODEL, draft.text),))

    def _asked(self, said: str) -> list[Rule]:
        """The requirements of the present turn. A turn whose words are not the dialogue's is a complaint about the last."""
        stated: tuple[Constraint, ...] = ()
        if self.source == "task":
            stated = self._stated(self.agent.task, said)
        return [constraints.rule(constraint) for constraint in stated or (parsed.constraint for parsed in parse(said))]

    def _stated(self, task: Task, said: str) -> tuple[Constraint, ...]:
        try:
            turns = read(task).turns
        except WorldFailure:
            return task.instruction.constraints
        later = [place for place in range(self._turn + 1, len(turns)) if turns[place].text == said]
        self._turn = later[0] if later else max(self._turn, 0)
        return turns[self._turn].constraints

    def _answer(self, prompt: Prompt, rules: list[Rule]) -> Draft:
        finish, kept = finish_most(rules)
        name = "; ".join(f"{rule.kind} {rule.params()}" for rule in kept)
        steered = Steered(finish, name) if self.steer and kept else None
        greedy = self.agent.sampling().replace(max_tokens=self.tokens)

        def write(prompt: Prompt, sampling: Sampling, how: str, constraint: Steered | None = steered) -> Draft:
            return drafted(self.model.generate(prompt, sampling, constraint), rules, how)

        drafts = [write(prompt, greedy, "plain", None)]
        least = drafts[0].likely - self.floor
        if steered and drafts[0].missed:
            drafts.append(write(prompt, greedy, "steered"))
        for number in range(self.samples):
            if not select(drafts, least).missed:
                break
            drawn = greedy.replace(temperature=self.temperature, seed=greedy.seed * 1009 + number)
            drafts.append(write(prompt, drawn, f"drawn {number + 1}"))
        best = select(drafts, least)
        if best.missed and self.repair:
            wordings = " ".join(f"({number}) {rule.wording()}" for number, rule in enumerate(best.missed, 1))
            ask = f"Your answer misses: {wordings} Write the whole answer again so that everything is met."
            again = prompt + (Span(Source.MODEL, best.text), Span(Source.USER, ask))
            drafts.append(write(again, greedy, "repaired"))
            best = select(drafts, least)
        if best.missed and self.mend:
            best = select(drafts)
        if best.missed and self.mend:
            best = select([best, mended(best, rules, randomness.Random(greedy.seed))])
        return best._replace(how=f"{best.how}: {len(rules) - len(best.missed)} of {len(rules)} met")


def drafted(done: Completion, rules: Sequence[Rule], how: str) -> Draft:
    """A completion as a draft, checked."""
    likely = done.logprob / max(1, done.usage.completion_tokens) if done.logprob is not None else 0.0
    return Draft(done.text, [rule for rule in rules if not rule.check(done.text).passed], likely, how)


def select(drafts: Sequence[Draft], least: float = float("-inf")) -> Draft:
    """Of the drafts that are likely enough, the one that misses least, of these the likeliest, of these the first."""
    return min((draft for draft in drafts if draft.likely >= least), key=lambda draft: (len(draft.missed), -draft.likely))


def mended(draft: Draft, rules: Sequence[Rule], random: randomness.Random) -> Draft:
    """The draft changed by the types' own `mend`, rule by rule, until all are met or the rounds are over."""
    text = draft.text
    for _ in range(MENDS):
        missed = [rule for rule in rules if not rule.check(text).passed]
        for rule in missed:
            try:
                text = rule.mend(text, random)
            except ValueError:  # this text cannot be mended so
                continue
    return Draft(text, [rule for rule in rules if not rule.check(text).passed], float("-inf"), "mended")


__all__ = ["Guided"]
