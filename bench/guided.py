"""All-pass rate, fluency and generated tokens of guided answers, beside plain greedy ones, with the embedded model on chat/rules.

Fixed before the test split was run: guided must pass at least 1.8 times as often as plain and 25 points more often, and the mean
log-likelihood of its answers under the bare model must lie within 10% of plain's. An answer's log-likelihood is the mean over its
tokens, the end of the turn included where it was written, given the prompt and without any mask; the mean is over answers. The
headline is decoding alone: steering and best of n, no code that mends. Settings were chosen on the validation split.

Seed s takes tasks 16 s to 16 s + 15 of the split, four of each level, so all arms see the same tasks, and draws with seed s. Arms
that ask the model the same share the answer (a cache), and each counts its tokens. The fair baseline draws plain answers and
takes the one that meets most, with at least as many generated tokens as the headline.

Run as `python bench/guided.py [SPLIT] [SEEDS] [CACHE]`, test and 5 unless told; the row is written for the test split only. CACHE
is a file that keeps the answers, to be read again.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean, median

import numpy as np
from engine import report

from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.model import Completion, Model, Sampling
from dutiful.core.prompt import Prompt
from dutiful.kit.constraints import rule
from dutiful.kit.constraints.steer import finish_most
from dutiful.kit.dialogue import read
from dutiful.kit.statistics import Interval, bootstrap_difference, bootstrap_mean, ratio_of_means, wilson
from dutiful.models.cache import Cache

TASKS, TOKENS, SAMPLES = 16, 200, 3
DECODING = f"act+guided?samples={SAMPLES}&repair=false&mend=false"
ARMS = {
    "plain": f"act+choice?tokens={TOKENS}",
    "steer": "act+guided?samples=0&repair=false&mend=false",
    "steer, best of n": DECODING,
    "steer, best of n, no floor": f"{DECODING}&floor=99",
    "all, code mends": f"act+guided?samples={SAMPLES}",
}
BASE = "act+guided?samples={}&steer=false&floor=99&repair=false&mend=false"
HEADLINE, RATIO, POINTS, FLUENCY = "steer, best of n", 1.8, 0.25, 0.10


class Noted(Model):
    """A model that remembers the log-probability of what it wrote, by the prompt and the text."""

    def __init__(self, inner: Model):
        self.inner, self.said = inner, {}
        self.card, self.context = inner.card, inner.context

    def bind(self, world, seed):
        return self

    @property
    def spec(self):
        return self.inner.spec

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint=None) -> Completion:
        done = self.inner.generate(prompt, sampling, constraint)
        self.said[prompt[-1].text, done.text.strip()] = done.logprob / done.usage.completion_tokens
        return done

    def likely(self, prompt: Prompt, text: str) -> float:
        """Nats a token: as it was written, else read again, as a whole answer with its end."""
        known = self.said.get((prompt[-1].text, text.strip()))
        if known is not None:
            return known
        choice = self.inner.choose(prompt, [text])
        return choice.scores[0] / (choice.usage.completion_tokens + 1)


def answers(model: Noted, spec: str, split: str, seeds: int) -> list[dict]:
    """One row a task: whether all is met, generated tokens, log-likelihood a token, the level, how the answer came about."""
    tasks = parts.world("chat/rules").tasks(split)

    def one(number: int) -> dict:
        agent = parts.agent(spec, model)
        episode = solve(agent, tasks[number], parts.world("chat/rules"), seed=number // TASKS)
        if episode.error:
            raise RuntimeError(f"task {number}: {episode.error.message}\n{episode.error.trace}")
        first = next(prompt for prompt in episode.prompts())
        action = episode.steps[0].action
        return {
            "passed": episode.passed,
            "met": episode.verdict.score,
            "tokens": episode.usage.completion_tokens,
            "likely": model.likely(Prompt(first), action.text),
            "level": read(episode.task).turns[0].tags["level"],
            "how": action.thought.partition(":")[0],
            "text": action.text,
        }

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(seeds * TASKS)))


def column(rows: list[dict], key: str) -> list[float]:
    return [float(row[key]) for row in rows]


def shown(interval: Interval) -> list[float | None]:
    return [round(x, 3) if math.isfinite(x) else None for x in interval]


def summary(rows: list[dict], plain: list[dict]) -> dict:
    """What stands in the result for one arm."""
    passed = column(rows, "passed")
    levels = sorted({row["level"] for row in rows})
    return {
        "all_pass": shown(wilson(int(sum(passed)), len(rows))),
        "by_level": {level: round(mean(row["passed"] for row in rows if row["level"] == level), 3) for level in levels},
        "rules_met": round(mean(column(rows, "met")), 3),
        "points_over_plain": shown(bootstrap_difference(column(plain, "passed"), passed)),
        f"over_{RATIO}_times_plain": shown(bootstrap_difference([RATIO * x for x in column(plain, "passed")], passed)),
        "times_plain": shown(ratio_of_means(column(plain, "passed"), passed)),
        "tokens": round(mean(column(rows, "tokens")), 1),
        "likely": shown(bootstrap_mean(column(rows, "likely"))),
        "likely_times_plain": shown(ratio_of_means(column(plain, "likely"), column(rows, "likely"))),
        "how": {how: sum(row["how"] == how for row in rows) for how in sorted({row["how"] for row in rows if row["how"]})},
    }


def cost(count: int = 40) -> dict:
    """What steering takes a token, without the model: gold answers of validation tasks are the favourites, token by token."""
    from dutiful.core.model import Steered
    from dutiful.models.embedded import weights
    from dutiful.models.embedded.steering import Steering
    from dutiful.models.embedded.tokenizer import Tokenizer

    tokenizer = Tokenizer(weights.fetch())
    _ = tokenizer.pieces, tokenizer.table, tokenizer.continuations
    tasks, times, calls, tokens = parts.world("chat/rules").tasks("validation"), [], 0, 0
    for number in range(count):
        turn = read(tasks[number]).turns[0]
        finish, _ = finish_most([rule(constraint) for constraint in turn.constraints])
        asked = 0

        def counted(text, finish=finish):
            nonlocal asked
            asked += 1
            return finish(text)

        steering = Steering(Steered(counted, "bench"), tokenizer, 2000)
        logits = np.random.default_rng(number).standard_normal(tokenizer.size).astype(np.float32)
        for token in tokenizer.tokenize(turn.gold):
            if steering.plan:
                break
            before, logits[token] = logits[token], 99
            began = time.thread_time()
            steering.next(logits, lambda logits=logits: logits)
            times.append(time.thread_time() - began)
            logits[token] = before
            tokens += 1
        calls += asked
    ordered = sorted(times)
    return {
        "median_us": round(median(times) * 1e6, 1),
        "mean_us": round(mean(times) * 1e6, 1),
        "p95_us": round(ordered[int(0.95 * len(ordered))] * 1e6, 1),
        "finish_calls_a_token": round(calls / tokens, 2),
    }


def main():
    split = sys.argv[1] if len(sys.argv) > 1 else "test"
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    kept = sys.argv[3] if len(sys.argv) > 3 else ""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        embedded = parts.model("embedded?threads=1")
        model = Noted(Cache(embedded, kept or str(Path(folder) / "answers.db")))
        rows = {}
        for name, spec in ARMS.items():
            rows[name] = answers(model, spec, split, seeds)
            print(name, summary(rows[name], rows["plain"]), f"{time.process_time() - began:.0f} CPU s", flush=True)
        budget, samples = mean(column(rows[HEADLINE], "tokens")), 0
        fair = rows["plain"]
        while mean(column(fair, "tokens")) < budget:  # the fewest draws that spend as much
            samples += 1
            fair = answers(model, BASE.format(samples), split, seeds)
        rows[f"plain, best of {samples + 1}"] = fair
        model.inner.close()
    arms = {name: summary(found, rows["plain"]) for name, found in rows.items()}
    print(f"plain, best of {samples + 1}", arms[f"plain, best of {samples + 1}"])
    head = arms[HEADLINE]
    times, points, likely = head[f"over_{RATIO}_times_plain"], head["points_over_plain"], head["likely_times_plain"]
    holds = {
        "times": times[0] >= 0,
        "points": points[0] >= POINTS,
        "likelihood": likely[0] <= 1 + FLUENCY,
        "times, whole interval": times[1] >= 0,
        "points, whole interval": points[1] >= POINTS,
        "likelihood, whole interval": likely[2] <= 1 + FLUENCY,
    }
    steering = cost()
    print(holds, steering, f"{time.process_time() - began:.0f} CPU s")
    if split != "test":
        return
    report(
        "guided",
        f"all-pass rate on chat/rules, levels I to IV, {seeds} seeds of {TASKS} tasks: steered, best of n, against plain greedy",
        ours=head["all_pass"][0],
        peer=arms["plain"]["all_pass"][0],
        ratio=head["all_pass"][0] / arms["plain"]["all_pass"][0] if arms["plain"]["all_pass"][0] else None,
        bound=f"at least {RATIO} times plain, {POINTS * 100:.0f} points more, log-likelihood within {FLUENCY:.0%}",
        holds=holds["times"] and holds["points"] and holds["likelihood"],
        unit="share of tasks",
        packages=("xllamacpp", "numpy"),
        each_holds=holds,
        arms=arms,
        specs={**ARMS, f"plain, best of {samples + 1}": BASE.format(samples)},
        steering_cost_a_token=steering,
        cpu_seconds=round(time.process_time() - began),
    )


if __name__ == "__main__":
    main()
