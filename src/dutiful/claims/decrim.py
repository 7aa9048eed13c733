"""026 DeCRIM: does naming the requirements that fail help, and how good must the critic be?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from dutiful.claims.evidence import at_least, difference, of, passed, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.parts import Card
from dutiful.core.records import Episode
from dutiful.kit import constraints
from dutiful.kit.dialogue import read

WORLD = "chat/rules?level=II"
"""Two categories of requirements with one or two each: 2 to 4."""
WRITER = "writer?meets=0.65&fixes=0.7&breaks=0.1"
EMBEDDED = "embedded?threads=1"
BRIEF = "act+choice?tokens=96"


def loop(accuracy: float, kind: str = "decrim") -> str:
    """A critic that checks by code and errs at a stated rate."""
    return f"{kind}?decomposer=gold&checker=oracle&accuracy={accuracy}"


class DecrimClaim(Claim):
    """(a) no loop, (b) "please improve your answer", (c) DeCRIM with critics of several accuracies; best of n beside it.

    100 prompts, five seeds of the writer each; then the embedded model on 60 prompts with code as the critic. Bounds are those
    of the entry: (c, 1.0) - (a) >= 0.15, (c, 1.0) > (b), all-pass accuracy rises from 0.6 over 0.8 to 1.0. Ours: DeCRIM against
    best of 4 with the same critic, which may write as many answers and check one more. The control is a critic
    that says the contrary of the truth.
    """

    card = Card(
        kind="claim",
        name="decrim",
        system="026",
        summary="rewriting only where a critic found single requirements unmet raises accuracy, the more the better the critic",
        source="arXiv 2410.06458",
    )
    cost = "full"
    stands_in = "writer?meets=0.65&fixes=0.7&breaks=0.1"
    beyond = (
        "A model that criticises itself: of 7B and more, by the paper. That a poor critic hurts: this writer keeps what it is "
        "wrongly told to mend, so that even a coin as the critic helps it. With code as the critic a passing answer is never "
        "rewritten, so that the loop cannot lose on the embedded model; what is measured there is how much it gains."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        drawn = dict(model=WRITER, tasks=100, seeds=5, same_tasks=True)
        plain = lab.episodes("act", WORLD, **drawn)
        improve = lab.episodes("act+improve?rounds=3", WORLD, **drawn)
        critics = {rate: lab.episodes(f"act+{loop(rate)}", WORLD, **drawn) for rate in (0.6, 0.8, 1.0)}
        bestof = lab.episodes(f"act+{loop(1.0, 'bestof')}&n=4", WORLD, **drawn)
        coin = lab.episodes(f"act+{loop(0.5)}", WORLD, **drawn)
        contrary = lab.episodes(f"act+{loop(0.0)}", WORLD, **drawn)
        arms = {"(a) no loop": plain, "(b) improve": improve}
        arms |= {f"(c) decrim, critic {rate}": episodes for rate, episodes in critics.items()}
        arms |= {"best of 4, critic 1.0": bestof, "decrim, critic 0.5": coin, "decrim, critic 0.0": contrary}
        for name, episodes in arms.items():
            lab.note(f"writer, {spent(name, episodes)}")

        def gain(name: str, a: Sequence[Episode], b: Sequence[Episode], bound: float, control: bool = False) -> Evidence:
            return at_least(name, difference(passed(a), passed(b), tasks(a)), bound, control)

        yield gain("(c, 1.0) over (a)", critics[1.0], plain, 0.15)
        yield gain("(c, 1.0) over (b)", critics[1.0], improve, 0.0)
        yield gain("critic 0.8 over critic 0.6", critics[0.8], critics[0.6], 0.0)
        yield gain("critic 1.0 over critic 0.8", critics[1.0], critics[0.8], 0.0)
        yield gain("(c, 1.0) over best of 4 with the same critic", critics[1.0], bestof, 0.0)
        yield gain("a contrary critic over (a)", contrary, plain, 0.15, control=True)

        drawn = dict(model=EMBEDDED, tasks=12, seeds=5, workers=5)
        alone = lab.episodes(BRIEF, WORLD, **drawn)
        looped = lab.episodes(f"{BRIEF}+{loop(1.0)}", WORLD, **drawn)
        for name, episodes in {"no loop": alone, "decrim, code as critic": looped}.items():
            lab.note(f"embedded, {spent(name, episodes)}")
        lab.note(f"embedded, {curve(looped)}; the writer that stands in has 0.65, 0.7 and 0.1")
        # Answers of a crowded engine differ by rounding from run to run, so a loop is compared with its own first answers. As it
        # stops at what passes, it cannot lose against them: a figure worth knowing, but no evidence.
        first = [float(all(met(episode)[0])) for episode in looped]
        rounding = sum(answer(a)[0] != answer(b)[0] for a, b in zip(alone, looped, strict=True))
        lab.note(f"embedded, rounding in crowded batches: {rounding} of {len(alone)} first answers differ between the two runs")
        gained = difference(passed(looped), first, tasks(looped)).interval
        lab.note(
            f"embedded, all-pass of the loop over its first answer: {gained.value:.3f} [{gained.low:.3f}, {gained.high:.3f}]"
        )


def spent(name: str, episodes: Sequence[Episode]) -> str:
    """Accuracies and calls of an arm, in a line."""
    n = len(episodes)
    calls = [call for episode in episodes for step in episode.steps for call in step.calls]
    answers = sum(call.verb == "generate" for call in calls) / n
    checks = sum(call.verb == "choose" for call in calls) / n
    whole, part = sum(passed(episodes)) / n, sum(of(episodes, score)) / n
    return f"{name}: all-pass {whole:.3f}, a requirement {part:.3f}; an item took {answers:.2f} answers and {checks:.2f} checks"


def curve(episodes: Sequence[Episode]) -> str:
    """The rates that the writer states, measured in a loop whose critic makes no errors."""
    first, mended, spoilt = list[bool](), list[bool](), 0
    for episode in episodes:
        rounds = met(episode)
        first += rounds[0]
        for before, after in pairwise(rounds):
            mended += [now for was, now in zip(before, after, strict=True) if not was]
            spoilt += sum(was and not now for was, now in zip(before, after, strict=True))
    n = max(1, len(mended))
    share = f"meets {sum(first) / len(first):.3f} of its requirements at first (n {len(first)})"
    return f"{share}, mends {sum(mended) / n:.3f} of those named, and breaks {spoilt / n:.3f} others for each (n {len(mended)})"


def answer(episode: Episode) -> list[str]:
    """Every answer that was written, in order."""
    return [call.text.strip() for step in episode.steps for call in step.calls if call.verb == "generate"]


def met(episode: Episode) -> list[list[bool]]:
    """Of every answer that was written: which requirements it meets."""
    asked = read(episode.task).turns[0].constraints
    return [[constraints.check(each, text).passed for each in asked] for text in answer(episode)]


def score(episode: Episode) -> float:
    """The share of requirements met."""
    assert episode.verdict is not None
    return episode.verdict.score


__all__ = ["DecrimClaim"]
