"""The mechanics of training that every learner here shares: batches, a rate that rises and falls, checkpoints, a watch.

Training is a fixed list of batches walked through once; nothing in it is random beyond the order, which the seed fixes. So a
training that was cut off and goes on from its checkpoint ends where an unbroken one does, up to the noise of floats.
"""

from __future__ import annotations

import hashlib
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dutiful.core.errors import DutifulError, SpecError
from dutiful.core.learner import Progress
from dutiful.core.records import Json, Record

if TYPE_CHECKING:
    import torch


RISE = 0.3
"""Nats a token that the loss may rise beyond half as much again: a training that goes on from a good adapter starts near 0."""


class Diverged(DutifulError):
    """The loss of a training is no number any more, or has risen far above where it began."""


class Plan(Record, frozen=True):
    """How to optimise (AdamW). `warmup` is the share of the training over which the rate rises; it falls as a cosine after.

    max_minutes: the rate has fallen to nothing by then, and training ends. every: minutes between checkpoints.
    """

    lr: float = 1e-3
    warmup: float = 0.05
    clip: float = 1.0
    decay: float = 0.0
    max_minutes: float | None = None
    every: float = 1.0


class History(Record, frozen=True):
    """How a training went: the loss of each step, tokens read, seconds of wall clock and of CPU over all its sittings."""

    losses: tuple[float, ...] = ()
    tokens: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def curve(self, points: int = 40) -> list[tuple[int, float]]:
        """The loss as (step, mean over the stretch that ends there), in at most `points` stretches."""
        width = max(1, math.ceil(len(self.losses) / points))
        stretches = [self.losses[i : i + width] for i in range(0, len(self.losses), width)]
        return [(min((i + 1) * width, len(self.losses)), sum(s) / len(s)) for i, s in enumerate(stretches)]


def bucketed(lengths: Sequence[int], tokens: int, epochs: int = 1, seed: int = 0, window: int = 64) -> list[list[int]]:
    """Batches of sample numbers, each of at most `tokens` when padded to its longest sample (a longer sample goes alone).

    Every epoch shuffles anew; within `window` samples, those of like length go together, so that little is padding.
    """
    draw, batches = random.Random(seed), list[list[int]]()
    for _ in range(epochs):
        order, epoch = list(range(len(lengths))), list[list[int]]()
        draw.shuffle(order)
        for start in range(0, len(order), window):
            batch = list[int]()
            for number in sorted(order[start : start + window], key=lambda n: (lengths[n], n)):
                if batch and lengths[number] * (len(batch) + 1) > tokens:
                    epoch.append(batch)
                    batch = []
                batch.append(number)
            epoch.append(batch)
        draw.shuffle(epoch)
        batches += epoch
    return batches


def rate(done: float, plan: Plan) -> float:
    """The learning rate when a share `done` of the training (0 to 1) is behind."""
    if done < plan.warmup:
        return plan.lr * done / plan.warmup
    return plan.lr * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - plan.warmup) / (1 - plan.warmup))))


def fingerprint(*things: Any) -> str:
    """A short hash of what a training is made of: a checkpoint of another one is not continued."""
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]


def train(
    parameters: Mapping[str, torch.nn.Parameter],
    loss: Callable[[Sequence[int]], torch.Tensor],
    batches: Sequence[Sequence[int]],
    lengths: Sequence[int],
    plan: Plan,
    checkpoint: Path,
    made_of: str,
    progress: Progress | None = None,
) -> History:
    """Walks through the batches, or on from the checkpoint. `loss` takes the sample numbers of a batch to a scalar.

    The parameters are left as they are at the end. Raises Diverged when the loss or a gradient is no number, or when the
    last twenty losses are far above the first five (by half, and RISE besides); SpecError when the checkpoint is of
    another training.
    """
    import torch

    trained = list(parameters.values())
    optimiser = torch.optim.AdamW(trained, lr=plan.lr, weight_decay=plan.decay)
    losses, tokens, seconds, cpu_seconds = list[float](), 0, 0.0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["made_of"] != made_of:
            raise SpecError(
                f"{checkpoint} holds an unfinished training of other data or settings: "
                "finish it with those, delete the file, or give another place for the result"
            )
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(state["parameters"][name])
        optimiser.load_state_dict(state["optimiser"])
        losses, tokens, seconds, cpu_seconds = state["losses"], state["tokens"], state["seconds"], state["cpu_seconds"]
        _tell(progress, "resume", dict(step=len(losses), of=len(batches)))
    began, cpu_began = time.monotonic() - seconds, time.process_time() - cpu_seconds
    saved, fresh = time.monotonic(), -tokens

    def save() -> None:
        partial = checkpoint.with_name(checkpoint.name + ".partial")
        partial.parent.mkdir(parents=True, exist_ok=True)
        state = dict(parameters={name: p.detach() for name, p in parameters.items()}, optimiser=optimiser.state_dict())
        spent = dict(seconds=time.monotonic() - began, cpu_seconds=time.process_time() - cpu_began)
        torch.save({**state, **spent, "losses": losses, "tokens": tokens, "made_of": made_of}, partial)
        partial.replace(checkpoint)

    for batch in batches[len(losses) :]:
        spent = (time.monotonic() - began) / 60
        timed = spent / plan.max_minutes if plan.max_minutes else 0.0
        if timed >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(max((len(losses) + 1) / len(batches), timed), plan)
        optimiser.zero_grad(set_to_none=True)
        value = loss(batch)
        value.backward()  # type: ignore[reportUnknownMemberType]
        norm = torch.nn.utils.clip_grad_norm_(trained, plan.clip)
        losses.append(float(value.detach()))
        _watch(losses, float(norm), plan)
        optimiser.step()  # type: ignore[reportUnknownMemberType]
        tokens += sum(lengths[number] for number in batch)
        now = time.monotonic()
        if now - saved >= plan.every * 60:
            save()
            saved = now
        pace = (now - began) / len(losses)
        left = pace * (len(batches) - len(losses))
        if plan.max_minutes:
            left = min(left, plan.max_minutes * 60 - (now - began))
        speed = (tokens + fresh) / max(1e-9, now - began - seconds)
        figures = dict(step=len(losses), of=len(batches), loss=losses[-1], tokens_per_second=speed, seconds_left=max(0.0, left))
        _tell(progress, "train", figures)
    return History(tuple(losses), tokens, time.monotonic() - began, time.process_time() - cpu_began)


def _watch(losses: list[float], norm: float, plan: Plan) -> None:
    step = len(losses)
    if not math.isfinite(losses[-1]) or not math.isfinite(norm):
        raise Diverged(f"step {step}: the loss is {losses[-1]}, its gradient {norm}; try a lower rate than lr={plan.lr:g}")
    first, last = losses[:5], losses[-20:]
    before, now = sum(first) / len(first), sum(last) / len(last)
    if step >= 25 and now > 1.5 * before + RISE:
        raise Diverged(f"step {step}: the loss rose from {before:.3g} to {now:.3g}; try a lower lr")


def _tell(progress: Progress | None, word: str, figures: Json) -> None:
    if progress:
        progress(word, figures)
