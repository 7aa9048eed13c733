"""020 CodeAct: do blocks of Python carry out more, in fewer turns, than one call a turn?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, of, passed, ratio, shown, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.records import Episode

TURNS = Limits(steps=10)
"""The paper's bound on turns."""
MODES = {"json": "act+json", "text": "act+line", "command": "act+command", "code": "act+codeact"}
STATELESS, HIDDEN = "act+codeact?stateless=true", "act+codeact?tracebacks=false"
DEEP = (3, 4, 5, 6)


def world(depth: int) -> str:
    """Tasks of a depth; from depth 2 half of them have a loop and half a condition. Calls are not what ends an episode."""
    knobs = "&loops=0.5&branches=0.5" if depth > 1 else ""
    return f"tools?depth={depth}{knobs}&max_steps=200"


class CodeActClaim(Claim):
    """One policy with the gold plan, which misspells each call that it writes with probability 0.3, in four ways of writing.

    60 tasks a depth (5 seeds, 12 each), at most 10 turns; the same tasks, tool text and number of examples in every mode. Bounds
    are those of the entry. At depths 3 to 6: success in code over JSON and over text >= 0.10, turns at most 0.6 of JSON's. At
    depth 1 both differences within 0.05: the null. Ablations at depths 3 to 6: without variables between turns at least half of
    the gain over the better of JSON and text is lost; without tracebacks fewer of the episodes recover whose first block failed
    (by 0.05 or more: ours, the entry gives no figure). The control is the gain at depth 1. The policy writes the whole plan in
    one block; with two calls a block it is a note, as are other rates of error.
    """

    card = Card(
        kind="claim",
        name="codeact",
        system="020",
        summary="acting by code carries out more composed tasks, in fewer turns, than calls in JSON or text; single calls alike",
        source="arXiv 2402.01030",
    )
    cost = "full"
    stands_in = "caller?error=0.3"
    beyond = (
        "That language models write code better than JSON, on which the paper's 17 models agree: the policy here errs as often "
        "in each call that it writes, in whatever way. What is shown is what code saves: calls that are not written, turns that "
        "are not taken. The fine-tuned CodeActAgent (7B)."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        def run(agent: str, depths: Sequence[int], model: str = self.stands_in, count: int = 12) -> list[Episode]:
            drawn = dict(model=model, tasks=count, seeds=5, limits=TURNS, workers=2)
            return [episode for depth in depths for episode in lab.episodes(agent, world(depth), **drawn)]

        deep = {mode: run(agent, DEEP) for mode, agent in MODES.items()}
        single = {mode: run(agent, (1,)) for mode, agent in MODES.items()}
        stateless, hidden = run(STATELESS, DEEP), run(HIDDEN, DEEP)
        for name, arms in {"depths 3 to 6": deep, "depth 1": single}.items():
            for mode, episodes in arms.items():
                lab.note(f"{name}, {mode}: {spent(episodes)}")
        for name, episodes in {"stateless": stateless, "tracebacks hidden": hidden}.items():
            lab.note(f"depths 3 to 6, code, {name}: {spent(episodes)}")
        for depth in (2, *DEEP):
            lab.note(f"depth {depth}: " + "; ".join(f"{mode} {brief(run(agent, (depth,)))}" for mode, agent in MODES.items()))

        code = deep["code"]
        for mode in ("json", "text"):
            yield at_least(f"success in code over {mode}, depths 3 to 6", gain(code, deep[mode]), 0.10)
        yield at_most("turns in code to turns in json, depths 3 to 6", ratio(turns(code), turns(deep["json"]), tasks(code)), 0.6)
        for mode in ("json", "text"):
            null = gain(single["code"], single[mode])
            yield at_least(f"success in code less {mode}, depth 1, from below", null, -0.05)
            yield at_most(f"success in code less {mode}, depth 1, from above", null, 0.05)
        best = max(deep["json"], deep["text"], key=lambda episodes: sum(passed(episodes)))
        lost = [a - b for a, b in zip(passed(code), passed(stateless), strict=True)]
        half = [(a - b) / 2 for a, b in zip(passed(code), passed(best), strict=True)]
        yield at_least("loss without state, less half of the gain", difference(lost, half, tasks(code)), 0.0)
        pairs = [(a, b) for a, b in zip(code, hidden, strict=True) if stumbled(a) and stumbled(b)]
        seen, unseen = [a for a, _ in pairs], [b for _, b in pairs]
        yield at_least("recovery with tracebacks over without", gain(seen, unseen), 0.05)
        yield at_least("success in code over json, depth 1", gain(single["code"], single["json"]), 0.10, control=True)

        for model in ("caller?error=0.1", "caller?error=0.2", "caller?error=0.3&block=2"):
            arms = {mode: run(MODES[mode], DEEP, model, 4) for mode in ("json", "text", "code")}
            arms["stateless"] = run(STATELESS, DEEP, model, 4)
            lab.note(f"{model}, depths 3 to 6: " + "; ".join(f"{mode} {brief(episodes)}" for mode, episodes in arms.items()))


def gain(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    """How much more of the same tasks passes, tasks drawn whole."""
    return difference(passed(a), passed(b), tasks(a))


def turns(episodes: Sequence[Episode]) -> list[float]:
    """The turns of the model in each episode."""
    return of(episodes, lambda episode: len(episode.steps))


def stumbled(episode: Episode) -> bool:
    """Whether the first block ended with an error."""
    after = episode.steps[1].observation if len(episode.steps) > 1 else episode.final
    return after is not None and "refused" in after.info


def brief(episodes: Sequence[Episode]) -> str:
    """Success and turns in a few words."""
    n = len(episodes)
    return f"{sum(passed(episodes)) / n:.2f} in {sum(turns(episodes)) / n:.1f} turns"


def spent(episodes: Sequence[Episode]) -> str:
    """Success with its interval, turns and tokens, in a line."""
    n = len(episodes)
    failures = sum(step.format_failures for episode in episodes for step in episode.steps)
    success = shown(mean(passed(episodes), tasks(episodes)).interval)
    words = sum(of(episodes, lambda episode: episode.usage.tokens)) / n
    written = sum(of(episodes, lambda episode: episode.usage.completion_tokens)) / n
    return (
        f"success {success}, {sum(turns(episodes)) / n:.2f} turns, {words:.0f} words read anew or written, {written:.0f} of them "
        f"written, {failures} format failures (n {n})"
    )


__all__ = ["CodeActClaim"]
