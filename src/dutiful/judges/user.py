"""Whether a simulated user said what there was to say."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.constraints.parse import parse
from dutiful.kit.dialogue import read
from dutiful.kit.statistics import bootstrap_mean


class User(Judge):
    """Passes an episode in which every complaint of the user named all that was missed, and nothing else.

    A complaint is read by `kit.constraints.parse`; what it reads there, type and numbers, is held against the requirements that
    the world says were missed. So a user who words things beyond the parser counts as drifting too: the figure is a lower bound.
    An episode without complaints passes. Requirements that only a reference checks are not looked for.
    """

    card = Card(kind="judge", name="user", summary="how far a simulated user drifts from what there is to say")

    def judge(self, episode: Episode) -> Verdict:
        if episode.verdict is None:
            raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge")
        criteria = [
            Criterion(f"complaint {number}", named == 1 and not invented, named * (not invented), f"{said[:160]!r} on {missed}")
            for number, (said, missed, named, invented) in enumerate(_complaints(episode), 1)
        ]
        return Verdict.of(*criteria or [Criterion("complaints", True, 1.0, "the user had none")])

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        found = [complaint for episode in episodes for complaint in _complaints(episode)]
        if not found:
            return []
        named, invented = [each[2] for each in found], [float(each[3]) for each in found]
        return [
            Figure("of what was missed, named", *bootstrap_mean(named), len(found)),
            Figure("complaints about what was not missed", *bootstrap_mean(invented), len(found)),
        ]


def _complaints(episode: Episode) -> list[tuple[str, list[str], float, bool]]:
    """(what was said, kinds missed, share of them named, whether something else was named) of each complaint."""
    turns, found = read(episode.task).turns, []
    for step in episode.steps:
        if not (missed := step.observation.info.get("missed")):
            continue
        turn = turns[step.observation.info["turn"] - 1]
        wanted = {(c.kind, str(c.params)) for c in turn.constraints if c.kind in missed}
        said = {(each.constraint.kind, str(each.constraint.params)) for each in parse(step.observation.said)}
        if wanted:
            found.append((step.observation.said, list(missed), len(wanted & said) / len(wanted), bool(said - wanted)))
    return found


__all__ = ["User"]
