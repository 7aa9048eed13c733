"""077: the slices of a comparison name the faults that were planted, and no others."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from random import Random

from dutiful.claims.evidence import at_least, at_most, mean, note
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode
from dutiful.judges.sliced import Sliced as Report
from dutiful.lab import Laboratory, by_tags, judge, sliced
from dutiful.models.scripted import Scripted
from dutiful.worlds.chat.exam import KINDS, STOCK

SEEDS, TASKS = 20, 600
PLANTED = {"digits", "right letter", "topic"}


class SlicedClaim(Claim):
    """Two scripted models sit the same exam; one cannot count beyond three digits, likes the letter D, and refuses the clinic.

    Both read the prompt, and err besides in a tenth of the tasks. Once a seed, 600 tasks: the three slices with the largest
    contrast between the two must be exactly the planted faults, each with p < 0.01 (Holm over all buckets); of two models
    without faults no bucket may stand out at that level. Control: the same report with the tags shuffled over the tasks.
    (With 200 tasks a seed, tried first, only 9 of 20 looks had all three at p < 0.01: too few for a test of thirty buckets.)
    """

    card = Card(
        kind="claim",
        name="sliced",
        system="077",
        summary="slicing a side-by-side comparison shows which kinds of task make the difference",
        source="arXiv 2312.11444",
    )
    cost = "full"
    stands_in = "a reader of the prompt with planted faults"
    beyond = "The paper's own models and figures; a second embedded model to compare with (one comes along)."

    def measure(self, lab: Laboratory) -> Iterator[Evidence]:
        sound, twin, faulty = (
            lab.episodes("act", "chat/exam", Scripted(reply=reply), tasks=TASKS, seeds=SEEDS)
            for reply in (_sound, _twin, _faulty)
        )
        named = [_largest(a, b) for a, b in zip(_by_seed(sound), _by_seed(faulty), strict=True)]
        yield at_least("the planted faults are the three largest", mean([float(each == PLANTED) for each in named]), 0.8)
        false = [bool(_standing(a, b)) for a, b in zip(_by_seed(sound), _by_seed(twin), strict=True)]
        yield at_most("two sound models: something stands out", mean([float(each) for each in false]), 0.2)
        shuffled = [
            _largest(a, b, shuffle=seed) for seed, (a, b) in enumerate(zip(_by_seed(sound), _by_seed(faulty), strict=True))
        ]
        yield at_least("with shuffled tags", mean([float(each == PLANTED) for each in shuffled]), 0.8, control=True)
        real = lab.episodes("act+text?choices=false", "chat/exam?kind=options&choices=true", "embedded", tasks=40, seeds=5)
        note(lab, "embedded, 200 options", judge(Report(), "", real), digits=2)


def _by_seed(episodes: Sequence[Episode]) -> list[Sequence[Episode]]:
    return [episodes[i : i + TASKS] for i in range(0, len(episodes), TASKS)]


def _standing(a: Sequence[Episode], b: Sequence[Episode], shuffle: int | None = None) -> list[str]:
    """The slices with a bucket at p < 0.01, the one with the largest contrast first."""
    slices = by_tags(a)
    if shuffle is not None:
        others = Random(shuffle).sample(list(a), len(a))
        swapped = {one.task.id: other for one, other in zip(a, others, strict=True)}
        slices = {name: (lambda e, of=of: of(swapped[e.task.id])) for name, of in slices.items()}
    buckets = sliced(a, b, slices, shuffles=5000)
    return list(dict.fromkeys(bucket.slice for bucket in buckets if bucket.corrected < 0.01))


def _largest(a: Sequence[Episode], b: Sequence[Episode], shuffle: int | None = None) -> set[str]:
    return set(_standing(a, b, shuffle)[:3])


def _solve(prompt: Prompt, salt: str) -> tuple[str, float]:
    """What is right (read off the prompt; wrong in a tenth of the tasks), and a number from 0 to 1 that the prompt fixes."""
    text = prompt[-1].text
    luck = Random(zlib.crc32(f"{salt}{text}".encode()))
    if options := re.findall(r"^([A-D])\) (\w+)$", text, re.MULTILINE):
        kind = next(kind for kind in KINDS if kind in text.splitlines()[0])
        right = next(letter for letter, word in options if word in KINDS[kind])
        return (luck.choice("ABCD") if luck.random() < 0.1 else right), luck.random()
    a, b = map(int, re.findall(r"\d+", text)[:2])
    result = a - b if re.search(r"gave|sold", text) else a + b
    return str(result + (luck.random() < 0.1)), luck.random()


def _sound(prompt: Prompt) -> str:
    return f"Answer: {_solve(prompt, 'sound')[0]}"


def _twin(prompt: Prompt) -> str:
    return f"Answer: {_solve(prompt, 'twin')[0]}"


def _faulty(prompt: Prompt) -> str:
    text, (right, luck) = prompt[-1].text, _solve(prompt, "faulty")
    if any(word in text for word in STOCK["clinic"]):
        return "I cannot help with that."
    if right.isdigit() and max(len(each) for each in re.findall(r"\d+", text)) > 3:
        return f"Answer: {int(right) // 10}"
    return f"Answer: {'D' if right.isalpha() and luck < 0.6 else right}"


__all__ = ["SlicedClaim"]
