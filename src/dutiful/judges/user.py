"""Whether a simulated user said what there was to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.constraints.parse import parse
from dutiful.kit.dialogue import read
from dutiful.kit.figures import judged, mean, share


class Complaint(NamedTuple):
    """What was said in which task, the kinds missed, the share of them that was named, and whether something else was."""

    task: str
    said: str
    missed: tuple[str, ...]
    named: float
    invented: bool


class User(Judge):
    """Passes an episode in which every complaint of the user named all that was missed, and nothing else.

    A complaint is read by `kit.constraints.parse`; what it reads there, type and numbers, is held against the requirements that
    the world says were missed. So a user who words things beyond the parser counts as drifting too: the figure is a lower bound.
    An episode without complaints passes. Requirements that only a reference checks are not looked for.
    """

    card = Card(kind="judge", name="user", summary="how far a simulated user drifts from what there is to say")

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        criteria = [
            Criterion(
                f"complaint {number}",
                each.named == 1 and not each.invented,
                each.named * (not each.invented),
                f"{each.said[:160]!r} on {', '.join(each.missed)}",
            )
            for number, each in enumerate(_complaints(episode), 1)
        ]
        return Verdict.of(*criteria or [Criterion("complaints", True, 1.0, "the user had none")])

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        found = [complaint for episode in episodes for complaint in _complaints(episode)]
        if not found:
            return []
        tasks = [each.task for each in found]
        return [
            mean("of what was missed, named", [each.named for each in found], tasks),
            share("complaints about what was not missed", [each.invented for each in found], tasks),
        ]


def _complaints(episode: Episode) -> list[Complaint]:
    turns, found = read(episode.task).turns, list[Complaint]()
    for step in episode.steps:
        if not (missed := step.observation.info.get("missed")):
            continue
        turn = turns[step.observation.info["turn"] - 1]
        wanted = {(c.kind, str(c.params)) for c in turn.constraints if c.kind in missed}
        said = {(each.constraint.kind, str(each.constraint.params)) for each in parse(step.observation.said)}
        if wanted:
            share_named = len(wanted & said) / len(wanted)
            found.append(Complaint(episode.task.id, step.observation.said, tuple(missed), share_named, bool(said - wanted)))
    return found


__all__ = ["User"]
