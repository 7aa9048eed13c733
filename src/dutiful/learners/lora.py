"""Teaches the embedded language model from demonstrations, by a low-rank change to its weights.

    W x  ->  W x + (alpha / rank) B A x        W frozen, A (rank, in) drawn at random, B (out, rank) zero at the start

Loss: cross-entropy of the answers' tokens and of the token that ends each, given all that the agent had read before them;
the output head is applied at those positions alone. The result is an adapter of a few megabytes in GGUF, beside it a card
in JSON. Source: LoRA, Hu et al. 2021 (arXiv 2106.09685); on all linear layers after Dettmers et al. 2023 (arXiv 2305.14314).
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import importlib.metadata
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from dutiful.core import parts
from dutiful.core.agent import Agent
from dutiful.core.errors import MissingExtra, SpecError
from dutiful.core.learner import Learner, Progress
from dutiful.core.parts import Card
from dutiful.core.prompt import Prompt
from dutiful.core.records import Episode, Example, Json
from dutiful.core.world import World
from dutiful.kit.demonstrations import demonstrate, examples
from dutiful.kit.gguf import PROJECTIONS, Weights, write_adapter
from dutiful.kit.lowrank import Adapter, Sample
from dutiful.kit.training import History, Plan, bucketed, fingerprint, train
from dutiful.models.embedded.model import ADAPTERS
from dutiful.models.embedded.tokenizer import Tokenizer
from dutiful.models.embedded.weights import find, sha256


def sample(example: Example, tokenizer: Tokenizer) -> Sample:
    """The tokens of an example as the embedded model reads and writes them, up to the last one that carries loss.

    An answer ends with the token that ends a message, which carries loss too.
    """
    ids, spans = tokenizer.encode(Prompt(example.spans), open=False)
    loss: list[int] = []
    for place, span in enumerate(spans):
        if span >= 0 and example.loss[span]:
            loss.append(place)
        elif place and spans[place - 1] >= 0 and example.loss[spans[place - 1]]:
            if ids[place] != tokenizer.eot:
                raise ValueError(f"span {spans[place - 1]} carries loss, but no message ends after it: {example.spans[span]}")
            loss.append(place)
    return Sample(ids[: loss[-1] + 1], loss) if loss else Sample([], [])


class Lora(Learner):
    """Low-rank adaptation of the embedded model.

    rank, alpha: of the paper, alpha / rank is the update's scale. epochs: passes over the samples. lr: the highest
    learning rate (AdamW; it rises over the first twentieth and falls as a cosine). tokens: of one batch, padded. max_minutes:
    ends earlier, the rate falling to zero by then. targets: the projections that are adapted, by the first letters of
    their names in Llama. layers: how many blocks from the top are adapted, 0 for all; the others cost no backward pass.
    precision: of the frozen weights and the products, "float32", "bfloat16", or "auto": whichever multiplies faster here.
    threads: of torch while it trains, 0 for torch's own choice; 1 is faster where others keep the cores busy.
    checkpoint_minutes: between two checkpoints. error: how often the player errs from whom it will `gather`.
    """

    card = Card(
        kind="learner",
        name="lora",
        summary="teaches the embedded language model from demonstrations, by a low-rank adapter",
        needs=("train",),
        source="arXiv 2106.09685",
    )

    def __init__(
        self,
        rank: int = 8,
        alpha: float = 16.0,
        epochs: int = 2,
        lr: float = 1e-3,
        tokens: int = 2048,
        seed: int = 0,
        max_minutes: float | None = None,
        targets: str = "q,k,v,o,gate,up,down",
        layers: int = 0,
        precision: str = "auto",
        threads: int = 0,
        checkpoint_minutes: float = 1.0,
        error: float = 0.0,
    ):
        if precision not in {"auto", "float32", "bfloat16"}:
            raise SpecError(f"lora: precision={precision!r}; expected auto, float32 or bfloat16")
        if unknown := [t for t in targets.split(",") if f"{t}_proj" not in PROJECTIONS]:
            known = ",".join(name.removesuffix("_proj") for name in PROJECTIONS)
            raise SpecError(f"lora: targets names {unknown[0]!r}; expected some of {known}")
        if rank < 1 or epochs < 1 or lr <= 0 or tokens < 1:
            raise SpecError(f"lora: rank={rank}, epochs={epochs}, lr={lr}, tokens={tokens}; all must be positive")
        self.rank, self.alpha, self.epochs, self.lr, self.tokens, self.seed = rank, alpha, epochs, lr, tokens, seed
        self.max_minutes, self.targets, self.layers = max_minutes, targets, layers
        self.precision, self.threads, self.checkpoint_minutes, self.error = precision, threads, checkpoint_minutes, error

    def gather(self, agent: Agent, worlds: Sequence[World], demos: int, seed: int = 0) -> Iterator[Example]:
        """Examples of tasks out of the train splits, shared out among the worlds, played as the agent to be taught would.

        With `error`, the player takes an action at random that often, and only what its expert would have done there is
        learned: so the agent sees what its own errors will lead to, and the way back (after DART, arXiv 1703.09327).
        """
        for number, world in enumerate(worlds):
            share = demos // len(worlds) + (number < demos % len(worlds))
            episodes = demonstrate(agent.spec, world, share, seed=seed, error=self.error)
            yield from examples(episodes, world.spec if self.error else None)

    def fit(self, agent: Agent, source: Iterable[Episode | Example], out: Path, progress: Progress | None = None) -> Agent:
        """The agent with the embedded model and the adapter, which is the file OUT.gguf; its card is OUT.json.

        `source`: episodes (every answer of those that passed is learned) or examples, which say themselves what is. An
        agent whose model is an embedded one is taught over those weights, any other over the default ones; one that has an
        adapter already is taught further, from there. Raises
        SpecError when there is nothing to learn or a sample is longer than the model's context, `kit.training.Diverged`
        when the loss runs away; an earlier adapter at `out` is replaced by a finished one only.
        """
        tell = progress or (lambda word, figures: None)
        path = out if out.suffix == ".gguf" else out.with_name(out.name + ".gguf")
        weights = find(getattr(agent.model, "weights", "") or "")
        tell("read", {"weights": weights.name})
        base, earlier = Weights(weights), _earlier(agent)
        tokenizer = Tokenizer(weights)
        made = Material()
        samples = [sample(example, tokenizer) for example in made.of(source)]
        samples = [one for one in samples if one.loss]
        if not samples:
            raise SpecError("lora: there is nothing to learn from: no episode passed, or no example carries loss")
        if (longest := max(len(one.ids) for one in samples)) > base.shape.context:
            raise SpecError(f"lora: a sample has {longest} tokens, the model's context {base.shape.context}: show less")
        with _threads(self.threads):
            targets = [f"{target}_proj" for target in self.targets.split(",")]
            adapter = Adapter(base, self.rank, self.alpha, targets, self.layers, self.precision, self.seed)
            if earlier:
                adapter.load(earlier, base)
            batches = bucketed([len(one.ids) for one in samples], self.tokens, self.epochs, self.seed)
            tell("start", dict(steps=len(batches), precision=adapter.precision, **made.figures(samples)))
            history = train(
                adapter.parameters,
                lambda batch: adapter.loss([samples[number] for number in batch]),
                batches,
                [len(one.ids) for one in samples],
                Plan(lr=self.lr, max_minutes=self.max_minutes, every=self.checkpoint_minutes),
                path.with_suffix(".checkpoint"),
                fingerprint(self._recipe(), sha256(weights), samples, *([sha256(earlier)] if earlier else [])),
                tell,
            )
        write_adapter(path, adapter.matrices(), base.shape, self.alpha, {"learner": self.spec, "base": base.name})
        read = sum(len(batch) for batch in batches[: len(history.losses)])
        card = self._card(agent, path, base, made, samples, history, {"precision": adapter.precision, "samples_read": read})
        path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
        path.with_suffix(".checkpoint").unlink(missing_ok=True)
        tell("done", dict(path=str(path), seconds=history.seconds))
        taught = copy.copy(agent)
        taught.model = _with_adapter(agent, path)
        return taught

    def _recipe(self) -> list[Any]:
        """What a checkpoint must agree with: threads and times may change between the sittings of a training."""
        return [self.rank, self.alpha, self.epochs, self.lr, self.tokens, self.seed, self.targets, self.layers]

    def _card(
        self,
        agent: Agent,
        path: Path,
        base: Weights,
        made: Material,
        samples: Sequence[Sample],
        history: History,
        more: Json,
    ) -> Json:
        earlier = _earlier(agent)
        versions = {name: importlib.metadata.version(name) for name in ("dutiful", "torch", "transformers", "gguf")}
        return {
            "learner": self.spec,
            "agent": agent.spec,
            "base": {"name": base.name, "file": base.path.name, "sha256": sha256(base.path)},
            "from_adapter": {"file": earlier.name, "sha256": sha256(earlier)} if earlier else None,
            "adapter": {"file": path.name, "bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
            "data": made.origins() | made.figures(samples),
            "training": {
                "steps": len(history.losses),
                "tokens_read": history.tokens,
                "minutes": round(history.seconds / 60, 2),
                "cpu_minutes": round(history.cpu_seconds / 60, 2),
                **more,
                "loss": {str(step): round(loss, 4) for step, loss in history.curve(20)},
            },
            "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            "versions": versions,
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
        }


class Material:
    """What went into a training, counted as it passes."""

    def __init__(self):
        self.episodes = 0
        self._origins: Counter[tuple[str, ...]] = Counter()
        self._answers, self._seeds = 0, list[int]()

    def of(self, source: Iterable[Episode | Example]) -> Iterator[Example]:
        """The examples of a source of episodes or examples."""
        tasks: set[tuple[str, str, int]] = set()
        for item in source:
            for example in examples([item]) if isinstance(item, Episode) else (item,):
                origin = example.origin
                self._origins[tuple(str(origin.get(key, "")) for key in ("world", "split", "agent", "model"))] += 1
                tasks.add((str(origin.get("world")), str(origin.get("task")), origin.get("seed", 0)))
                self._answers += sum(example.loss)
                self._seeds.append(origin.get("seed", 0))
                self.episodes = len(tasks)
                yield example

    def origins(self) -> Json:
        """How many samples came from which world, split, agent and model, and the first and last seed of their episodes."""
        keys = ("world", "split", "agent", "model", "samples")
        made = [dict(zip(keys, (*origin, n), strict=True)) for origin, n in sorted(self._origins.items())]
        return {"from": made, "seeds": [min(self._seeds), max(self._seeds)]}

    def figures(self, samples: Sequence[Sample]) -> Json:
        return {
            "episodes": self.episodes,
            "samples": len(samples),
            "answers": self._answers,
            "tokens": sum(len(one.ids) for one in samples),
            "tokens_learned": sum(len(one.loss) for one in samples),
        }


@contextlib.contextmanager
def _threads(n: int) -> Iterator[None]:
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("lora", "train", error.name or "") from error
    before = torch.get_num_threads()
    torch.set_num_threads(n or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _earlier(agent: Agent) -> Path | None:
    """The adapter that the agent's embedded model has already."""
    name = getattr(agent.model, "adapter", "") if agent.model is not None and agent.model.card.name == "embedded" else ""
    if not name:
        return None
    shipped = ADAPTERS / f"{name}.gguf"
    return shipped if shipped.is_file() else Path(name).expanduser()


def _with_adapter(agent: Agent, path: Path) -> Any:
    """The agent's embedded model over again with the adapter; the default one for an agent that had another model."""
    params: dict[str, Any] = {}
    if agent.model is not None and agent.model.card.name == "embedded":
        params = parts.Spec.parse(agent.model.spec.split("+", maxsplit=1)[0]).params
    return parts.model(str(parts.Spec("embedded", params | {"adapter": str(path)})))
