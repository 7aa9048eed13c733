"""A grid of rooms with coloured things and doors, seen in words: every BabyAI and MiniGrid level with an instruction."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.parts import Card
from dutiful.core.records import Action, Array, Criterion, Instruction, Json, Observation, Task, Verdict
from dutiful.core.world import World
from dutiful.worlds.grid import progress, tasks, view

_FIXED = frozenset({"observation_space", "action_space", "actions", "window", "clock"})

_REMEMBERED = 20_000
"""Missions kept by seed, so that a task asked for again is not laid out again."""


class Saved(NamedTuple):
    """A snapshot: the environment's fields, the bot, the world's own counters and what was seen, apart from what goes on."""

    env: Any
    fields: dict[str, Any]
    oracle: Any
    episode: dict[str, Any]
    seen: Observation


class Grid(World):
    """MiniGrid and BabyAI. The variant names the level: `grid/GoToLocal` is BabyAI-GoToLocal-v0, `grid/MiniGrid-Empty-8x8` is
    MiniGrid-Empty-8x8-v0; a full id does as well.

    Observations say what is in sight and where, how far it is free ahead and to the sides, and what is carried; `state` is
    the symbolic view (`view.state` gives the layout); with `image`, the picture of it, (112, 112, 3). `choices` leaves out what
    visibly changes nothing (walking into a wall, picking up air); doing so anyway is refused and costs a step. Success is
    the level's own verifier; progress comes from the parts of its instruction. `room` is the side of the room, walls
    included, that `ground` lays out.

    The expert is BabyAI's bot, and for MiniGrid's own levels without rooms a search; either knows more than it shows. The bot
    raises WorldFailure where it knows no way: on some layouts of UnlockToUnlock and KeyInBox; on the Debug levels it does
    what they forbid. MiniGrid-Playground has no instruction and is refused; the WFC levels need minigrid's own extra.
    """

    card = Card(
        kind="world",
        name="grid",
        summary="rooms, doors and coloured things on a grid: every BabyAI and MiniGrid level with an instruction",
        capabilities=frozenset({"expert", "snapshot", "ground", "choices", "image", "state"}),
        needs=("grid",),
        source="minigrid 3.2.0",
        licence="Apache-2.0",
        variants=("GoToRedBallGrey", "GoToLocal", "PickupLoc", "PutNextLocal", "BossLevel"),
    )
    rules = (
        "You stand on a grid and see what lies ahead of you and to your sides. "
        "turn left, turn right: turn on the spot. go forward: one step ahead. pick up: take the thing one step ahead. "
        "drop: put what you carry one step ahead. toggle: open or close the door, or open the box, one step ahead; "
        "a locked door takes the key of its colour in your hand. You have gone to a thing when it is one step ahead."
    )

    def __init__(self, variant: str = "GoToRedBallGrey", image: bool = False, room: int = 8):
        from dutiful.worlds.grid import levels

        if not 5 <= room <= 25:
            raise SpecError(f"grid: room is {room}, expected a side from 5 to 25")
        self.variant, self.image, self.room = variant, image, room
        self.identifier = levels.identify(variant)
        self._level = self._env = levels.build(self.identifier)
        self._maker: Any = None
        self._bound: dict[str, bool] = {}
        self._missions: dict[int, str] = {}
        self._over, self._task = True, None

    def tasks(self, split: str = "test") -> Sequence[Task]:
        tasks.check_split(split)
        if split not in self._bound:
            self._bound[split] = tasks.bound(split, self._mission)
        return tasks.tasks(self.spec, self.identifier, split, self._mission, self._bound[split])

    def _mission(self, seed: int) -> str:
        """The mission of a seed, laid out beside the episode that may be going on; the last ones are remembered."""
        if seed in self._missions:
            return self._missions[seed]
        if len(self._missions) >= _REMEMBERED:
            self._missions.clear()
        if self._maker is None:
            from dutiful.worlds.grid import levels

            self._maker = levels.build(self.identifier)
        self._maker.reset(seed=seed)
        self._missions[seed] = str(self._maker.mission)
        return self._missions[seed]

    def reset(self, task: Task) -> Observation:
        from dutiful.worlds.grid import levels

        said = task.setup.get("said")
        if said:
            from dutiful.worlds.grid import words

            self._env = words.layout(said, task.setup["room"])
        else:
            self._env = self._level
        self._env.reset(seed=task.seed)
        levels.instruct(self._env)
        if not said and self._env.mission != task.instruction.text:
            raise WorldFailure(
                f"grid: seed {task.seed} of {self.identifier} says {self._env.mission!r}, the task {task.id!r} says "
                f"{task.instruction.text!r}: it was made for another level or with another version of minigrid"
            )
        self._task, self._over, self._won = task, False, False
        self._actions = _allowed(self._env)
        self._oracle: Any = None
        self._advice: int | None = None
        self._taken: list[int] = []
        self._parts = self._surfaces()
        self._when: dict[int, int] = {}
        return self._look()

    def _look(self, reward: float = 0.0, info: Json | None = None) -> Observation:
        env = self._env
        codes, _ = view.look(env)
        self._ahead, self._held = view.front(codes)
        self._seen = Observation(
            view.describe(codes),
            () if self._over else view.choices(self._ahead, self._held, self._actions),
            self._over,
            reward,
            Array.of(env.get_frame(tile_size=16, agent_pov=True)) if self.image else None,
            Array("|u1", (view.STATE,), view.state(codes, env.agent_dir)),
            info or {},
        )
        return self._seen

    def step(self, action: Action) -> Observation:
        if self._over:
            raise WorldFailure("grid: the episode is over; reset the world before the next step")
        env = self._env
        number = view.INDEX.get(action.text) if action.text in view.INDEX else view.INDEX.get(action.text.strip(" .\n").lower())
        if number is None or number not in self._actions:
            env.step_count += 1
            self._over = env.step_count >= env.max_steps
            return self._look(info={"refused": f"{action.text!r} is no action here; there are: {self._words()}"})
        idle = view.refusals(self._ahead, self._held).get(number)
        _, reward, terminated, truncated, _ = env.step(number)
        self._advice = None
        self._taken.append(number)
        self._over = bool(terminated or truncated)
        self._won = bool(terminated and reward > 0)
        if len(self._parts) > 1 or self._won:
            for n, (_, done) in enumerate(progress.leaves(env.instrs, self._won) if self._parts else ()):
                if done:
                    self._when.setdefault(n, env.step_count)
        return self._look(float(reward), {"refused": idle} if idle else None)

    def _words(self) -> str:
        return ", ".join(view.ACTIONS[number] for number in self._actions)

    def _surfaces(self) -> list[str]:
        """The parts of the instruction in words, as they were at the start; none for levels without an instruction object."""
        if not hasattr(self._env, "instrs"):
            return []
        parts = progress.leaves(self._env.instrs)
        return [part.surface(self._env) for part, _ in parts] if len(parts) > 1 else [self._env.mission]

    def verdict(self) -> Verdict:
        env = self._env
        if self._task is None:
            raise WorldFailure("grid: there is nothing to judge before the first reset")
        if self._parts:
            found = [part for part, _ in progress.leaves(env.instrs)]
            criteria = [
                progress.criterion(env, p, w, self._when.get(n)) for n, (p, w) in enumerate(zip(found, self._parts, strict=True))
            ]
            verdict = Verdict.of(*criteria)
            return verdict if verdict.passed == self._won else verdict.replace(passed=self._won)
        happened = "the level's verifier says yes" if self._won else "ended without success" if self._over else "not done yet"
        x, y = env.agent_pos
        evidence = f"{happened}; the agent is at ({x}, {y})"
        return Verdict.of(Criterion(self._task.instruction.text, self._won, float(self._won), evidence))

    def expert(self) -> Action:
        if self._over:
            raise WorldFailure("grid: the episode is over, the expert has nothing to add")
        if self._advice is None:
            if self._oracle is None:
                from dutiful.worlds.grid import levels

                self._oracle = levels.oracle(self._env)
            taken, self._taken = self._taken, []
            self._advice = int(self._oracle.advise(taken))
        return Action(view.ACTIONS[self._advice])

    def snapshot(self) -> Saved:
        return self._copy(Saved(self._env, _fields(self._env), self._oracle, self._episode(), self._seen), self._env)

    def restore(self, state: Saved) -> Observation:
        if type(state.env) is not type(self._env):
            raise WorldFailure(f"grid: a snapshot of {type(state.env).__name__} cannot be restored in {type(self._env).__name__}")
        saved = self._copy(state, self._env)
        vars(self._env).update(saved.fields)
        self._oracle = saved.oracle
        vars(self).update(saved.episode)
        self._ahead, self._held = view.front(view.look(self._env)[0])
        self._seen = saved.seen
        return saved.seen

    def _episode(self) -> dict[str, Any]:
        names = ("_task", "_over", "_won", "_actions", "_advice", "_taken", "_parts", "_when")
        return {name: getattr(self, name) for name in names}

    @staticmethod
    def _copy(state: Saved, env: Any) -> Saved:
        """A deep copy that belongs to `env`; walls never change and are shared."""
        shared = {id(thing): thing for thing in state.fields["grid"].grid if thing is not None and thing.type == "wall"}
        fields, oracle, episode = copy.deepcopy((state.fields, state.oracle, state.episode), {**shared, id(state.env): env})
        return Saved(env, fields, oracle, episode, state.seen)

    def ground(self, instruction: str, seed: int = 0) -> Task:
        from dutiful.worlds.grid import words

        words.layout(instruction, self.room).reset(seed=seed)
        setup = {"said": instruction, "room": self.room, "seed": seed}
        return Task(f"said/{seed}/{instruction}", self.spec, "said", seed, Instruction(instruction), setup)

    def close(self) -> None:
        self._maker = None


def _allowed(env: Any) -> tuple[int, ...]:
    """The actions of a level; "done" only where the level waits for it."""
    waits = type(env).__name__ in {"GoToDoorEnv", "GoToObjectEnv"}
    return tuple(range(min(int(env.action_space.n), view.DONE))) + ((view.DONE,) if waits else ())


def _fields(env: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(env).items() if name not in _FIXED}
