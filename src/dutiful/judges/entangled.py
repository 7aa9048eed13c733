"""The report of MultiTurnInstruct: how well by task, by kind of turn, by place in the dialogue, and by how far back it reaches.

Source: arXiv 2503.13222.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit.dialogue import answers, read, score
from dutiful.kit.figures import judged, mean


class Scored(NamedTuple):
    """A scored turn: level and task of its dialogue, its own kind, its place from 1 on, how far back it reaches."""

    dialogue: str
    level: str
    task: str
    subtask: str
    place: int
    distance: int
    score: float


def scored(episode: Episode) -> Iterator[Scored]:
    """The turns of an episode that have a reference. A turn with constraints too scores its worst requirement."""
    judged(episode)
    tags = read(episode.task).tags
    for place, (turn, answer) in enumerate(answers(episode), 1):
        if turn.metric:
            value = 0.0 if answer is None else min(each.score for each in score(turn, answer))
            more = turn.tags
            yield Scored(
                f"{episode.task.id} {episode.seed}",
                tags.get("level", ""),
                tags.get("task", ""),
                more.get("subtask", ""),
                place,
                more.get("distance", 0),
                value,
            )


class EntangledReport(Judge):
    """Every scored turn is a criterion; an unanswered one is not met.

    The report: mean over scored turns for every level, task, kind of turn (`task/subtask`), place in the dialogue, and by
    distance (0: the turn alone, 1 to 2, 3 and more turns back). Turns that need nothing but themselves ("single") count in
    no task: they are the control. Intervals: bootstrap over dialogues.
    """

    card = Card(
        kind="judge",
        name="entangled",
        summary="means over scored turns by task, kind of turn, place in the dialogue and distance to what they need",
        system="058",
        source="arXiv 2503.13222",
    )

    def judge(self, episode: Episode) -> Verdict:
        """All scored turns."""
        judged(episode)
        found: list[Criterion] = []
        for place, (turn, answer) in enumerate(answers(episode), 1):
            found += score(turn, answer, f"turn {place}: ")
        return Verdict.of(*found)

    def report(self, episodes: Sequence[Episode]) -> Sequence[Figure]:
        """The figures, each over the scored turns that it names."""
        groups: dict[str, list[Scored]] = defaultdict(list)
        for turn in (turn for episode in episodes for turn in scored(episode)):
            if turn.subtask != "single":
                groups[f"level {turn.level}"].append(turn)
                groups[f"task {turn.task}"].append(turn)
            groups["single" if turn.subtask == "single" else f"{turn.task}/{turn.subtask}"].append(turn)
            groups[f"turn {turn.place}"].append(turn)
            far = "0 turns" if not turn.distance else "1 to 2 turns" if turn.distance < 3 else "3 turns or more"
            groups[f"reaching back {far}"].append(turn)
        return [
            mean(name, [turn.score for turn in turns], [turn.dialogue for turn in turns])
            for name, turns in sorted(groups.items())
        ]
