"""Structured answers: could they be read, and how much of them is right."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.answers import best
from dutiful.kit.dialogue import read
from dutiful.kit.rescue import json_value
from dutiful.kit.statistics import bootstrap_mean, wilson


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
        if episode.verdict is None:
            raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge")
        how, f1 = _read(episode)
        return Verdict.of(
            Criterion("readable", how in ("whole", "extracted"), float(how in ("whole", "extracted")), f"JSON {how}"),
            Criterion("items", f1 == 1, f1, f"F1 {f1:.2f} with {_turn(episode).reference[0][:200]}"),
        )

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        read_ = [_read(episode) for episode in episodes]
        n = len(read_)
        figures = [
            Figure(f"JSON {how}", *wilson(sum(each == how for each, _ in read_), n), n)
            for how in ("whole", "extracted", "null", "failed")
        ]
        good = [how in ("whole", "extracted") for how, _ in read_]
        figures.append(Figure("JSON success", *wilson(sum(good), n), n))
        figures.append(Figure("F1 over all", *bootstrap_mean([f1 for _, f1 in read_]), n))
        if any(good):
            parsed = [f1 for (_, f1), fine in zip(read_, good, strict=True) if fine]
            figures.append(Figure("F1 over the readable", *bootstrap_mean(parsed), len(parsed)))
        cards: dict[str, list[float]] = {}
        for episode, (_, f1) in zip(episodes, read_, strict=True):
            cards.setdefault(str(_turn(episode).tags.get("card", "all")), []).append(f1)
        return figures + [Figure(f"F1 {card}", *bootstrap_mean(values), len(values)) for card, values in cards.items()]


def _turn(episode: Episode):
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
