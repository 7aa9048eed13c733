"""An exam read twice, strictly and leniently, and sliced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit import rescue
from dutiful.kit.dialogue import read
from dutiful.kit.figures import judged, mean, share

READERS: dict[str, Callable[..., float | str | None]] = {"number": rescue.number, "letter": rescue.letter}


class Sliced(Judge):
    """Passes what is right when read leniently (`strict=true`: only in the form that was asked for).

    The report tells failures of form from failures of substance: right when read strictly, right when read leniently, unparsed
    (no answer at all, counted as wrong, never as a default), right among the parsed. For options: how often each letter is
    given, less how often it is right, and whether the same content is chosen in all rotations of an item. Where success
    differs between slices of the tasks: `dutiful compare --slices`, `dutiful.lab.sliced`.

    Source: arXiv 2312.11444.
    """

    card = Card(
        kind="judge",
        name="sliced",
        system="077",
        summary="answers read strictly and leniently; letters preferred; consistency over rotations",
        source="arXiv 2312.11444",
    )

    def __init__(self, strict: bool = False):
        self.strict = strict

    def judge(self, episode: Episode) -> Verdict:
        judged(episode)
        found, gold = _read(episode, self.strict)
        said = episode.steps[-1].action.text if episode.steps else ""
        evidence = f"{'unparsed' if found is None else found!r} out of {said[-120:]!r}, expected {gold!r}"
        return Verdict.of(Criterion("answer", found == gold, float(found == gold), evidence))

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        strict, lenient = ([(e.task.id, *_read(e, how)) for e in episodes] for how in (True, False))
        shares = {
            "right, read strictly": [(task, found == gold) for task, found, gold in strict],
            "right, read leniently": [(task, found == gold) for task, found, gold in lenient],
            "unparsed": [(task, found is None) for task, found, _ in lenient],
            "right among the parsed": [(task, found == gold) for task, found, gold in lenient if found is not None],
        }
        figures = [share(name, [hit for _, hit in some], [task for task, _ in some]) for name, some in shares.items() if some]
        return figures + _letters(lenient) + _rotations(episodes)


def _read(episode: Episode, strict: bool) -> tuple[float | str | None, float | str | None]:
    """(read, gold) of the last turn; raises ValueError for a task that asks for neither a number nor a letter."""
    turn = read(episode.task).turns[-1]
    if turn.metric not in READERS:
        raise ValueError(f"the judge sliced reads numbers and letters; task {episode.task.id!r} is scored by {turn.metric!r}")
    reader, said = READERS[turn.metric], episode.steps[-1].action.text if episode.steps else ""
    # An option that was chosen rather than written out is the letter alone.
    found = said if turn.metric == "letter" and said in turn.tags.get("words", ()) else reader(said, strict=strict)
    return found, reader(f"Answer: {turn.reference[0]}")


def _letters(read_: Sequence[tuple[str, float | str | None, float | str | None]]) -> list[Figure]:
    """For each letter: how often it is said less how often it is right. Zero for who has no favourite."""
    options = [(task, found, gold) for task, found, gold in read_ if isinstance(gold, str)]
    tasks = [task for task, _, _ in options]
    return [
        mean(f"letter {each}: said less right", [(found == each) - (gold == each) for _, found, gold in options], tasks)
        for each in sorted({str(gold) for _, _, gold in options})
    ]


def _rotations(episodes: Sequence[Episode]) -> list[Figure]:
    """The share of items whose rotations are all answered by the same content; only items with all four are counted.

    Repetitions of a task (under other seeds) are looked at apart.
    """
    contents: dict[tuple[str, int], list[str]] = defaultdict(list)
    times: Counter[str] = Counter()
    for episode in episodes:
        dialogue = read(episode.task)
        if dialogue.turns[-1].metric == "letter" and "item" in dialogue.tags:
            found, _ = _read(episode, False)
            lines = dialogue.turns[-1].text.splitlines()
            content = next((line[3:] for line in lines if line.startswith(f"{found})")), "")
            contents[dialogue.tags["item"], times[episode.task.id]].append(content)
            times[episode.task.id] += 1
    whole = [(item, len(set(said)) == 1 and said[0] != "") for (item, _), said in contents.items() if len(said) == 4]
    same, items = [same for _, same in whole], [item for item, _ in whole]
    return [share("same content in all rotations", same, items)] if whole else []


__all__ = ["Sliced"]
