"""068 HiAgent: does a memory by subgoals shorten the prompt, and does that make long tasks succeed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.claims.distracted import DistractedReader
from dutiful.claims.evidence import at_least, at_most, difference, mean, of, passed, ratio, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.records import Episode

LONG = (
    "text/blocks?size=12&least=25&slack=4.0",
    "text/gripper?size=10&least=25&slack=4.0",
    "text/tyres?size=2&least=25&slack=4.0",
)
SHORT = ("text/blocks?size=4&most=8&slack=4.0", "text/gripper?size=2&most=8&slack=4.0", "text/tyres?most=8&slack=4.0")
CLUE = (
    "text/blocks?least=8&most=14&slack=4.0&clue=2",
    "text/gripper?least=8&most=14&slack=4.0&clue=2",
    "text/tyres?least=8&most=16&slack=4.0&clue=2",
)
PLAIN = (
    "text/blocks?least=8&most=14&slack=4.0",
    "text/gripper?least=8&most=14&slack=4.0",
    "text/tyres?least=8&most=16&slack=4.0",
)
"""As CLUE, without the clue."""
MEMORIES = {
    "full history": "",
    "subgoals, nothing hidden": "decomposed",
    "hiagent": "hiagent",
    "hiagent without retrieval": "hiagent?retrieval=false",
    "hiagent without summaries": "hiagent?summaries=none",
    "hiagent, last observations": "hiagent?summaries=last",
    "summaries without subgoals": "summary",
    "the last three turns": "window?k=3",
}


class HiAgentClaim(Claim):
    """One scripted reader, several memories, the same tasks: three puzzles each, half of them worded as in no other split.

    Bounds are those of the entry: the prompts that actions are chosen from are at most 70% as long as with the full history, of
    readers that never err (so that all take the same steps); on plans of 25 to 40 steps success is higher by 10 points, on plans
    up to 8 steps it differs by 5 at most; subgoals alone have less than half of the gain; retrieval gains 10 points where an
    early clue is needed late, and at most 5 where there is none. An episode may take four times the plan's length: chosen on the
    validation split, as was that the reader names a subgoal anew when its plan changes. The control is that subgoals alone gain
    those 10 points.
    """

    card = Card(
        kind="claim",
        name="hiagent",
        system="068",
        summary="a memory that keeps only the present subgoal in full shortens the prompt and raises success on long tasks",
        source="arXiv 2408.09559",
    )
    cost = "full"
    stands_in = (
        "a planner that is right with a probability that falls with the prompt's length, as measured on the embedded model"
    )
    beyond = (
        "A language model that names its own subgoals and summaries needs 7B and more; the one that is embedded plays none of "
        "this. How steep the reader's curve is hangs on how many facts look alike in the measurement (bench/needle.py). A reader "
        "that sees the whole state in every observation needs no history at all: for it a window of three turns does as well."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        def run(memory: str, worlds: Sequence[str], n: int, attentive: bool = False) -> list[Episode]:
            agent = "+".join(filter(None, ("act", "text?choices=false", MEMORIES[memory])))
            reader = DistractedReader(attentive)
            drawn = dict(tasks=n, seeds=5, limits=Limits(steps=1000))
            found = [episode for world in worlds for episode in lab.episodes(agent, world, reader, **drawn)]
            lab.note(f"{'attentive, ' if attentive else ''}{LABELS[worlds]}, {memory}: {spent(found)}")
            return found

        calm = {name: run(name, LONG, 4, attentive=True) for name in ("full history", "hiagent", "hiagent, last observations")}
        short_prompts = ratio(of(calm["hiagent"], context), of(calm["full history"], context), tasks(calm["hiagent"]))
        yield at_most("context of hiagent / full history, equal steps", short_prompts, 0.70)

        full, alone, hiagent = (run(name, LONG, 10) for name in ("full history", "subgoals, nothing hidden", "hiagent"))
        gained = difference(passed(hiagent), passed(full), tasks(full))
        yield at_least("25 steps and more: success of hiagent - full history", gained, 0.10)
        halves = [b - a - (c - a) / 2 for a, b, c in zip(passed(full), passed(alone), passed(hiagent), strict=True)]
        yield at_most("25 steps and more: gain of subgoals alone - half of hiagent's", mean(halves, tasks(full)), 0.0)
        alone_gained = difference(passed(alone), passed(full), tasks(full))
        yield at_least("25 steps and more: success of subgoals alone - full history", alone_gained, 0.10, control=True)

        near, near_full = (run(name, SHORT, 40) for name in ("hiagent", "full history"))
        same = difference(passed(near), passed(near_full), tasks(near))
        yield at_most("8 steps and fewer: success of hiagent - full history", same, 0.05)
        yield at_least("8 steps and fewer: success of hiagent - full history, not below", same, -0.05)

        for name, worlds, relation, bound in (("a clue", CLUE, at_least, 0.10), ("no clue", PLAIN, at_most, 0.05)):
            opens, shut = (run(memory, worlds, 20) for memory in ("hiagent", "hiagent without retrieval"))
            paid = difference(passed(opens), passed(shut), tasks(opens))
            yield relation(f"{name}: success with retrieval - without", paid, bound)

        for name in MEMORIES:  # figures beside the evidence
            if name not in ("full history", "subgoals, nothing hidden", "hiagent"):
                run(name, LONG, 4)
        for worlds in (CLUE, PLAIN):
            run("full history", worlds, 4)
        run("hiagent without retrieval", SHORT, 4)


LABELS = {LONG: "25 steps and more", SHORT: "8 steps and fewer", CLUE: "a clue", PLAIN: "no clue"}


def chosen(episode: Episode) -> list[int]:
    """The tokens of each prompt that an action was chosen from."""
    return [call.usage.prompt_tokens for step in episode.steps for call in step.calls if call.verb == "choose"]


def context(episode: Episode) -> float:
    """The mean length of those prompts."""
    lengths = chosen(episode)
    return sum(lengths) / len(lengths)


def spent(episodes: Sequence[Episode]) -> str:
    """Success, progress, steps, contexts and calls of an arm, in a line."""
    n = len(episodes)
    success = sum(passed(episodes)) / n
    score = sum(episode.verdict.score for episode in episodes if episode.verdict) / n
    steps = sum(len(episode.steps) for episode in episodes) / n
    calls, tokens = (sum(values) / n for values in zip(*[(e.usage.calls, e.usage.prompt_tokens) for e in episodes], strict=True))
    length = sum(map(context, episodes)) / n
    shown = f"success {success:.3f}, progress {score:.3f}, {steps:.1f} steps, context {length:.0f} tokens"
    return f"{shown}; {calls:.1f} calls with {tokens:.0f} tokens an episode (n {n})"


__all__ = ["HiAgentClaim"]
