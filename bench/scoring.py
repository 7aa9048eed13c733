"""Agent steps a second: prefix reuse and shared-prefix scoring, against scoring every option from scratch through transformers.

One agent, one episode: a prompt that grows by 40 words a turn, 8 admissible actions, the likeliest is taken. Ours is
`Embedded.choose` in Q8_0. The peer is the same weights in transformers on torch in 32 bits, given every help short of a
cache: prompt and option of all 8 options in one padded batch, and the vocabulary head only where a token is scored. Same
tokens in both. Run as `python bench/scoring.py [THREADS]`.
"""

from __future__ import annotations

import random
import statistics
import sys
import time

from engine import WORDS, report

from dutiful.core.prompt import Prompt
from dutiful.core.records import Source, Span
from dutiful.models import Embedded
from dutiful.models.embedded.weights import find

TURNS, REPEATS, BOUND = 4, 3, 5.0


def episode(seed):
    """(prompt, options) of every turn."""
    rng = random.Random(seed)
    prompt = Prompt((Span(Source.SYSTEM, "You act in a house. Answer with one action. " + " ".join(rng.choices(WORDS, k=60))),))
    for _ in range(TURNS):
        options = [f"{verb} {rng.choice(WORDS)} {rng.choice(WORDS)}" for verb in ("take", "open", "go to", "put") for _ in (0, 1)]
        prompt = prompt + (Span(Source.WORLD, " ".join(rng.choices(WORDS, k=40)) + f". You can: {', '.join(options)}."),)
        yield prompt, options
        prompt = prompt + (Span(Source.MODEL, options[0]),)


class Scratch:
    """The peer: every option with its whole prompt, without a cache."""

    def __init__(self, path, threads):
        import torch
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(threads)
        self.torch = torch
        self.model = AutoModelForCausalLM.from_pretrained(str(path.parent), gguf_file=path.name, dtype=torch.float32).eval()

    def choose(self, ids, options, end):
        torch = self.torch
        answers = [[*option, end] for option in options]
        rows = [ids + answer[:-1] for answer in answers]
        width = max(map(len, rows))
        # Padding on the right: what comes after a token does not reach it.
        tokens = torch.tensor([row + [end] * (width - len(row)) for row in rows])
        with torch.inference_mode():
            states = self.model.model(tokens, use_cache=False).last_hidden_state
            scores = []
            for state, answer in zip(states, answers, strict=True):
                logits = self.model.lm_head(state[len(ids) - 1 : len(ids) - 1 + len(answer)])
                scores.append(float(logits.log_softmax(-1)[range(len(answer)), answer].sum()))
        return scores


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    path = find()
    print("  loading the weights into transformers", flush=True)
    peer = Scratch(path, threads)
    model = Embedded(threads=threads, context=2048)
    tokenizer = model.tokenizer
    mine, theirs, agreed = [], [], 0
    for repeat in range(REPEATS):
        turns = list(episode(repeat))
        work = [(tokenizer.encode(p).ids, [list(tokenizer.tokenize(o)) for o in options]) for p, options in turns]
        began = time.perf_counter()
        ours = [model.choose(p, options).scores for p, options in turns]
        between = time.perf_counter()
        scratch = [peer.choose(ids, options, tokenizer.eot) for ids, options in work]
        ended = time.perf_counter()
        mine.append(TURNS / (between - began))
        theirs.append(TURNS / (ended - between))
        agreed += sum(a.index(max(a)) == b.index(max(b)) for a, b in zip(ours, scratch, strict=True))
        worst = max(abs(x - y) for a, b in zip(ours, scratch, strict=True) for x, y in zip(a, b, strict=True))
        print(f"  ours {mine[-1]:.2f}, scratch {theirs[-1]:.3f} steps/s; scores differ by at most {worst:.2f}", flush=True)
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    report(
        "scoring",
        "agent steps a second, against every option from scratch through transformers (fp32)",
        ours=statistics.median(mine),
        peer=statistics.median(theirs),
        ratio=statistics.median(ratios),
        bound=f"at least {BOUND}",
        holds=statistics.median(ratios) >= BOUND,
        unit="steps/s",
        packages=("xllamacpp", "torch", "transformers"),
        ratios=[round(r, 1) for r in ratios],
        threads=threads,
        same_choice=f"{agreed} of {TURNS * REPEATS}",
    )


if __name__ == "__main__":
    main()
