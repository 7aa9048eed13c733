"""Where does a model stop obeying? One table of answers, cut four ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit import constraints
from dutiful.kit.dialogue import answers, score
from dutiful.kit.figures import judged, over_tasks

THOUGHT = "</think>"


class MulDimIF(Judge):
    """An episode passes when every requirement of every turn is met; reasoning before a closing think tag is cut first.

    Figures over many episodes:

    - `all`, `pattern/...`, `level/...`: the share of episodes in which everything is met, by the tags of the dialogue;
    - `category/...`: the share of those episodes with requirements of a category that meet all of these;
    - `subtype/...`: the share of single requirements of a sub-type that are met (micro).

    loose: as IFEval's loose accuracy, an answer may pass without its first or last line, or its asterisks. Source: arXiv
    2505.07591; there, too, the share of single requirements is never the headline.
    """

    card = Card(
        kind="judge",
        name="muldimif",
        system="030",
        summary="all requirements met: overall, by pattern, by level, by category; by sub-type one by one",
        source="arXiv 2505.07591",
    )

    def __init__(self, loose: bool = False):
        self.loose = loose

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        return Verdict.of(*(criterion for _, criterion in self._scored(episode)))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        views: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for episode in episodes:
            task, scored = episode.task.id, self._scored(episode)
            passed = float(all(criterion.passed for _, criterion in scored))
            views["all"].append((task, passed))
            for tag in ("pattern", "level"):
                if value := episode.task.setup.get("tags", {}).get(tag):
                    views[f"{tag}/{value}"].append((task, passed))
            by_category: defaultdict[str, list[bool]] = defaultdict(list)
            for subtype, criterion in scored:
                if subtype:
                    by_category[subtype.partition("/")[0]].append(criterion.passed)
                    views[f"subtype/{subtype}"].append((task, float(criterion.passed)))
            for category, met in by_category.items():
                views[f"category/{category}"].append((task, float(all(met))))
        order = ("all", "pattern", "level", "category", "subtype")
        return [over_tasks(name, views[name]) for name in sorted(views, key=lambda name: (order.index(name.split("/")[0]), name))]

    def _scored(self, episode: Episode) -> list[tuple[str, Criterion]]:
        """Every requirement: "category/subtype" ("" for a comparison with references), and how it came out."""
        scored: list[tuple[str, Criterion]] = []
        for place, (turn, answer) in enumerate(answers(episode), 1):
            said = None if answer is None else answer.rpartition(THOUGHT)[2].strip()
            found = score(turn, said, f"turn {place}: ", self.loose)
            types = [constraints.TYPES[constraint.kind] for constraint in turn.constraints]
            axes = [f"{rule.category}/{rule.subtype}" for rule in types]
            scored += zip(axes + [""] * (len(found) - len(axes)), found, strict=True)
        return scored
