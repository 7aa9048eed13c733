"""Tokens processed a second in 8 concurrent episodes through the embedded model, beside the bare engine on the same tokens.

An episode is what an agent does: a growing prompt, a choice among 8 actions every turn, and a short answer every other turn.
Ours: 8 threads call `Embedded.choose` and `generate`; time covers templates, tokenising, scheduling, log-probabilities and
sampling. The peer is llama.cpp itself, driven by a static schedule known beforehand: the same new tokens, options and answer
lengths, all 8 episodes in step, `llama_decode` on full batches and an argmax, nothing else; its KV cache and its number of
sequences are as large as the work needs and no larger. Both in turn, several times, in one process; medians.

Run as `python bench/engine.py [THREADS]`; on a machine that others use, one thread gives steadier ratios.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dutiful import __version__
from dutiful.core.model import Sampling
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.models import Embedded
from dutiful.models.embedded.llama import Context, load
from dutiful.models.embedded.scoring import Trie
from dutiful.models.embedded.weights import find

EPISODES, TURNS, OPTIONS, WRITTEN, REPEATS, BOUND = 8, 4, 8, 12, 3, 0.85
WORDS = ("red", "blue", "clean", "mug", "plate", "book", "shelf", "drawer", "desk", "kitchen", "you", "see", "open", "on", "the")


def episode(seed: int):
    """The turns of an episode: (prompt for the choice, its options, prompt for the answer or None)."""
    rng = random.Random(seed)
    prompt = Prompt((Span(Source.SYSTEM, "You act in a house. Answer with one action. " + " ".join(rng.choices(WORDS, k=60))),))
    for turn in range(TURNS):
        options = sorted({f"{v} {rng.choice(WORDS)} {rng.choice(WORDS)}" for v in ("take", "open", "go to") for _ in range(5)})
        options = options[:OPTIONS]
        seen = " ".join(rng.choices(WORDS, k=30))
        prompt = prompt + (Span(Source.WORLD, f"{seen}. You can: {', '.join(options)}."),)
        yield prompt, options, prompt + (Span(Source.MODEL, options[0]), Span(Source.USER, "Why?")) if turn % 2 else None
        prompt = prompt + (Span(Source.MODEL, options[0]),)


def ours(model: Embedded) -> tuple[float, int, dict]:
    """Seconds, tokens processed, and how many tokens were written in every answer."""
    written = {}

    def live(seed: int) -> int:
        tokens = 0
        for turn, (prompt, options, question) in enumerate(episode(seed)):
            tokens += model.choose(prompt, options).usage.tokens
            if question:
                usage = model.generate(question, Sampling(max_tokens=WRITTEN)).usage
                written[seed, turn] = usage.completion_tokens
                tokens += usage.tokens
        return tokens

    began = time.perf_counter()
    with ThreadPoolExecutor(EPISODES) as pool:
        tokens = sum(pool.map(live, range(EPISODES)))
    return time.perf_counter() - began, tokens, written


def schedule(model: Embedded, written: dict) -> list[tuple[list[list[int]], list[Trie] | int]]:
    """What the bare engine is to do: rounds of (new tokens of each episode, and tries to score or a number to write)."""
    tokenizer, held, rounds = model.tokenizer, [[] for _ in range(EPISODES)], []
    for turn, parts in enumerate(zip(*map(episode, range(EPISODES)), strict=True)):

        def new(prompts):
            fresh = []
            for i, prompt in enumerate(prompts):
                ids = tokenizer.encode(prompt).ids
                common = next(
                    (n for n, (a, b) in enumerate(zip(held[i], ids, strict=False)) if a != b), min(len(held[i]), len(ids))
                )
                fresh.append((common, ids[common:]))
                held[i] = ids
            return fresh

        options = [[tokenizer.tokenize(o) for o in part[1]] for part in parts]
        rounds.append((new(part[0] for part in parts), [Trie(o, tokenizer.eot) for o in options]))
        if parts[0][2]:
            rounds.append((new(part[2] for part in parts), [written[i, turn] for i in range(EPISODES)]))
    return rounds


def bare(weights, rounds, threads: int) -> tuple[float, int]:
    """Seconds and tokens of the static schedule on the engine alone. Prompt and options of all episodes go in full batches."""
    spare = sum(
        max(trie.leaves for _, tries in rounds if isinstance(tries[0], Trie) for trie in [tries[i]]) for i in range(EPISODES)
    )
    context = Context(weights, 8192, EPISODES + spare, threads=threads)
    tokens = 0

    def flush(rows):
        nonlocal tokens
        for begin in range(0, len(rows), context.batch):
            part = rows[begin : begin + context.batch]
            for i, (token, pos, seqs, wanted) in enumerate(part):
                context.token[i], context.pos[i], context.wanted[i], context.n_seq[i] = token, pos, wanted, len(seqs)
                context.seqs[i, : len(seqs)] = seqs
            last = context.decode(len(part))
            tokens += len(part)
        return last

    began = time.perf_counter()
    for fresh, then in rounds:
        rows, next_spare = [], EPISODES
        ends = []
        for i, (common, ids) in enumerate(fresh):
            context.forget(i, common)
            scoring = isinstance(then[i], Trie)
            extra = list(range(next_spare, next_spare + then[i].leaves)) if scoring else []
            next_spare += len(extra)
            for sequence in extra:
                context.forget(sequence)
            context.fork(i, extra, 0, common)
            end = common + len(ids)
            ends.append(end)
            rows += [(t, common + n, [i, *extra], n == len(ids) - 1) for n, t in enumerate(ids)]
            if scoring:
                rows += [(n.token, end + n.depth, extra[n.low : n.high], True) for n in then[i].nodes]
        logits = flush(rows)
        if isinstance(then[0], Trie):
            continue
        token = int(logits[-1].argmax())
        for step in range(1, max(then)):
            live = [i for i in range(EPISODES) if then[i] > step]
            logits = flush([(token, ends[i] + step - 1, [i], True) for i in live])
            token = int(logits[-1].argmax())
    seconds = time.perf_counter() - began
    context.close()
    return seconds, tokens


def report(name, what, *, ours, peer, ratio, bound, holds, unit, packages=(), **more):
    """Prints one row and writes bench/results/NAME.json."""
    row = {"name": name, "what": what, "ours": ours, "peer": peer, "ratio": ratio, "bound": bound, "holds": bool(holds)}
    row |= {"unit": unit, "versions": {"python": platform.python_version(), "dutiful": __version__}}
    row["versions"] |= {package: importlib.metadata.version(package) for package in packages}
    row |= {"date": datetime.date.today().isoformat(), "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"}
    row |= {"command": " ".join(["python", f"bench/{Path(sys.argv[0]).name}", *sys.argv[1:]]), **more}
    path = Path(__file__).parent / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(row, indent=1) + "\n")
    print(
        f"{what}\n  ours {ours:.4g} {unit}   peer {peer:.4g} {unit}   ratio {ratio:.3g}   bound: {bound}   holds: {bool(holds)}"
    )


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    ratios, mine, theirs, per_cpu = [], [], [], []
    path = find()
    weights = load(path)
    for _ in range(REPEATS):
        model = Embedded(threads=threads)  # an empty cache for every repeat
        _ = model.engine
        cpu = time.process_time()
        seconds, tokens, written = ours(model)
        cpu = tokens / (time.process_time() - cpu)
        rounds = schedule(model, written)
        model.close()
        bare_cpu = time.process_time()
        bare_seconds, bare_tokens = bare(weights, rounds, threads)
        per_cpu.append(cpu / (bare_tokens / (time.process_time() - bare_cpu)))
        mine.append(tokens / seconds)
        theirs.append(bare_tokens / bare_seconds)
        ratios.append(mine[-1] / theirs[-1])
        each = f"ours {tokens} tokens in {seconds:.1f} s, bare {bare_tokens} in {bare_seconds:.1f} s"
        print(f"  {each}: {ratios[-1]:.2f} (per CPU second {per_cpu[-1]:.2f})", flush=True)
    report(
        "engine",
        f"tokens a second in {EPISODES} concurrent episodes, against llama.cpp on a static schedule",
        ours=statistics.median(mine),
        peer=statistics.median(theirs),
        ratio=statistics.median(ratios),
        bound=f"at least {BOUND}",
        holds=statistics.median(ratios) >= BOUND,
        unit="tokens/s",
        packages=("xllamacpp", "numpy"),
        ratios=[round(r, 3) for r in ratios],
        ratios_per_cpu_second=[round(r, 3) for r in per_cpu],
        threads=threads,
    )


if __name__ == "__main__":
    main()
