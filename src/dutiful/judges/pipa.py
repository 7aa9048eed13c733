"""PIPA: five numbers on the way an agent went, beside the one on where it ended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from dutiful.core import parts
from dutiful.core.judge import Judge
from dutiful.core.model import Model
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Criterion, Episode, Figure, Source, Span, Verdict
from dutiful.judges.pipa_units import METRICS, Unit, units
from dutiful.kit.agreement import agreement
from dutiful.kit.figures import judged, mean, share

COMPLETION = "task completion"
PROFILE = (*METRICS, COMPLETION)
ORDERS = (("Yes", "No"), ("No", "Yes"))
QUESTIONS = {
    "state consistency": "Is this call about what the user wants at this moment?",
    "tool efficiency": "Is this call useful: are all its values known by now, and was it not made before?",
    "observation alignment": "Does this reply agree with what the tools returned, and tell the user what matters?",
    "policy adherence": "Does this call keep to the policy?",
}
RULES = "You check one step of an agent at a time. Judge the last step alone, by what came before it.\nThe policy:\n{}"


class Asked(NamedTuple):
    """A unit, what code says of it, and what the model says: None where the order of the options turned its answer."""

    episode: Episode
    unit: Unit
    said: bool | None


class Pipa(Judge):
    """Profile = five means of atomic yes/no units:

        state consistency       calls that are about what the user wants now                     / calls
        tool efficiency         calls that fit, with values known by then, not made before       / calls
        observation alignment   replies that agree with the returns, and tell what matters       / replies
        policy adherence        calls that break no rule of the policy                           / calls
        task completion         the environment's verdict, 1 or 0

    An episode without a unit of a metric has no value there. Passes when all five are 1; the score is their mean, the average
    of the protocol. Code reads the units (`judges.pipa_units`) from the log up to each, never further. The task's setup must
    have the policy file, and the user's acts must be logged (`tools/desk`).

    by: the spec of a model that is asked about single units too, `sample` of them, half of them bad where there are as many,
    each in both orders of yes and no; `report` then gives its agreement and kappa with code. The profile itself stays code's.
    report: the profile and the average, the share of dialogues with an error of the user's own, and the share of failures that
    such errors explain.
    """

    card = Card(
        kind="judge",
        name="pipa",
        system="043",
        summary="five metrics over a log: state, tool use, replies, policy, completion; and the simulated user's own errors",
        source="arXiv 2505.01592; the formulas are a reconstruction",
    )

    def __init__(self, by: str = "", sample: int = 100):
        if sample < 2:
            raise ValueError(f"pipa: sample is {sample}, expected 2 units or more")
        self.by, self.sample = by, sample

    def judge(self, episode: Episode) -> Verdict:
        completed = judged(episode).passed
        found = list(units(episode))
        criteria = [_criterion(metric, [unit for unit in found if unit.metric == metric]) for metric in METRICS]
        verdict = "the environment passes it" if completed else "the environment does not pass it"
        return Verdict.of(*filter(None, criteria), Criterion(COMPLETION, completed, float(completed), verdict))

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        profiles = [profile(self.judge(episode)) for episode in episodes]
        figures = [
            mean(metric, [each[metric] for _, each in having], [episode.task.id for episode, _ in having])
            for metric in PROFILE
            if (having := [(episode, each) for episode, each in zip(episodes, profiles, strict=True) if metric in each])
        ]
        tasks = [episode.task.id for episode in episodes]
        figures.append(mean("average", [sum(each.values()) / len(each) for each in profiles], tasks))
        failed = [episode for episode in episodes if not judged(episode).passed]
        figures.append(share("dialogues with an error of the user's", [bool(user_errors(each)) for each in episodes], tasks))
        if failed:
            theirs = [explained(each) for each in failed]
            figures.append(share("failures that the user's errors explain", theirs, [each.task.id for each in failed]))
        return figures + (self.agreement(episodes) if self.by else [])

    def agreement(self, episodes: Sequence[Episode]) -> list[Figure]:
        """How far the model's answers are those of code, over the units that it decided; dialogues are drawn whole."""
        asked = self.ask(episodes)
        decided = [each for each in asked if each.said is not None]
        figures = [share("undecided", [each.said is None for each in asked], [each.episode.task.id for each in asked])]
        if decided:
            truth, said = [each.unit.good for each in decided], [bool(each.said) for each in decided]
            found = agreement(truth, said, [each.episode.task.id for each in decided])
            figures += [Figure("accuracy", *found.accuracy, found.n), Figure("kappa", *found.kappa, found.n)]
        return figures

    def ask(self, episodes: Sequence[Episode]) -> list[Asked]:
        """A sample of the units of these episodes, put to the model one by one; always the same sample."""
        pool = [(episode, unit) for episode in episodes for unit in units(episode)]
        random = Random(f"pipa {self.sample} {len(pool)}")
        bad, good = ([each for each in pool if each[1].good == wanted] for wanted in (False, True))
        few = random.sample(bad, min(len(bad), self.sample // 2))
        chosen = few + random.sample(good, min(len(good), self.sample - len(few)))
        model: Model = parts.model(self.by)
        try:
            return [Asked(episode, unit, _put(model, episode, unit)) for episode, unit in chosen]
        finally:
            model.close()


def profile(verdict: Verdict) -> Mapping[str, float]:
    """The metrics of one dialogue by name, from 0 to 1."""
    return {criterion.name: criterion.score for criterion in verdict.criteria}


class UserError(NamedTuple):
    """An error of the simulated user's: `kind` is "contradicts" or "gives up"; `wish` the place of the request it touches."""

    kind: str
    wish: int
    evidence: str


def user_errors(episode: Episode) -> list[UserError]:
    """What the simulated user did wrong: said what its card does not say, or left before all was served.

    Looked for in its acts, not taken from what was planted.
    """
    setup, found = episode.task.setup, list[UserError]()
    for seen in (*(step.observation for step in episode.steps), *filter(None, [episode.final])):
        act = seen.info.get("act")
        if not act or not seen.said:
            continue
        place, facts = act["wish"], act["facts"]
        if act["kind"] == "leave":
            found.append(UserError("gives up", place, seen.said))
            continue
        wish = setup["wishes"][place]
        card = [wish["facts"], wish.get("then", {})]
        found += [
            UserError("contradicts", place, f"{slot} is {value!r}")
            for slot, value in facts.items()
            if slot in wish["facts"] and value not in [each.get(slot) for each in card]
        ]
    return list(dict.fromkeys(found))


def explained(episode: Episode) -> bool:
    """Whether the user's errors account for all that failed: requests that it misstated, and those it left behind.

    A request's criterion is called "request N: ..."; what else failed, only the user's leaving accounts for.
    """
    errors = user_errors(episode)
    left = min([error.wish for error in errors if error.kind == "gives up"], default=None)
    misstated = {error.wish for error in errors if error.kind == "contradicts"}

    def accounted(name: str) -> bool:
        number = re.match(r"request (\d+):", name)
        place = int(number[1]) - 1 if number else None
        return place in misstated or (left is not None and (place is None or place >= left))

    return all(accounted(each.name) for each in judged(episode).criteria if not each.passed)


def prompt_for(episode: Episode, unit: Unit) -> Prompt:
    """What a model is shown about a unit: the policy, the log up to the unit's step and not further, and the question."""
    shown: list[str] = []
    for place, step in enumerate(episode.steps[: unit.step + 1]):
        seen = step.observation
        shown += [f"USER: {seen.said}"] * bool(seen.said) + [f"RETURN: {seen.text}"] * bool(seen.text)
        shown.append(unit.what if place == unit.step else f"AGENT: {step.action.text}")
    return Prompt(
        (
            Span(Source.SYSTEM, RULES.format(episode.task.setup["policy"]["text"])),
            Span(Source.WORLD, "\n".join(shown)),
            Span(Source.USER, f"{QUESTIONS[unit.metric]} Answer {{}} or {{}}."),
        )
    )


def _put(model: Model, episode: Episode, unit: Unit) -> bool | None:
    *shown, ask = prompt_for(episode, unit)
    said = {
        order[model.choose(Prompt((*shown, Span(ask.source, ask.text.format(*order)))), order).index] == "Yes" for order in ORDERS
    }
    return said.pop() if len(said) == 1 else None


def _criterion(metric: str, found: Sequence[Unit]) -> Criterion | None:
    if not found:
        return None
    good = sum(unit.good for unit in found)
    bad = [f"step {unit.step}: {unit.why}" for unit in found if not unit.good]
    return Criterion(metric, not bad, good / len(found), f"{good} of {len(found)}" + "".join(f"; {each}" for each in bad[:5]))


__all__ = ["PROFILE", "Asked", "Pipa", "UserError", "explained", "profile", "prompt_for", "user_errors"]
