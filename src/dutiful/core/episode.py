"""Running one episode: every turn is logged, every token counted, every budget kept."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dutiful.core.errors import DutifulError, LimitReached, ModelFailure, SpecError, WorldFailure
from dutiful.core.limits import Limits
from dutiful.core.model import Choice, Completion, Format, Model, Sampling
from dutiful.core.prompt import Prompt
from dutiful.core.records import NOTHING, Action, Call, Episode, Failure, Observation, Step, Task, Usage

if TYPE_CHECKING:
    from dutiful.core.agent import Agent
    from dutiful.core.world import World

P = ParamSpec("P")
R = TypeVar("R")


class Recorder:
    """The episode while it is going on. An agent acts through `step`, and asks its model through `meter`.

    `observation` is what is seen now. `watch` is called with every finished step.
    """

    def __init__(self, task: Task, seed: int = 0, limits: Limits = Limits(), watch: Callable[[Step], None] | None = None):
        self.task, self.seed, self.limits, self.watch = task, seed, limits, watch
        self.steps: list[Step] = []
        self.usage = NOTHING
        self.observation = Observation()
        self.began = self.turn_began = time.monotonic()
        self._calls: list[Call] = []
        self._spent = NOTHING
        self._format_failures = 0
        self._prompt = Prompt()

    def reset(self, world: World) -> Observation:
        """Lays the task out (`solve` does it before an agent begins)."""
        self.observation = _guard(WorldFailure, world.reset, self.task)
        self.began = self.turn_began = time.monotonic()
        return self.observation

    def step(self, world: World, action: Action) -> Observation:
        """Carries an action out and logs the turn; raises LimitReached once the budget is spent."""
        seen, self.observation = self.observation, _guard(WorldFailure, world.step, action)
        now = time.monotonic()
        step = Step(seen, action, tuple(self._calls), self._spent, now - self.turn_began, self._format_failures)
        self.steps.append(step)
        self.turn_began = now
        if self._calls or self._format_failures:
            self._calls, self._spent, self._format_failures = [], NOTHING, 0
        if self.watch:
            self.watch(step)
        if not self.observation.done:
            self.check()
        return self.observation

    def restore(self, world: World, state: Any) -> Observation:
        """Goes back to a snapshot; the log goes on."""
        self.observation = _guard(WorldFailure, world.restore, state)
        return self.observation

    def check(self) -> None:
        """Raises LimitReached when a budget is used up."""
        self.limits.check(len(self.steps), self.usage, time.monotonic() - self.began)

    def meter(self, model: Model, world: World) -> Metered:
        """The model as this episode sees it: counted, logged and held to the limits."""
        if self.limits.cost is not None and not model.priced:
            raise SpecError(
                f"a cost limit is set, but the price of {model.spec!r} is unknown: give its prices "
                "(?input_price=...&output_price=..., dollars per million tokens) or drop the limit"
            )
        return Metered(model.bind(world, self.seed), self)

    def format_failure(self) -> None:
        """Counts words of the model that were no action."""
        self._format_failures += 1

    def spent(self, prompt: Prompt, verb: str, text: str, usage: Usage, how: str = "", scores: tuple[float, ...] = ()) -> None:
        """Logs one question to the model."""
        kept = prompt.shared(self._prompt)
        self._calls.append(Call(verb, kept, tuple(prompt[kept:]), text, usage, how, scores))
        self._prompt = prompt
        self._spent += usage
        self.usage += usage


class Metered(Model):
    """A model that writes every call into an episode's log."""

    def __init__(self, inner: Model, recorder: Recorder):
        self.inner, self.recorder = inner, recorder
        self.card, self.context = inner.card, inner.context  # type: ignore[misc]

    @property
    def spec(self) -> str:
        return self.inner.spec

    def generate(self, prompt: Prompt, sampling: Sampling = Sampling(), constraint: Format | None = None) -> Completion:
        self.recorder.check()
        completion = _guard(ModelFailure, self.inner.generate, prompt, sampling, constraint)
        self.recorder.spent(prompt, "generate", completion.text, completion.usage)
        return completion

    def choose(self, prompt: Prompt, options: Sequence[str], sampling: Sampling = Sampling()) -> Choice:
        self.recorder.check()
        choice = _guard(ModelFailure, self.inner.choose, prompt, options, sampling)
        self.recorder.spent(prompt, "choose", options[choice.index], choice.usage, choice.how, choice.scores)
        return choice

    def embed(self, texts: Sequence[str]):
        return _guard(ModelFailure, self.inner.embed, texts)


def solve(
    agent: Agent,
    task: Task,
    world: World,
    *,
    seed: int = 0,
    limits: Limits = Limits(),
    watch: Callable[[Step], None] | None = None,
) -> Episode:
    """Runs one episode and returns it, whatever happens: what breaks is kept in `Episode.error`, not raised.

    The agent is not changed by it: the episode runs on a copy.
    """
    started = time.time()
    recorder = Recorder(task, seed, limits, watch)
    ended, verdict, error = "done", None, None
    place = world
    try:
        try:
            follower = agent.clone()
            place = follower.enter(world)
            recorder.reset(place)
            follower.begin(task, place, recorder)
            follower.solve(task, place, recorder)
        except LimitReached as limit:
            ended = f"limit:{limit.limit}"
        verdict = _guard(WorldFailure, world.verdict)
    except Exception as problem:
        trace = "".join(traceback.format_exception(problem)[-6:])
        ended, error = "error", Failure(type(problem).__name__, str(problem) or repr(problem), trace[-4000:])
    finally:
        if place is not world:
            place.close()
    return Episode(
        task=task,
        agent=agent.spec,
        model=agent.model.spec if agent.model else "",
        seed=seed,
        steps=tuple(recorder.steps),
        final=recorder.observation if recorder.steps else None,
        verdict=verdict,
        usage=recorder.usage,
        error=error,
        ended=ended,
        started=started,
        seconds=time.monotonic() - recorder.began,
    )


def _guard(failure: type[WorldFailure | ModelFailure], call: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """A call into a world or a model: whatever it raises that is not ours already is its failure."""
    try:
        return call(*arguments, **named)
    except DutifulError:
        raise
    except Exception as problem:
        raise failure(f"{type(problem).__name__}: {problem}") from problem
