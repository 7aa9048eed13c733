"""013: a model tuned on some wordings of its tasks does worse on other wordings of the same tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dutiful.claims.evidence import Measured, at_least, difference, shown
from dutiful.core import parts
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.judges.robustness import WordingRobustness, answer_of, by_item
from dutiful.kit.demonstrations import demonstrate, examples
from dutiful.kit.statistics import Interval
from dutiful.kit.training import fingerprint

AGENT = "act+text?choices=false"
DEMONSTRATIONS = 600
ITEMS = 30
"""Items a seed: three of each task."""


class RobustToWording(Claim):
    """The embedded model, tuned on the observed wordings over train items, and as it comes: then both wordings mean the same."""

    card = Card(
        kind="claim",
        name="robustness",
        system="013",
        summary="instructions in words that were not seen in tuning lower the score, and spread it",
        source="arXiv 2306.11270",
    )
    cost = "full"
    beyond = (
        "the soft-prompt alignment (the method's second half) is not part of this measurement; "
        "templates of MMLU and BIG-bench tasks need a model of 3B and more; the effect of size needs several models"
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        tuned = f"embedded?adapter={train(lab)}&threads=1&slots=48"
        sets = {which: asked(lab, tuned, which) for which in ("observed", "unobserved", "wrong", "negated")}
        base = {which: asked(lab, "embedded?threads=1&slots=48", which) for which in ("observed", "unobserved")}

        yield at_least("tuned: observed - unobserved", drop(sets["observed"], sets["unobserved"]), 0.05)
        name = "not tuned, so no wording was observed: the same difference"
        yield at_least(name, drop(base["observed"], base["unobserved"]), 0.05, control=True)
        yield at_least("observed wordings: tuned - not tuned", drop(sets["observed"], base["observed"]), 0.05)

        figures = {f.name: f for f in WordingRobustness(distance=True).report([e for each in sets.values() for e in each])}
        what = "standard deviation over instructions"
        unseen, seen = figures[f"unobserved: {what}"], figures[f"observed: {what}"]
        # Two bootstraps apart: the interval of the difference from the ends of both, which is wider than a joint one.
        ends = Interval(unseen.value - seen.value, unseen.low - seen.high, unseen.high - seen.low)
        yield at_least(f"tuned: {what}, unobserved - observed", Measured(ends, seen.n), 0.0)

        for label, found in (("tuned", list(sets.values())), ("not tuned", list(base.values()))):
            report = WordingRobustness(distance=True).report([episode for each in found for episode in each])
            lab.note(f"{label}: " + ", ".join(f"{f.name} {f.value:.3f} [{f.low:.3f}, {f.high:.3f}]" for f in report))
        for task, line in per_task(sets).items():
            lab.note(f"tuned, {task}: {line}")
        shot = {which: asked(lab, tuned, which, shots=1, items=10) for which in ("observed", "unobserved")}
        lost = shown(drop(shot["observed"], shot["unobserved"]).interval)
        lab.note(f"tuned, one example shown: observed - unobserved {lost}")


def train(lab: Any) -> Path:
    """The adapter tuned on demonstrations of the train split in observed wordings; made where it is not there yet."""
    from dutiful.learners.lora import Lora

    learner = Lora(rank=8, epochs=2, lr=1e-3, threads=1)
    made = list(examples(demonstrate(AGENT, "chat/wordings?set=observed", DEMONSTRATIONS)))
    path = Path(lab.folder) / f"robustness-{fingerprint(learner.spec, [example.spans for example in made])}.gguf"
    if not path.exists():
        learner.fit(parts.agent(AGENT), made, path)
    lab.note(f"tuned on {len(made)} demonstrations by {learner.spec}")
    return path


def asked(lab: Any, model: str, which: str, shots: int = 0, items: int = ITEMS) -> list[Episode]:
    """The episodes of a set: the same items for every set, under all its wordings."""
    ways = 5 if which == "unobserved" else 3
    world = f"chat/wordings?set={which}" + (f"&shots={shots}" if shots else "")
    return lab.episodes(AGENT, world, model, tasks=items * ways, seeds=5)


def drop(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    """Mean accuracy of a minus that of b, item by item."""
    (first,), (second,) = (by_item([answer_of(episode) for episode in side]).values() for side in (a, b))
    items = sorted(first)
    return difference([first[item] for item in items], [second[item] for item in items])


def per_task(sets: dict[str, list[Episode]]) -> dict[str, str]:
    """The accuracy of every task in every set."""
    rights: dict[str, dict[str, list[float]]] = {}
    for which, episodes in sets.items():
        for answer in map(answer_of, episodes):
            rights.setdefault(answer.task, {}).setdefault(which, []).append(answer.right)
    return {task: ", ".join(f"{which} {sum(each) / len(each):.2f}" for which, each in by.items()) for task, by in rights.items()}
