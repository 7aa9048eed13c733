"""Acting in many episodes of a grid side by side, keeping each state with what the expert says of it: DAgger's gathering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np

from dutiful.agents.policy import Map, features, sentence
from dutiful.core.errors import WorldFailure
from dutiful.core.parts import make
from dutiful.core.records import Action, Observation
from dutiful.core.world import World
from dutiful.kit.network import Batch, Trainer
from dutiful.worlds.grid import view


class Kept(NamedTuple):
    """States with the expert's action, n of each: codes and marks of the map (n, 169), pose (n, 3), past actions (n, 4), what is
    carried, the numbers of the sentence, of the action and of the world (n,)."""

    codes: np.ndarray
    marks: np.ndarray
    poses: np.ndarray
    past: np.ndarray
    carried: np.ndarray
    sentence: np.ndarray
    label: np.ndarray
    world: np.ndarray


TYPES = Kept(np.uint8, np.uint8, np.int8, np.uint8, np.uint8, np.uint16, np.uint8, np.uint8)  # type: ignore[arg-type]


class Course(Protocol):
    """The training that the episodes are for; `how` has the parameters seed, expert, noise and cap of `Imitate`."""

    round: int
    trainer: Trainer
    sentences: dict[str, int]

    @property
    def how(self) -> Any: ...

    def number(self, text: str) -> int: ...


class Rollout:
    """Many episodes of one world at once, so that the policy is asked in batches."""

    SIDE_BY_SIDE = 48

    def __init__(self, fit: Course, number: int, world: World, episodes: int):
        self.fit, self.number = fit, number
        self.worlds = [make("world", world.spec) for _ in range(min(self.SIDE_BY_SIDE, episodes))]
        first = fit.round * episodes
        self.tasks = iter(world.tasks("train")[first : first + episodes])
        self.draw = np.random.default_rng([fit.how.seed, fit.round, 2, number])
        self.rows: list[tuple[Any, ...]] = []

    def run(self) -> list[tuple[Any, ...]]:
        going = [episode for world in self.worlds if (episode := self.begin(world))]
        while going:
            going = [episode for episode in self.turn(going) if episode]
        return self.rows

    def begin(self, world: World) -> Going | None:
        for task in self.tasks:
            observation = world.reset(task)
            guided = self.fit.round == 0 or self.draw.random() < self.fit.how.expert
            return Going(world, observation, Map(np.asarray(observation.state)), self.fit.number(task.instruction.text), guided)
        return None

    def turn(self, going: list[Going]) -> Iterator[Going | None]:
        scores = self.scores(going)
        for episode, score in zip(going, scores, strict=True):
            label, action = self.advice(episode.world), 0
            if label is not None:
                self.rows.append(
                    (*episode.map.around(), episode.map.past, episode.map.carried, episode.sentence, label, self.number)
                )
                allowed = [view.INDEX[choice] for choice in episode.observation.choices]
                if self.fit.round and self.draw.random() < self.fit.how.noise:
                    action = int(self.draw.choice(allowed))
                else:
                    action = label if episode.guided else max(allowed, key=lambda a: score[a])
            if label is None or not episode.step(action, self.fit.how.cap):
                yield self.begin(episode.world)
            else:
                yield episode

    @staticmethod
    def advice(world: World) -> int | None:
        """The expert's action; None where it knows no way on, which ends the episode."""
        try:
            return view.INDEX[world.expert().text]
        except WorldFailure:
            return None

    def scores(self, going: list[Going]) -> np.ndarray:
        if self.fit.round == 0:
            return np.zeros((len(going), self.fit.trainer.sizes.actions))
        seen = [(*episode.map.around(), episode.map.past, episode.map.carried) for episode in going]
        codes, marks, poses, past, carried = (np.array(column) for column in zip(*seen, strict=True))
        places, extra = features(marks, poses, past)
        texts = list(self.fit.sentences)
        used, which = np.unique([episode.sentence for episode in going], return_inverse=True)
        words = np.stack([sentence(texts[number]) for number in used])
        return self.fit.trainer.scores(Batch(words, which, codes, places, carried, extra))


class Going:
    """An episode that is going on."""

    def __init__(self, world: World, observation: Observation, seen: Map, number: int, guided: bool):
        self.world, self.observation, self.map, self.sentence, self.guided = world, observation, seen, number, guided
        self.steps = 0

    def step(self, action: int, cap: int) -> bool:
        """Goes on; False when that was the end."""
        self.map.act(action)
        self.observation = self.world.step(Action(view.ACTIONS[action]))
        self.steps += 1
        if self.observation.done or self.steps >= cap:
            return False
        self.map.see(np.asarray(self.observation.state))
        return True
