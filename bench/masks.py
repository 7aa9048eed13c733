"""Microseconds a token for the mask of a list of options, at the whole vocabulary, beside llguidance on the same options.

The options are admissible actions of a household, 8 to 40 at a time, other ones for every answer, so nothing is reused
from one answer to the next. An answer is a random walk along the mask until the end of the turn. Our time covers making
the mask, the ids allowed at each token and taking the token; llguidance's covers the same, with the options as a grammar.
"""

import random
import statistics
import time

from engine import report

from dutiful.models.embedded import weights
from dutiful.models.embedded.masks import OptionsMask
from dutiful.models.embedded.tokenizer import Tokenizer

THINGS = [
    f"{c} {t}" for c in ("clean", "red", "small", "hot") for t in ("mug", "plate", "apple", "book", "knife", "pillow", "lamp")
]
PLACES = [f"{p} {n}" for p in ("cabinet", "drawer", "shelf", "desk", "fridge", "countertop") for n in (1, 2, 3)]


def actions(rng):
    every = [f"go to {p}" for p in PLACES] + [f"open {p}" for p in PLACES] + ["look", "inventory"]
    every += [f"take {rng.choice(THINGS)} from {rng.choice(PLACES)}" for _ in range(15)]
    every += [f"put {rng.choice(THINGS)} in {rng.choice(PLACES)}" for _ in range(15)]
    return tuple(rng.sample(sorted(set(every)), rng.randint(8, 40)))


def ours(tokenizer, options, rng):
    mask, tokens = OptionsMask(options, tokenizer), []
    while (token := rng.choice(mask.ids())) != tokenizer.eot:
        mask.accept(token)
        tokens.append(token)
    return tokens


def peer(tokenizer, options, tokens, matcher):
    grammar = "start: " + " | ".join(f'"{option}"' for option in options)
    guide = matcher(tokenizer.guide, matcher.grammar_from_lark(grammar), log_level=0)
    for token in tokens:
        guide.compute_bitmask()
        assert guide.consume_token(token)
    guide.compute_bitmask()


def main():
    from llguidance import LLMatcher

    tokenizer = Tokenizer(weights.fetch())
    _ = tokenizer.table, tokenizer.guide
    mine, theirs = [], []
    for repeat in range(7):
        rng = random.Random(repeat)
        sets = [actions(rng) for _ in range(300)]
        began = time.perf_counter()
        answers = [ours(tokenizer, options, rng) for options in sets]
        between = time.perf_counter()
        for options, tokens in zip(sets, answers, strict=True):
            peer(tokenizer, options, tokens, LLMatcher)
        ended = time.perf_counter()
        steps = sum(len(tokens) + 1 for tokens in answers)
        mine.append((between - began) / steps * 1e6)
        theirs.append((ended - between) / steps * 1e6)
    value = statistics.median(mine)
    report(
        "masks",
        f"mask of a list of options, microseconds a token ({tokenizer.size} tokens)",
        ours=value,
        peer=statistics.median(theirs),
        ratio=statistics.median(theirs) / value,
        bound="ours at most 20 microseconds",
        holds=value <= 20,
        unit="us/token",
        packages=("llguidance",),
    )


if __name__ == "__main__":
    main()
