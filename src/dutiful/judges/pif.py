"""Are rules still obeyed that were given many turns ago?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.dialogue import answers, score
from dutiful.kit.figures import judged, mean
from dutiful.kit.statistics import k_of_n


class Pif(Judge):
    """Programmatic instruction following: PIF(t) = rules met / rules active, at each turn t that has any.

    The verdict has a criterion a turn, so its score is the chat's mean PIF. Figures over many episodes, their intervals over
    tasks drawn whole:

    - `pif`: the mean over all turns; `pif/turn T` and `pif/active A`: over the turns in place T, or with A active rules;
    - `pif-N-K`, where tasks were run `n` times or more, for K = 1 .. n: the share of turns at which, of n answers, at least K
      have a PIF of exactly 1. Out of m >= n answers, c of them perfect, it is estimated without bias by the mean over
      all ways to draw n of them: sum over j >= K of C(c, j) C(m-c, n-j) / C(m, n).

    Source: MMMT-IF (arXiv 2409.18216); n is 4 there, K mostly 4.
    """

    card = Card(
        kind="judge",
        name="pif",
        system="056",
        summary="the share of standing rules met: by turn, by number of active rules, and in K of N answers",
        source="arXiv 2409.18216",
    )

    def __init__(self, n: int = 4):
        if n < 1:
            raise ValueError(f"pif: n is {n}, expected 1 answer or more to draw")
        self.n = n

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        return Verdict.of(*(criterion for _, _, criterion in _turns(episode)))

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        every: list[tuple[str, float]] = []
        by_turn: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
        by_active: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
        repeated: defaultdict[tuple[str, int], list[bool]] = defaultdict(list)
        for episode in episodes:
            for place, active, criterion in _turns(episode):
                value = (episode.task.id, criterion.score)
                for views in (every, by_turn[place], by_active[active]):
                    views.append(value)
                repeated[episode.task.id, place].append(criterion.passed)
        figures = [_over("pif", every)] if every else []
        figures += [_over(f"pif/turn {place}", by_turn[place]) for place in sorted(by_turn)]
        figures += [_over(f"pif/active {active}", by_active[active]) for active in sorted(by_active)]
        enough = {key: perfect for key, perfect in repeated.items() if len(perfect) >= self.n}
        for k in range(1, self.n + 1) if enough and self.n > 1 else ():
            shares = [(task, k_of_n(k, self.n, sum(perfect), len(perfect))) for (task, _), perfect in enough.items()]
            figures.append(_over(f"pif-{self.n}-{k}", shares))
        return figures


def _turns(episode: Episode) -> list[tuple[int, int, Criterion]]:
    """(place, number of active rules, criterion) of every turn with rules; the criterion's score is the turn's PIF."""
    turns: list[tuple[int, int, Criterion]] = []
    for place, (turn, answer) in enumerate(answers(episode), 1):
        if not turn.constraints:
            continue
        found = score(turn, answer or "")[: len(turn.constraints)]
        met = 0 if answer is None else sum(criterion.passed for criterion in found)
        missed = "; ".join(f"{criterion.name}: {criterion.evidence}" for criterion in found if not criterion.passed)
        evidence = "not answered" if answer is None else f"{met} of {len(found)} met" + (f"; not {missed}" if missed else "")
        turns.append((place, len(found), Criterion(f"turn {place}", met == len(found), met / len(found), evidence)))
    return turns


def _over(name: str, values: Sequence[tuple[str, float]]) -> Figure:
    return mean(name, [value for _, value in values], [task for task, _ in values])
