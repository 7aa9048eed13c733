"""An exam read twice, strictly and leniently, and sliced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from dutiful.core.judge import Judge
from dutiful.core.parts import Card
from dutiful.core.records import Criterion, Episode, Figure, Verdict
from dutiful.kit import rescue
from dutiful.kit.dialogue import read
from dutiful.kit.statistics import bootstrap_mean, wilson

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
        if episode.verdict is None:
            raise ValueError(f"the episode of task {episode.task.id!r} ended in error, nothing to judge")
        found, gold = _read(episode, self.strict)
        said = episode.steps[-1].action.text if episode.steps else ""
        evidence = f"{'unparsed' if found is None else found!r} out of {said[-120:]!r}, expected {gold!r}"
        return Verdict.of(Criterion("answer", found == gold, float(found == gold), evidence))

    def report(self, episodes: Sequence[Episode]) -> list[Figure]:
        read_ = [(_read(episode, True), _read(episode, False)) for episode in episodes]
        shares = {
            "right, read strictly": [found == gold for (found, gold), _ in read_],
            "right, read leniently": [found == gold for _, (found, gold) in read_],
            "unparsed": [found is None for _, (found, _) in read_],
            "right among the parsed": [found == gold for _, (found, gold) in read_ if found is not None],
        }
        figures = [_share(name, values) for name, values in shares.items() if values]
        return figures + _letters([lenient for _, lenient in read_]) + _rotations(episodes)


def _read(episode: Episode, strict: bool) -> tuple[float | str | None, float | str | None]:
    """(read, gold) of the last turn; raises ValueError for a task that asks for neither a number nor a letter."""
    turn = read(episode.task).turns[-1]
    if turn.metric not in READERS:
        raise ValueError(f"the judge sliced reads numbers and letters; task {episode.task.id!r} is scored by {turn.metric!r}")
    reader, said = READERS[turn.metric], episode.steps[-1].action.text if episode.steps else ""
    # An option that was chosen rather than written out is the letter alone.
    found = said if turn.metric == "letter" and said in turn.tags.get("words", ()) else reader(said, strict=strict)
    return found, reader(f"Answer: {turn.reference[0]}")


def _share(name: str, values: Sequence[bool]) -> Figure:
    return Figure(name, *wilson(sum(values), len(values)), len(values))


def _letters(read_: Sequence[tuple[float | str | None, float | str | None]]) -> list[Figure]:
    """For each letter: how often it is said less how often it is right. Zero for who has no favourite."""
    options = [(found, gold) for found, gold in read_ if isinstance(gold, str)]
    letters = sorted({str(gold) for _, gold in options})
    return [
        Figure(f"letter {each}: said less right", *bootstrap_mean([(f == each) - (g == each) for f, g in options]), len(options))
        for each in letters
    ]


def _rotations(episodes: Sequence[Episode]) -> list[Figure]:
    """The share of items whose rotations are all answered by the same content; only items with all four are counted."""
    contents: dict[str, list[str]] = defaultdict(list)
    for episode in episodes:
        dialogue = read(episode.task)
        if dialogue.turns[-1].metric == "letter":
            found, _ = _read(episode, False)
            lines = dialogue.turns[-1].text.splitlines()
            contents[dialogue.tags["item"]].append(next((line[3:] for line in lines if line.startswith(f"{found})")), ""))
    whole = [len(set(said)) == 1 and said[0] != "" for said in contents.values() if len(said) == 4]
    return [_share("same content in all rotations", whole)] if whole else []


__all__ = ["Sliced"]
