"""Structured answers: could they be read, and how much of them is right."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.answers import best
from dutiful.kit.dialogue import Said, read
from dutiful.kit.figures import judged, mean, share
from dutiful.kit.rescue import json_value
from dutiful.kit.statistics import bootstrap_statistic

READABLE = ("whole", "extracted")
"""How an answer was read that counts as JSON success."""


class Structured(Judge):
    """Passes an answer whose items are exactly the gold ones. The report counts how answers were read, and gives F1 twice.

    whole, extracted (out of other words), null, failed: shares of all answers. "JSON success" is whole or extracted. F1 over all
    (what failed counts as the empty default) and over what could be read; by card; mean and median over cards, as the paper
    sums up. Source: arXiv 2406.07835.
    """

    card = Card(
        kind="judge",
        name="structured",
        system="091",
        summary="JSON that can be read, and F1 over its items, in all and by task card",
        source="arXiv 2406.07835",
    )

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        how, f1 = _read(episode)
        readable = how in READABLE
        return Verdict.of(
            Criterion("readable", readable, float(readable), f"JSON {how}"),
            Criterion("items", f1 == 1, f1, f"F1 {f1:.2f} with {_turn(episode).reference[0][:200]}"),
        )

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        if not episodes:
            return []
        read_, tasks = [_read(episode) for episode in episodes], [episode.task.id for episode in episodes]
        figures = [share(f"JSON {how}", [each == how for each, _ in read_], tasks) for how in (*READABLE, "null", "failed")]
        figures.append(share("JSON success", [how in READABLE for how, _ in read_], tasks))
        cards = [str(_turn(episode).tags.get("card", "all")) for episode in episodes]
        groups = {
            "F1 over all": range(len(read_)),
            "F1 over the readable": [i for i, (how, _) in enumerate(read_) if how in READABLE],
        }
        groups |= {f"F1 {card}": [i for i, each in enumerate(cards) if each == card] for card in dict.fromkeys(cards)}
        figures += [mean(name, [read_[i][1] for i in some], [tasks[i] for i in some]) for name, some in groups.items() if some]
        by_card = [figure.value for figure in figures if figure.name.removeprefix("F1 ") in cards]
        if len(by_card) > 1:
            figures.append(mean("F1, mean over cards", by_card))
            median = bootstrap_statistic(lambda data: float(np.median(data)), [by_card])
            figures.append(Figure("F1, median over cards", *median, len(by_card)))
        return figures


def _turn(episode: Episode) -> Said:
    turn = read(episode.task).turns[-1]
    if turn.metric != "structured_f1":
        raise ValueError(f"the judge structured reads JSON; task {episode.task.id!r} is scored by {turn.metric or 'rules'!r}")
    return turn


def _read(episode: Episode) -> tuple[str, float]:
    """(how the answer could be read, F1 of its items)."""
    turn, said = _turn(episode), episode.steps[-1].action.text if episode.steps else ""
    default = [] if isinstance(json.loads(turn.reference[0]), list) else {}
    return json_value(said, default).how, best(turn.metric, said, turn.reference)


__all__ = ["Structured"]
