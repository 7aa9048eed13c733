"""103 LTL agents: does a decoder held to a formula write no invalid transcript, and does that help?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

from dutiful.agents.protocol import transcripts, violation
from dutiful.claims.evidence import Measured, at_least, at_most, difference, mean, passed, ratio, tasks
from dutiful.core.claim import Claim, Evidence
from dutiful.core.model import Grammar, Sampling
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode
from dutiful.kit.ltlf import Automaton, Formula, holds
from dutiful.kit.ltlf.decode import Run
from dutiful.kit.ltlf.formula import FALSE, TRUE, Atom, Binary, Unary
from dutiful.kit.ltlf.grammar import grammar
from dutiful.kit.ltlf.protocol import Context, Protocol, Segment, load
from dutiful.worlds.tools.lookup import TOOLS

MODEL = "embedded?threads=1"
WORLD = "tools/lookup?kinds=one&max_steps=6"
FORMULA = "react-lookup"
TWICE = "not Answer U (Observation and X(not Answer U Observation))"
CALLED = TOOLS[:2]
"""The tools that a protocol names; `finish` is its answer."""


def arm(decoder: str, also: str = "") -> str:
    """The agent of an arm."""
    return f"protocol?formula={FORMULA}&decoder={decoder}&tokens=96" + (f"&also={also}" if also else "")


class LtlClaim(Claim):
    """The same protocol and prompt under three decoders; 10 questions of one look for each of five seeds.

    Bounds are those of the entry: free invalid >= 0.2, masked 0, success of masked over free >= 0.1, time a token <= 1.2. "0" and
    "all" are shares that as many draws can show. The entry asks for 1,000 random prompts and 200 tasks: on one core of CPU the
    1,000 transcripts are written by a model that wants a random token each time, over the real vocabulary, which is the
    harder case; the tasks are 50, of one look. The control is the second experiment's formula, where it is not added.
    """

    card = Card(
        kind="claim",
        name="ltl",
        system="103",
        summary="a decoder that is held to a formula over states writes no invalid transcript, and so succeeds more often",
        source="arXiv 2310.08535",
    )
    cost = "full"
    beyond = "Accuracy on HotpotQA, TriviaQA and GSM8K, and PASS over ReAct and ReWOO: these take larger models."

    def measure(self, lab: Any) -> Iterator[Evidence]:
        wrong = [disagrees(Random(f"103/{number}")) for number in range(1000)]
        yield at_most("random formulas that differ from brute force on a trace up to length 6", mean(wrong), 0.005)

        model = lab.model(MODEL)
        broken = [random_transcript_breaks(model.tokenizer, number) for number in range(1000)]
        yield at_most("invalid transcripts of a model that wants random tokens, masked", mean(broken), 0.005)

        drawn = dict(model=MODEL, tasks=10, seeds=5, workers=2)
        arms = {decoder: lab.episodes(arm(decoder), WORLD, **drawn) for decoder in ("free", "monitor", "masked")}
        protocol = load(FORMULA)
        for name, episodes in arms.items():
            order = sum(violation(each, protocol) is not None for each in episodes) / len(episodes)
            lab.note(
                f"{name}: invalid {share(invalid(episodes, protocol))}, in their order {order:.3f}; a wrong tool's name in "
                f"{share(misnamed(episodes, protocol))}; success {share(passed(episodes))}; an episode took {spent(episodes)}"
            )
        free, masked = arms["free"], arms["masked"]
        yield at_least("invalid transcripts, free", mean(invalid(free, protocol), tasks(free)), 0.2)
        yield at_most("invalid transcripts, masked", mean(invalid(masked, protocol)), 0.1)
        yield at_most("episodes with a wrong tool's name, masked", mean(misnamed(masked, protocol)), 0.1)
        yield at_least("success, masked over free", difference(passed(masked), passed(free), tasks(free)), 0.1)
        yield at_most("time a token, masked to free", overhead(model, masked), 1.2)

        twice = lab.episodes(arm("masked", TWICE), WORLD, model=MODEL, tasks=8, seeds=5, workers=2)
        yield at_most("answers before two observations, forbidden", mean(early(twice, protocol)), 0.1)
        yield at_most("answers before two observations, not forbidden", mean(early(masked, protocol)), 0.1, control=True)


def share(values: Sequence[float]) -> str:
    """A mean with its number."""
    return f"{sum(values) / len(values):.3f} (n {len(values)})"


def spent(episodes: Sequence[Episode]) -> str:
    """Calls and written tokens of an episode, on average."""
    n = len(episodes)
    tokens = sum(episode.usage.completion_tokens for episode in episodes) / n
    return f"{sum(episode.usage.calls for episode in episodes) / n:.1f} calls and {tokens:.0f} tokens"


def invalid(episodes: Sequence[Episode], protocol: Protocol) -> list[float]:
    """1 where a transcript breaks the protocol, in its order or its contents."""
    found: list[float] = []
    for episode in episodes:
        seen = f"{episode.task.instruction.text} {episode.steps[0].observation.text}" if episode.steps else ""
        found.append(float(violation(episode, protocol, Context(CALLED, "", seen)) is not None))
    return found


def misnamed(episodes: Sequence[Episode], protocol: Protocol) -> list[float]:
    """1 where a tool is named that there is not."""
    names = {tool.name for tool in TOOLS}
    return [
        float(any(s.state == "Action" and s.content not in names for segments in transcripts(e, protocol) for s in segments))
        for e in episodes
    ]


def early(episodes: Sequence[Episode], protocol: Protocol) -> list[float]:
    """1 where an answer comes before two observations."""
    found: list[float] = []
    for episode in episodes:
        (trace, *_) = ([segment.state for segment in segments] for segments in transcripts(episode, protocol))
        found.append(float("Answer" in trace and trace[: trace.index("Answer")].count("Observation") < 2))
    return found


def overhead(model: Any, episodes: Sequence[Episode], n: int = 24, tokens: int = 32) -> Measured:
    """CPU seconds a token with the grammar over those without, on first prompts that are in the cache already."""
    with_mask, without = list[float](), list[float]()
    for episode in episodes[:n]:
        prompt, protocol = Prompt(episode.prompts()[0]), load(FORMULA)
        run = Run(protocol, 12, Context(CALLED))
        constraint = Grammar(grammar(protocol, run.node, run.left, run.context))
        model.generate(prompt, Sampling(max_tokens=1))
        for values, way in ((without, None), (with_mask, constraint)):
            began = time.process_time()
            usage = model.generate(prompt, Sampling(max_tokens=tokens), way).usage
            values.append((time.process_time() - began) / usage.completion_tokens)
    return ratio(with_mask, without)


def disagrees(random: Random) -> float:
    """1 where the automaton of a random formula differs from the definition on any of the 1,092 traces over three states."""
    formula = draw(random, random.randint(2, 5))
    automaton = Automaton(formula, "abc")
    traces = (trace for length in range(1, 7) for trace in product("abc", repeat=length))
    return float(any(automaton.accepts(trace) != holds(formula, trace) for trace in traces))


def draw(random: Random, depth: int) -> Formula:
    """A random formula over a, b and c."""
    kind = random.random()
    if depth == 0 or kind < 0.15:
        return random.choice([Atom("a"), Atom("b"), Atom("c"), Atom("a"), Atom("b"), TRUE, FALSE])
    if kind < 0.6:
        return Unary(random.choice(["not", "X", "N", "F", "G"]), draw(random, depth - 1))
    return Binary(random.choice(["and", "or", "U", "R"]), draw(random, depth - 1), draw(random, depth - 1))


def random_transcript_breaks(tokenizer: Any, seed: int) -> float:
    """1 where a transcript is invalid that was written under the mask by a model that wants a random token each time."""
    import numpy as np

    from dutiful.models.embedded.masks import GrammarMask

    random = np.random.default_rng([103, seed])
    protocol = load(("react-lookup", "react-tools", "cot", "pass", "rewoo", "reflexion")[seed % 6])
    begin = Context(CALLED, "", "The list has a brass lamp.")
    run, logits = Run(protocol, 1 + seed % 12, begin), np.zeros(tokenizer.size, np.float32)
    while True:
        if any(protocol.by_name[name].source == "model" for name in run.allowed):
            mask, ids = GrammarMask(Grammar(grammar(protocol, run.node, run.left, run.context)), tokenizer), list[int]()
            while (token := int(random.choice(mask.allowed(logits, False)))) not in tokenizer.ends:
                ids.append(token)
                mask.accept(token)
            for name, content in protocol.split(tokenizer.detokenize(ids)):
                run.take(name, content or "look")  # what the action slot would say
        if due := run.due:
            run.take(due, f"brass lamp: price {random.integers(2, 99)}, weight 7, stock 9")
        elif run.finished:
            again = protocol.split(protocol.write(run.segments))
            return float(protocol.check(again, begin) is not None or again != list[Segment](run.segments))


__all__ = ["LtlClaim"]
