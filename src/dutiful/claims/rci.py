"""114 RCI: does asking again make actions legal, and when does criticising one's own plan help?"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.agents.critics import rci
from dutiful.claims.evidence import at_least, at_most, difference, mean, of, passed, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.errors import ModelFailure
from dutiful.core.limits import Limits
from dutiful.core.model import Completion, Format, Model, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode, Source
from dutiful.core.world import World
from dutiful.models.scripted import Scripted
from dutiful.worlds.text import Home

HOME = "text/home"
SHORT = "text/home?rooms=2&objects=4&max_steps=10"
EMBEDDED = "embedded?threads=1"
HELPS, HURTS = "error=0.4&finds=0.8&mends=0.8", "error=0.4&finds=0.3&mends=0.3&breaks=0.3"
IDLE = "Stand still"
FAULT, NO_FAULT = "A line is missing from this plan.", "This plan has no fault."


class PlanMaker(Model):
    """Plans, criticises, improves and carries out at stated rates; knows the right plan from the world, no weights.

    A plan lacks a line with probability `error`, drawn once a task and seed. A criticism of a faulty plan names the fault with
    probability `finds`; that of a good plan names none. A revision mends what was named with probability `mends`,
    and takes a line out of a good plan with probability `breaks`. An action is the next line of the plan in the prompt. The draws
    follow from the episode's seed and the prompt.
    """

    card = Card(kind="model", name="planmaker", summary="plans, criticises and improves with stated probabilities; no weights")

    def __init__(self, error: float = 0.4, finds: float = 1.0, mends: float = 1.0, breaks: float = 0.1):
        self.error, self.finds, self.mends, self.breaks = error, finds, mends, breaks
        self._world: World | None = None
        self._seed = 0

    def bind(self, world: World, seed: int) -> PlanMaker:
        bound = PlanMaker(self.error, self.finds, self.mends, self.breaks)
        bound._world, bound._seed = world, seed
        return bound

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        text = self._say(prompt)
        return Scripted(reply=lambda _: text).generate(prompt, sampling.replace(max_tokens=10_000))

    def _say(self, prompt: Prompt) -> str:
        if not isinstance(self._world, Home):
            raise ModelFailure(f"the plan maker plans for text/home, and it is bound to {self._world!r}")
        asked = prompt[-1].text
        draw = random.Random(f"{self._seed}/{zlib.crc32(prompt.text.encode())}")
        said = [span.text for span in prompt if span.source is Source.MODEL]
        if asked not in (rci.PLAN, rci.PLAN_FAULTS, rci.PLAN_BETTER):
            plan = next(span.text for span in prompt if span.source is Source.PLAN and span.text.startswith("Plan:\n"))
            lines = plan.splitlines()[1:]
            return lines[len(said)] if len(said) < len(lines) else IDLE
        right = [action.text for action in self._world.plan()]
        if asked == rci.PLAN:
            return _spoilt(right, draw) if draw.random() < self.error else "\n".join(right)
        if asked == rci.PLAN_FAULTS:
            faulty = said[-1] != "\n".join(right)
            return FAULT if faulty and draw.random() < self.finds else NO_FAULT
        plan, criticism = said[-2:]
        if plan == "\n".join(right):
            return _spoilt(right, draw) if draw.random() < self.breaks else plan
        return "\n".join(right) if criticism == FAULT and draw.random() < self.mends else plan

    def predicted(self, rounds: int) -> float:
        """The probability that the plan is right after none or one round of criticism."""
        return (1 - self.error) * (1 - self.breaks * rounds) + self.error * self.finds * self.mends * rounds


def _spoilt(plan: Sequence[str], draw: random.Random) -> str:
    """A shortest plan without one of its lines, which can lead to the goal no more."""
    gone = draw.randrange(len(plan))
    return "\n".join(line for place, line in enumerate(plan) if place != gone)


class RciClaim(Claim):
    """(a) Illegal actions of the embedded model in text/home with I = 0, 1, 3, against decoding held to the legal ones.
    (b) Plans with a scripted model of stated rates, at rates where criticism should help and where it should hurt.

    Bounds are those of the entry: invalid(0) - invalid(3) >= 0.15, constrained decoding not worse than I = 3; success within 0.03
    of (1 - e)(1 - b) + e c d; more success with E = 1 than with E = 0 exactly when e c d > (1 - e) b. The entry wants web pages;
    household tasks in words stand in for them here. E = 0 is run once for all rates: a first plan depends on e alone. The
    controls: criticism that never names a fault (c = 0), and constrained decoding held to be less legal than never asking again.
    """

    card = Card(
        kind="claim",
        name="rci",
        system="114",
        summary="asked again, a model acts legally more often; criticising its plan helps when it mends more than it breaks",
        source="arXiv 2303.17491",
    )
    cost = "full"
    stands_in = f"planmaker?{HELPS}&breaks=0.1 and planmaker?{HURTS} (part b)"
    beyond = "the web: 15 MiniWoB++ tasks with a model that can do them; the paper's success rates are of models of 175B and more"

    def measure(self, lab: Any) -> Iterator[Evidence]:
        yield from self._plans(lab)
        yield from self._actions(lab)

    def _plans(self, lab: Any) -> Iterator[Evidence]:
        models = {
            "helps": PlanMaker(0.4, 0.8, 0.8, 0.1),
            "hurts": PlanMaker(0.4, 0.3, 0.3, 0.3),
            "blind": PlanMaker(0.4, 0.0, 0.8, 0.1),
        }
        agent = "act?retries=0+line+rci?explicit={}&implicit=0"
        drawn = dict(tasks=600, seeds=5)
        once = {name: lab.episodes(agent.format(0), SHORT, model, **drawn) for name, model in models.items() if name == "helps"}
        looped = {name: lab.episodes(agent.format(1), SHORT, model, **drawn) for name, model in models.items()}
        plain = once["helps"]
        for name, rounds, episodes in (("helps", 0, plain), *((name, 1, each) for name, each in looped.items())):
            told, wanted = passed(episodes), models[name].predicted(rounds)
            lab.note(f"{name}, E={rounds}: success {sum(told) / len(told):.4f}, the formula says {wanted:.4f} (n {len(told)})")
            if name != "blind":
                off = mean([each - wanted for each in told], tasks(episodes))
                yield at_most(f"(b) {name}, E={rounds}: success over the formula", off, 0.03)
                yield at_least(f"(b) {name}, E={rounds}: success over the formula, from below", off, -0.03)
        for name, episodes in looped.items():
            gain = difference(passed(episodes), passed(plain), tasks(plain))
            if name == "hurts":
                yield at_most("(b) hurts: E=1 over E=0", gain, 0.0)
            else:
                yield at_least(f"(b) {name}: E=1 over E=0", gain, 0.0, control=name == "blind")

    def _actions(self, lab: Any) -> Iterator[Evidence]:
        drawn = dict(model=EMBEDDED, tasks=6, seeds=5, workers=5, limits=Limits(steps=3))
        agents = {f"I={n}": f"act?retries=0+line?max_tokens=16+rci?explicit=-1&implicit={n}" for n in (0, 1, 3)}
        agents["constrained"] = "act?retries=0+json"
        found = {name: lab.episodes(agent, HOME, **drawn) for name, agent in agents.items()}
        rates = {name: of(episodes, illegal) for name, episodes in found.items()}
        for name, episodes in found.items():
            calls = sum(len(step.calls) for episode in episodes for step in episode.steps)
            steps = sum(len(episode.steps) for episode in episodes)
            lab.note(
                f"(a) {name}: illegal {sum(rates[name]) / len(episodes):.3f} of {steps} actions, {calls / steps:.2f} calls each"
            )
        where, decoded = tasks(found["I=0"]), rates["constrained"]
        yield at_least("(a) illegal with I=0 over I=3", difference(rates["I=0"], rates["I=3"], where), 0.15)
        yield at_least("(a) illegal with I=3 over constrained", difference(rates["I=3"], decoded, where), 0.0)
        yield at_least(
            "(a) illegal when constrained over I=0", difference(rates["constrained"], rates["I=0"], where), 0.15, control=True
        )


def illegal(episode: Episode) -> float:
    """The share of actions that were none of those possible."""
    return sum(step.action.text not in step.observation.choices for step in episode.steps) / len(episode.steps)


__all__ = ["RciClaim"]
