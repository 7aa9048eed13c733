"""Requirements checked by code: all of them, one by one, by slice, and in K of N answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Json, Verdict
from dutiful.kit.dialogue import answers, read, score
from dutiful.kit.figures import judged, over_tasks
from dutiful.kit.statistics import k_of_n


class Turn(NamedTuple):
    """The criteria of one turn with the slices that it belongs to: its own tags and the dialogue's."""

    tags: Json
    kinds: tuple[str, ...]
    criteria: tuple[Criterion, ...]


class Rules(Judge):
    """An episode passes when every requirement of every turn is met, as code finds from the dialogue in the task.

    mode: "strict" takes answers as they are; "loose" also passes what passes without its first line, its last, or its
    asterisks (IFEval's loose accuracy, arXiv 2311.07911). by: tags to slice by, comma-separated (`level,pattern`): of the
    dialogue, or of single turns, which then count one by one; each member of a tag that is a list is a slice. n: for K of N.
    Figures over many episodes, intervals over tasks drawn whole:

    - `all`: episodes in which everything is met; `rules`: single requirements met; `rule/KIND`: those of a type;
    - `TAG=VALUE/all` and `TAG=VALUE/rules`: the same of a slice;
    - `K of N`, for K = 1 .. n, where tasks were run n times or more: the probability that at least K of n answers meet
      everything, estimated without bias from the c that do among m: sum over j >= K of C(c, j) C(m-c, n-j) / C(m, n). So 1 of n
      is pass@n, and n of n is pass^n. Tasks that were run fewer times are left out.
    """

    card = Card(
        kind="judge",
        name="rules",
        summary="every requirement by code: all-pass, per rule, K of N answers, by any tag; strict or loose",
        source="arXiv 2311.07911 (strict and loose); 2107.03374 (the estimator)",
    )

    def __init__(self, mode: Literal["strict", "loose"] = "strict", by: str = "", n: int = 1):
        if n < 1:
            raise ValueError(f"rules: n is {n}, expected 1 answer or more to draw")
        self.mode, self.by, self.n = mode, by, n

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        return Verdict.of(*(criterion for turn in self.turns(episode) for criterion in turn.criteria))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        views: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        repeated: defaultdict[str, list[bool]] = defaultdict(list)
        for episode in episodes:
            task, turns = episode.task.id, list(self.turns(episode))
            passed = all(criterion.passed for turn in turns for criterion in turn.criteria)
            repeated[task].append(passed)
            views["all"].append((task, float(passed)))
            for turn in turns:
                for kind, criterion in zip(turn.kinds, turn.criteria, strict=True):
                    views["rules"].append((task, float(criterion.passed)))
                    views[f"rule/{kind}"].append((task, float(criterion.passed)))
            for label, criteria in self._slices(episode, turns):
                views[f"{label}/all"].append((task, float(all(criterion.passed for criterion in criteria))))
                views[f"{label}/rules"] += [(task, float(criterion.passed)) for criterion in criteria]
        figures = [over_tasks(name, views[name]) for name in sorted(views, key=_order)]
        enough = {task: passed for task, passed in repeated.items() if len(passed) >= self.n}
        for k in range(1, self.n + 1) if enough and self.n > 1 else ():
            shares = [(task, k_of_n(k, self.n, sum(passed), len(passed))) for task, passed in enough.items()]
            figures.append(over_tasks(f"{k} of {self.n}", shares))
        return figures

    def turns(self, episode: Episode) -> Iterator[Turn]:
        """Every turn that has requirements; what was not answered is not met."""
        whole = read(episode.task)
        for number, (turn, answer) in enumerate(answers(episode), 1):
            label = f"turn {number}: " if len(whole.turns) > 1 else ""
            if found := score(turn, answer, label, loose=self.mode == "loose"):
                yield Turn(turn.tags, tuple(criterion.name.removeprefix(label) for criterion in found), found)

    def _slices(self, episode: Episode, turns: Sequence[Turn]) -> Iterator[tuple[str, Sequence[Criterion]]]:
        """(label, criteria) of every slice that the episode, or a turn of it, belongs to."""
        shared = read(episode.task).tags
        for tag in filter(None, self.by.split(",")):
            units = [(shared, [c for turn in turns for c in turn.criteria])] if tag in shared else []
            units = units or [(turn.tags, list(turn.criteria)) for turn in turns if tag in turn.tags]
            for tags, criteria in units:
                values = tags[tag] if isinstance(tags[tag], list) else [tags[tag]]
                for value in dict.fromkeys(map(str, values)):
                    yield f"{tag}={value}", criteria


def _order(name: str) -> tuple[int, str]:
    """Overall first, then the types, then the slices."""
    return (0 if name == "all" else 1 if name == "rules" else 2 if name.startswith("rule/") else 3, name)
