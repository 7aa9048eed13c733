"""122 PoAct: do experts that take turns, tools selected for each sub-goal and a reviewed path answer more for fewer tokens?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dutiful.agents.searches.poact import tokens_by_expert
from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, of, passed, ratio, shown, tasks
from dutiful.core import parts
from dutiful.core.claim import Claim, Evidence
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode, Task
from dutiful.kit import programs
from dutiful.kit.narrowed import Index, Narrowed
from dutiful.models.experts import Hop, chain, rate, serves

STEPS = Limits(steps=15)
HOPS = (1, 2, 3, 4, 5)
DEEP = 3
K = 8
POACT, CODE = "act+codeact+poact", "act+codeact"
ARMS = {
    "json": "act+json",
    "codeact": CODE,
    "codeact and retrieval": f"{POACT}?switch=false&review=none",
    "poact": POACT,
    "no reviewer": f"{POACT}?review=none",
    "no switch": f"{POACT}?switch=false",
    "rules alone": f"{POACT}?review=rules",
}
RANDOM = "experts?recall=0.5&precision=0.5"
"""The reviewer tosses a coin."""


class PoActClaim(Claim):
    """One policy on the gold plan that takes a tool for another as often as the embedded model does, in seven agents.

    300 questions of 1 to 5 hops (5 seeds, 12 each a hop) over 80 tools, at most 15 steps; bounds hold at 3 hops and more and are
    those of the entry: success over CodeAct with all tools >= 0.10 with at most 0.8 of its prompt tokens; without the reviewer
    and without the switch it loses >= 0.03 each; the selector shows the right tool for 0.95 of the sub-goals at k = 8. The
    control: a reviewer whose verdicts are a coin's gains 0.03 over the rules alone. The coder writes one call a block in every
    agent; CodeAct with the whole program in a block is a note, as are all tools in PoAct, a worse reviewer, and tokens anew.

    Measured first with tools selected once where there is no switch (success 0.16); the agents without switch now select
    anew by what the coder says it needs next, which makes them stronger. No inequality was changed.
    """

    card = Card(
        kind="claim",
        name="poact",
        system="122",
        summary="switching experts, selecting tools for each sub-goal and dropping bad steps answers more for fewer tokens",
        source="arXiv 2501.07054",
    )
    cost = "full"
    stands_in = "experts"
    beyond = (
        "Whether a language model plans and reviews as well: the stand-in's plan is the gold plan, its reviewer has a "
        "recall of 0.8 and a precision of 0.9 at even odds by fiat, and it cannot get on without the right tool. That "
        "prompt tokens are saved over a coder that writes its whole program at once, or where a cached prefix costs "
        "nothing: see the notes. Planning in words needs 7B and more."
    )

    def measure(self, lab: Any) -> Iterator[Evidence]:
        def run(agent: str, hops: Sequence[int] = HOPS, model: str = self.stands_in, count: int = 12) -> list[Episode]:
            drawn = dict(model=model, tasks=count, seeds=5, limits=STEPS, workers=2)
            return [episode for n in hops for episode in lab.episodes(agent, f"tools/registry?hops={n}", **drawn)]

        every = {name: run(agent) for name, agent in ARMS.items()}
        every["random verdicts"] = run(POACT, model=RANDOM)
        for name, episodes in every.items():
            by_hops = ", ".join(f"{n}: {share(at(episodes, n)):.2f}" for n in HOPS)
            lab.note(f"{name}: {spent(deep(episodes))}; by hops {by_hops}")
        full, code = deep(every["poact"]), deep(every["codeact"])

        def lost(name: str) -> Measured:
            return gain(full, deep(every[name]))

        yield at_least("success over codeact with all tools", lost("codeact"), 0.10)
        yield at_most("prompt tokens to codeact's", ratio(prompts(full), prompts(code), tasks(full)), 0.8)
        yield at_least("success over poact without reviewer", lost("no reviewer"), 0.03)
        yield at_least("success over poact without switch", lost("no switch"), 0.03)
        found, asked = recall(full)
        yield at_least(f"recall at {K} of the selector, by sub-goal", found, 0.95)
        tossed = gain(deep(every["random verdicts"]), deep(every["rules alone"]))
        yield at_least("success with random verdicts over the rules alone", tossed, 0.03, control=True)

        lab.note(f"recall at {K} by the whole question, before anything is said: {shown(asked.interval)}")
        lab.note(f"rate of confusion by tools shown: {', '.join(f'{n}: {rate(n):.2f}' for n in (4, 8, 16, 40, 80))}")
        lab.note(f"prompt tokens by expert, 3 to 5 hops: {by_expert(full)}")
        lab.note(f"reviewer against the gold plan: {reviewer(full)}")
        lab.note(f"random verdicts against the gold plan: {reviewer(deep(every['random verdicts']))}")
        anew = ratio(of(full, words), of(code, words), tasks(full))
        lab.note(f"tokens read anew or written, to codeact's, whose prefix is cached: {shown(anew.interval)}")
        lab.note(f"success over json: {shown(lost('json').interval)}")
        lab.note(f"success over codeact and retrieval: {shown(lost('codeact and retrieval').interval)}")
        whole = run(CODE, HOPS[DEEP - 1 :], "experts?block=0")
        less = ratio(prompts(full), prompts(whole), tasks(full))
        lab.note(
            f"codeact, the whole program in a block: {spent(whole)}; poact to it: success {shown(gain(full, whole).interval)}, "
            f"prompt tokens {shown(less.interval)}"
        )
        for name, agent, model in (
            ("poact, all tools", f"{POACT}?k=80", "experts"),
            ("poact, a reviewer of recall 0.5 and precision 0.7", POACT, "experts?recall=0.5&precision=0.7"),
        ):
            lab.note(f"{name}: {spent(run(agent, HOPS[DEEP - 1 :], model, 6))}")


def at(episodes: Sequence[Episode], hops: int) -> list[Episode]:
    """Those of so many hops."""
    return [episode for episode in episodes if episode.task.setup["hops"] == hops]


def deep(episodes: Sequence[Episode]) -> list[Episode]:
    """Those of 3 hops and more."""
    return [episode for episode in episodes if episode.task.setup["hops"] >= DEEP]


def gain(a: Sequence[Episode], b: Sequence[Episode]) -> Measured:
    """How much more of the same questions is answered."""
    return difference(passed(a), passed(b), tasks(a))


def share(episodes: Sequence[Episode]) -> float:
    return sum(passed(episodes)) / len(episodes)


def prompts(episodes: Sequence[Episode]) -> list[float]:
    return of(episodes, lambda episode: episode.usage.prompt_tokens)


def words(episode: Episode) -> float:
    return episode.usage.tokens


def recall(episodes: Sequence[Episode]) -> tuple[Measured, Measured]:
    """The share of gold tools among the k that are selected: for their own sub-goals, and for the whole question."""
    index = Index(Narrowed(parts.world("tools/registry")))
    own, whole, cluster = list[float](), list[float](), list[str]()
    for task in {episode.task.id: episode.task for episode in episodes}.values():
        once = index.tools(task.instruction.text, K)
        for hop in hops_of(task):
            own.append(float(hop.call.tool in index.tools(hop.need, K)))
            whole.append(float(hop.call.tool in once))
            cluster.append(task.id)
    return mean(own, cluster), mean(whole, cluster)


def hops_of(task: Task) -> list[Hop]:
    """The gold chain of a task."""
    return chain(programs.load(task.setup["program"]), task.setup["needs"])


def reviewer(episodes: Sequence[Episode]) -> str:
    """What the model's verdicts came to, after the rules had spoken."""
    counts = {(bad, no): 0 for bad in (True, False) for no in (True, False)}
    for episode in episodes:
        calls = [call for step in episode.steps for call in step.calls]
        for call, prompt in zip(calls, episode.prompts(), strict=True):
            if call.verb == "choose":
                counts[not serves(Prompt(prompt), hops_of(episode.task)), call.text == "no"] += 1
    hit, missed, alarm = counts[True, True], counts[True, False], counts[False, True]
    found = f"recall {hit / max(1, hit + missed):.2f}, precision {hit / max(1, hit + alarm):.2f}"
    return (
        f"{found} (bad and dropped {hit}, bad and kept {missed}, good and dropped {alarm}, good and kept {counts[False, False]})"
    )


def by_expert(episodes: Sequence[Episode]) -> str:
    """Prompt tokens of an episode by expert."""
    read: dict[str, int] = {}
    for episode in episodes:
        for name, usage in tokens_by_expert(episode).items():
            read[name] = read.get(name, 0) + usage.prompt_tokens
    return ", ".join(f"{name} {number / len(episodes):.0f}" for name, number in read.items())


def spent(episodes: Sequence[Episode]) -> str:
    """Success with its interval, steps and tokens, at 3 hops and more."""
    n = len(episodes)
    success = shown(mean(passed(episodes), tasks(episodes)).interval)
    steps = sum(len(episode.steps) for episode in episodes) / n
    read, anew = sum(prompts(episodes)) / n, sum(of(episodes, words)) / n
    return f"3 to 5 hops: success {success}, {steps:.1f} steps, {read:.0f} prompt tokens, {anew:.0f} anew (n {n})"


__all__ = ["PoActClaim"]
