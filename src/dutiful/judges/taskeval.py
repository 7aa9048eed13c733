"""TaskEval: predicted graphs of tools against gold ones, by tools, links, parameters and values."""

from __future__ import annotations

from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Episode, Figure, Verdict
from dutiful.kit import toolgraphs
from dutiful.kit.figures import judged, mean
from dutiful.kit.statistics import ratio_of_means
from dutiful.kit.toolgraphs import Compared, Counts, compare
from dutiful.worlds.tools.planning import gold, scored

FIGURES = {"n-F1": "nodes", "e-F1": "links", "t-F1": "parameters", "v-F1": "values"}


class TaskEval(Judge):
    """An answer passes where its graph is the gold one. Episodes of tools/plan; the last answer counts.

    Figures over many, overall, by shape and by number of tools: micro F1 of tools as multisets (n), of links (e), of (tool,
    parameter) (t) and of (tool, parameter, value) (v), intervals over tasks drawn whole; the order of the tools in chains
    (1 - edit distance); ROUGE-L of the steps in words, in the place of ROUGE-1, ROUGE-2 and BERTScore. Source: TaskBench
    (arXiv 2311.18760).
    """

    card = Card(
        kind="judge",
        name="taskeval",
        system="053",
        summary="graphs of tools against gold ones: F1 of tools, links, parameters and values, by shape and size",
        source="arXiv 2311.18760",
    )

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        return scored(_said(episode), gold(episode.task))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        found = [(e, compare(toolgraphs.read(_said(e)), gold(e.task))) for e in episodes]
        groups = {"": found}
        for key in ("shape", "size"):
            for value in sorted({e.task.setup[key] for e, _ in found}):
                groups[f"{key}/{value}: "] = [(e, c) for e, c in found if e.task.setup[key] == value]
        figures = [figure for label, group in groups.items() for figure in _micro(label, group)]
        chains = [(e.task.id, c.order) for e, c in found if e.task.setup["shape"] == "chain"]
        for name, values in (("order in chains", chains), ("steps, ROUGE-L", [(e.task.id, c.steps) for e, c in found])):
            if values:
                figures.append(mean(name, [value for _, value in values], [task for task, _ in values]))
        return figures


def _said(episode: Episode) -> str:
    return episode.steps[-1].action.text if episode.steps else ""


def _micro(label: str, group: Sequence[tuple[Episode, Compared]]) -> list[Figure]:
    figures: list[Figure] = []
    for name, field in FIGURES.items():
        counts: list[Counts] = [getattr(compared, field) for _, compared in group]
        whole = [float(each.predicted + each.gold) for each in counts]
        if sum(whole):
            tasks = [episode.task.id for episode, _ in group]
            figures.append(Figure(f"{label}{name}", *ratio_of_means(whole, [2.0 * c.hit for c in counts], tasks), len(group)))
    return figures


__all__ = ["TaskEval"]
