"""RES-Q's figures over repository edits: pass@1, pass@k, tokens per solved task, and how the others failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Episode, Figure, Verdict
from dutiful.kit.figures import judged, over_tasks, share
from dutiful.kit.statistics import k_of_n, ratio_of_means

CLASSES = ("passed", "tests failed", "patch failed", "time-out", "empty", "unfinished")
SIZES = ((8, "small"), (16, "medium"))


class ResQ(Judge):
    """An episode passes when the hidden tests do. Figures over many, intervals over tasks drawn whole:

    - `pass@1`, and `pass@k` where tasks were run k times or more: 1 - C(m - c, k) / C(m, k) for c passes among m runs;
    - `kind=K/pass`, `files=N/pass` (that the solution modifies), `size=S/pass` (lines of the solution's hunks: small up to 8,
      medium up to 16, else large) and `wordings=W/pass`;
    - `class/C`: the share of episodes that ended so (`CLASSES`; unfinished ones did not hand in what a budget cut short);
    - `tokens per solved`: all tokens over the number of tasks solved, where a model was asked and something was solved.
    """

    card = Card(
        kind="judge",
        name="resq",
        system="064",
        summary="repository edits: pass@1, unbiased pass@k, tokens per solved task, slices and failure classes",
        source="arXiv 2406.16801; the estimator of 2107.03374",
    )

    def __init__(self, k: int = 1):
        if k < 1:
            raise ValueError(f"resq: k is {k}, expected 1 sample or more")
        self.k = k

    def judge(self, episode: Episode) -> Verdict:
        return judged(episode)

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        runs: defaultdict[str, list[bool]] = defaultdict(list)
        slices: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for episode in episodes:
            passed = judged(episode).passed
            runs[episode.task.id].append(passed)
            for label in ("pass@1", *(f"{each}/pass" for each in _slices(episode))):
                slices[label].append((episode.task.id, float(passed)))
        figures = [over_tasks(name, slices[name]) for name in sorted(slices, key=lambda name: (name != "pass@1", name))]
        enough = {task: passed for task, passed in runs.items() if len(passed) >= self.k}
        if self.k > 1 and enough:
            rates = [(task, k_of_n(1, self.k, sum(passed), len(passed))) for task, passed in enough.items()]
            figures.append(over_tasks(f"pass@{self.k}", rates))
        tasks = [episode.task.id for episode in episodes]
        ends = [outcome(episode) for episode in episodes]
        figures += [share(f"class/{each}", [end == each for end in ends], tasks) for each in CLASSES if each in ends]
        tokens = [float(episode.usage.tokens) for episode in episodes]
        solved = [float(judged(episode).passed) for episode in episodes]
        if any(tokens) and any(solved):
            figures.append(Figure("tokens per solved", *ratio_of_means(solved, tokens, tasks), len(episodes)))
        return figures


def outcome(episode: Episode) -> str:
    """How an episode ended, as its last observation says."""
    info = episode.final.info if episode.final else {}
    return str(info.get("outcome", "passed" if judged(episode).passed else "unfinished"))


def _slices(episode: Episode) -> list[str]:
    setup = episode.task.setup
    found = [f"{key}={setup[key]}" for key in ("kind", "wordings") if key in setup]
    if "modified" in setup:
        found.append(f"files={setup['modified']}")
    if "lines" in setup:
        found.append(f"size={next((name for most, name in SIZES if setup['lines'] <= most), 'large')}")
    return found
