"""How far an agent carries a procedure before its first mistake, from every point at which it might start."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core import parts
from dutiful.core.errors import Unsupported
from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.core.world import World
from dutiful.kit.figures import mean


def cascade(right: Sequence[bool]) -> float:
    """The share of the remaining turns that are right before the first mistake, averaged over every starting turn.

    1 when all are right; 0 when every turn is wrong. Source: ABCD's cascading evaluation (arXiv 2306.01729).
    """
    shares: list[float] = []
    run = 0
    for left, good in enumerate(reversed(right), 1):
        run = run + 1 if good else 0
        shares.append(run / left)
    return sum(shares) / len(shares) if shares else 0.0


class Cascade(Judge):
    """Plays the episode again and asks the world's expert at every turn: a turn is right when both call the same tool with the
    same arguments, or both say something. Passes when the score is 1. Needs a world with an expert.
    """

    card = Card(
        kind="judge",
        name="cascade",
        system="028",
        summary="cascading success: how far it gets before the first mistake, from every turn",
        source="arXiv 2306.01729",
    )

    def judge(self, episode: Episode) -> Verdict:
        if episode.error:
            raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge: {episode.error.message}")
        world: World = parts.world(episode.task.world)
        try:
            right = self._right(episode, world)
        finally:
            world.close()
        score = cascade(right)
        wrong = [number for number, good in enumerate(right, 1) if not good]
        return Verdict.of(Criterion("cascade", score == 1, score, f"{len(right)} turns, wrong: {wrong or 'none'}"))

    @staticmethod
    def _right(episode: Episode, world: World) -> list[bool]:
        if not world.can("expert"):
            raise Unsupported(world.spec, "say what its expert would do, which the judge 'cascade' compares with")
        world.reset(episode.task)
        right: list[bool] = []
        for step in episode.steps:
            wanted, made = world.expert(), step.action
            alike = wanted.tool == made.tool and wanted.arguments == made.arguments
            right.append(alike and (bool(made.tool) or world.can("dialogue") or wanted.text == made.text))
            world.step(made)
        return right

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        scores = [self.judge(episode).score for episode in episodes if not episode.error]
        return [mean("cascading success", scores)] if scores else []


__all__ = ["Cascade"]
