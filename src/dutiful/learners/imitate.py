"""Teaches a policy from a world's expert: behaviour cloning, then DAgger.

    round 0      the expert acts; every state is kept with the expert's action
    round 1..    the policy acts (and sometimes the expert), the expert is asked at every state that comes of it
    each round   `updates` batches over everything kept so far; the averaged weights are tried on validation tasks

Only train tasks are learned from; the weights that come out are those of the best round on validation; test tasks are not
touched. Source: DAgger, Ross et al. 2011 (arXiv 1011.0686).
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import math
import platform
import shlex
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dutiful.agents.policy import Policy, features, lexicon, sentence, sizes
from dutiful.core.agent import Agent
from dutiful.core.episode import solve
from dutiful.core.errors import MissingExtra, SpecError, StoreError, WorldFailure
from dutiful.core.learner import Learner, Progress
from dutiful.core.limits import Limits
from dutiful.core.parts import Card
from dutiful.core.records import Json
from dutiful.core.world import World
from dutiful.kit import network
from dutiful.kit.network import Batch, Trainer
from dutiful.kit.training import Diverged, Plan, fingerprint, rate
from dutiful.learners.rollouts import TYPES, Kept, Rollout


class Imitate(Learner):
    """Behaviour cloning and DAgger from the expert of one or more worlds of the kind `grid`.

    rounds: of acting and learning. episodes: in each round, shared among the worlds. updates, batch: gradient steps a round,
    and samples in each. lr: the highest rate; it falls as a cosine over the whole training. expert: the share of
    episodes after the first round in which the expert acts. noise: the share of steps at random in all others. cap: steps
    after which such an episode is dropped. validate: validation tasks of each world a round. minutes: of CPU, all threads
    together; the rate has fallen to nothing by then and the training ends; None is no limit. threads: of torch.
    """

    card = Card(
        kind="learner",
        name="imitate",
        summary="teaches a small policy from a world's expert: behaviour cloning, then DAgger",
        needs=("train",),
        source="arXiv 1011.0686",
    )

    def __init__(
        self,
        rounds: int = 10,
        episodes: int = 1200,
        updates: int = 800,
        batch: int = 512,
        lr: float = 2e-3,
        expert: float = 0.2,
        noise: float = 0.05,
        cap: int = 150,
        validate: int = 50,
        minutes: float | None = None,
        threads: int = 1,
        seed: int = 0,
    ):
        if min(rounds, episodes, updates, batch, cap, validate, threads) < 1 or lr <= 0 or (minutes is not None and minutes <= 0):
            raise SpecError(f"imitate: {self._given(locals())}; counts, rate and minutes must be positive")
        if not (0 <= expert <= 1 and 0 <= noise <= 1):
            raise SpecError(f"imitate: expert={expert}, noise={noise}; expected shares from 0 to 1")
        self.rounds, self.episodes, self.updates, self.batch, self.lr = rounds, episodes, updates, batch, lr
        self.expert, self.noise, self.cap, self.validate = expert, noise, cap, validate
        self.minutes, self.threads, self.seed = minutes, threads, seed

    @staticmethod
    def _given(values: dict[str, Any]) -> str:
        return ", ".join(f"{name}={value}" for name, value in values.items() if name != "self")

    def fit(self, agent: Agent, source: Iterable[Any], out: Path | str, progress: Progress | None = None) -> Agent:
        """The policy taught in the worlds of `source`; its weights lie at `out` with the suffix .npz, their card in .json.

        An agent with weights goes on from them. What is needed to resume lies in `out` with the suffix .work until the
        end. Raises SpecError for worlds without expert or state, `kit.training.Diverged` when the loss runs away; an
        earlier result at `out` is replaced by a finished one only.
        """
        if importlib.util.find_spec("torch") is None:
            raise MissingExtra("imitate", "train", "torch")
        if not isinstance(agent, Policy):
            raise SpecError(f"imitate teaches the agent 'policy', not {agent.spec!r}")
        worlds = list(source)
        for world in worlds:
            if not (isinstance(world, World) and world.can("expert") and world.can("state")):
                raise SpecError(f"imitate needs worlds with expert and state, {getattr(world, 'spec', world)!r} is none")
        if not worlds:
            raise SpecError("imitate: there is no world to learn in")
        return _Fit(self, agent, worlds, Path(out), progress or (lambda word, figures: None)).run()


class _Fit:
    """One training: its data, its counters, its checkpoints."""

    def __init__(self, how: Imitate, agent: Policy, worlds: list[World], out: Path, tell: Progress):
        self.how, self.worlds, self.tell = how, worlds, tell
        self.path, self.work = out.with_suffix(".npz"), out.with_suffix(".work")
        self.sizes = sizes()
        self.made_of = fingerprint(how.spec, agent.weights, [world.spec for world in worlds])
        start = agent.network.p if agent.weights else network.fresh(self.sizes, how.seed)
        self.trainer = Trainer(start, self.sizes, lexicon())
        self.plan = Plan(lr=how.lr, warmup=0.02)
        self.round, self.curve, self.best, self.seconds = 0, [], -1.0, 0.0
        self.cpu_before, self.cpu_began = 0.0, time.process_time()
        self.sentences: dict[str, int] = {}
        self.kept: Kept | None = None

    @property
    def cpu_seconds(self) -> float:
        return self.cpu_before + time.process_time() - self.cpu_began

    @property
    def timed(self) -> float:
        return self.cpu_seconds / (60 * self.how.minutes) if self.how.minutes else 0.0

    def run(self) -> Policy:
        self.work.mkdir(parents=True, exist_ok=True)
        with _threads(self.how.threads):
            self.resume()
            while self.round < self.how.rounds and self.timed < 1:
                began = time.monotonic()
                figures: Json = dict(round=self.round + 1, of=self.how.rounds)
                self.keep(self.collect())
                figures |= dict(samples=self.samples, **self.learn())
                figures |= self.try_out()
                self.round += 1
                self.seconds += time.monotonic() - began
                figures["cpu_seconds"] = round(self.cpu_seconds, 1)
                self.curve.append(figures)
                self.save()
                self.tell("round", figures)
        self.finish()
        return Policy(str(self.path))

    def collect(self) -> Kept:
        """Acts in every world, with a share of the episodes each; keeps states and the expert's actions."""
        rows: list[tuple[Any, ...]] = []
        share = -(-self.how.episodes // len(self.worlds))
        for number, world in enumerate(self.worlds):
            rows += Rollout(self, number, world, share).run()
        columns = list(zip(*rows, strict=True))
        kept = Kept(*(np.array(column, dtype) for column, dtype in zip(columns, TYPES, strict=True)))
        np.savez_compressed(self.work / f"round-{self.round}.part.npz", **kept._asdict())
        (self.work / f"round-{self.round}.part.npz").replace(self.work / f"round-{self.round}.npz")
        return kept

    def keep(self, new: Kept) -> None:
        """Adds a round's states to those before."""
        self.kept = new if self.kept is None else Kept(*(np.concatenate(pair) for pair in zip(self.kept, new, strict=True)))

    @property
    def samples(self) -> int:
        return 0 if self.kept is None else len(self.kept.label)

    def number(self, text: str) -> int:
        """The number of a sentence."""
        return self.sentences.setdefault(text, len(self.sentences))

    def batch(self, kept: Kept, chosen: np.ndarray, words: np.ndarray) -> Batch:
        """The chosen samples as the network reads them; a sentence that several share is read once."""
        places, extra = features(kept.marks[chosen], kept.poses[chosen], kept.past[chosen])
        used, which = np.unique(kept.sentence[chosen], return_inverse=True)
        return Batch(words[used], which, kept.codes[chosen], places, kept.carried[chosen], extra)

    def learn(self) -> Json:
        """A round of updates over everything kept, each world with the same share of the samples."""
        how, kept = self.how, self.kept
        assert kept is not None, "a round begins with acting"
        of_world = [np.flatnonzero(kept.world == number) for number in range(len(self.worlds))]
        of_world = [numbers for numbers in of_world if len(numbers)]
        words = np.stack([sentence(text) for text in self.sentences])
        draw = np.random.default_rng([how.seed, self.round, 1])
        losses: list[float] = []
        for update in range(how.updates):
            done = max((self.round * how.updates + update + 1) / (how.rounds * how.updates), self.timed)
            if done > 1:
                break
            parts = np.array_split(draw.random(how.batch), len(of_world))
            chosen = np.concatenate([where[(part * len(where)).astype(int)] for where, part in zip(of_world, parts, strict=True)])
            losses.append(self.trainer.step(self.batch(kept, chosen, words), kept.label[chosen], rate(done, self.plan)))
            if not math.isfinite(losses[-1]):
                raise Diverged(
                    f"round {self.round + 1}, update {update + 1}: the loss is {losses[-1]}; try a lower lr than {how.lr:g}"
                )
            if update % 50 == 49:
                self.tell("train", dict(round=self.round + 1, update=update + 1, of=how.updates, loss=sum(losses[-50:]) / 50))
        loss = sum(losses[-100:]) / max(1, len(losses[-100:]))
        if losses and loss > 3.0:
            raise Diverged(
                f"round {self.round + 1}: the loss is {loss:.2f}, above that of a coin; try a lower lr than {how.lr:g}"
            )
        return dict(loss=round(loss, 4))

    def try_out(self) -> Json:
        """Success on validation; the best round's weights so far are set aside."""
        network.save(self.work / "now.npz", self.trainer.averaged(), self.sizes)
        policy = Policy(str(self.work / "now.npz"))
        rates = {}
        for world in self.worlds:
            passed = 0
            for task in world.tasks("validation")[: self.how.validate]:
                episode = solve(policy, task, world, limits=Limits(steps=4 * self.how.cap))
                if episode.error:
                    raise WorldFailure(f"imitate: validation task {task.id!r} broke: {episode.error.message}")
                passed += episode.passed
            rates[world.spec] = passed / self.how.validate
        mean = sum(rates.values()) / len(rates)
        if mean >= self.best:
            self.best = mean
            (self.work / "now.npz").replace(self.work / "best.npz")
        return dict(validation=rates)

    def save(self) -> None:
        """Sets a checkpoint; a training that is cut off goes on after the last finished round."""
        import torch

        state = dict(made_of=self.made_of, round=self.round, curve=self.curve, best=self.best, seconds=self.seconds)
        state |= dict(cpu=self.cpu_seconds, sentences=list(self.sentences), trainer=self.trainer.state())
        torch.save(state, self.work / "checkpoint.part")
        (self.work / "checkpoint.part").replace(self.work / "checkpoint.pt")

    def resume(self) -> None:
        """Goes on from a checkpoint, if there is one of the same training."""
        import torch

        path = self.work / "checkpoint.pt"
        if not path.exists():
            return
        try:
            state = torch.load(path, weights_only=True)
        except Exception as error:
            raise StoreError(f"{path} is damaged ({error}); delete the folder {self.work} and begin anew") from error
        if state["made_of"] != self.made_of:
            raise SpecError(
                f"{self.work} holds an unfinished training of other worlds or settings: "
                "finish it with those, delete the folder, or give another place for the result"
            )
        self.trainer.resume(state["trainer"])
        self.round, self.curve, self.best, self.seconds = state["round"], state["curve"], state["best"], state["seconds"]
        self.cpu_before, self.cpu_began = state["cpu"], time.process_time()
        self.sentences = {text: number for number, text in enumerate(state["sentences"])}
        for number in range(self.round):
            with np.load(self.work / f"round-{number}.npz") as file:
                self.keep(Kept(*(file[name] for name in Kept._fields)))
        self.tell("resume", dict(round=self.round, of=self.how.rounds))

    def finish(self) -> None:
        """Puts the weights and their card in their place, and lets go of what was needed to resume."""
        how = self.how
        card: Json = dict(
            learner=how.spec,
            worlds=[world.spec for world in self.worlds],
            data="the experts of these worlds, tasks of the train split; chosen on the validation split",
            samples=self.samples,
            parameters=int(sum(np.prod(shape) for shape in network.shapes(self.sizes).values())),
            seed=how.seed,
            command=shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            cpu_seconds=round(self.cpu_seconds, 1),
            seconds=round(self.seconds, 1),
            versions={"python": platform.python_version()}
            | {name: importlib.metadata.version(name) for name in ("dutiful", "torch", "numpy", "minigrid")},
            validation=self.best,
            curve=self.curve,
        )
        self.path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
        (self.work / "best.npz").replace(self.path)
        shutil.rmtree(self.work)
        self.tell("done", dict(path=str(self.path), validation=self.best, cpu_seconds=card["cpu_seconds"]))


@contextlib.contextmanager
def _threads(number: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
