"""Demonstrations: episodes that show how it is done, and the training samples that they become.

    demonstrate("act", "text/home", 400)  ->  episodes  ->  examples(episodes)

The agent that is to be taught plays, and the scripted model, which knows the world's expert, answers for it. So every prompt
is word for word the one that the agent will read when a language model answers. A prompt that only grows makes one sample of
the whole episode, with loss on every answer: each token is read once for all the answers that follow it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from dutiful.core import parts
from dutiful.core.agent import Agent
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError, Unsupported, WorldFailure
from dutiful.core.limits import Limits
from dutiful.core.records import Action, Episode, Example, Json, Source, Span
from dutiful.core.world import World


def demonstrate(
    agent: str,
    world: str | World,
    n: int,
    *,
    split: str = "train",
    seed: int = 0,
    error: float = 0.0,
    limits: Limits = Limits(),
    tasks: Callable[[Json], bool] | None = None,
) -> Iterator[Episode]:
    """n episodes of an agent, answered by the expert of the world, on different tasks of a split drawn with the seed.

    `error`: the rate of answers drawn at random instead, which leads to states that the expert alone never sees; the loss
    then belongs on the expert's answers only (`examples(..., world)`). `tasks` keeps a task by its setup. Raises SpecError
    when the split has too few tasks, WorldFailure when an episode breaks or the expert alone fails a task.
    """
    place: World = parts.world(world) if isinstance(world, str) else world
    if not place.can("expert"):
        raise Unsupported(place.spec, "play the expert, so nothing can be demonstrated in it")
    player: Agent = parts.agent(agent, model=parts.model(f"scripted?error={error}"))
    pool = place.tasks(split)
    if tasks:
        pool = [task for task in pool if tasks(task.setup)]
    if n > len(pool):
        raise SpecError(f"{n} demonstrations of {place.spec!r} asked for, but its split {split!r} has {len(pool)} tasks that fit")
    try:
        for number, index in enumerate(random.Random(seed).sample(range(len(pool)), n)):
            episode = solve(player, pool[index], place, seed=seed * 1_000_003 + number, limits=limits)
            if episode.error:
                raise WorldFailure(f"demonstration of {episode.task.id}: {episode.error.kind}: {episode.error.message}")
            if not error and not episode.passed:
                raise WorldFailure(f"the expert of {place.spec!r} fails the task {episode.task.id}: {episode.verdict}")
            yield episode
    finally:
        if isinstance(world, str):
            place.close()


def examples(episodes: Iterable[Episode], world: str | World | None = None) -> Iterator[Example]:
    """The training samples of episodes, with loss on the answers of the model.

    With a world, loss is only on answers that led to the action which its expert would have taken there (`agreement`), and
    every episode serves. Without, every answer carries loss, and episodes that did not pass are left out. An agent whose
    prompt does not only grow (a window memory) gives several samples an episode; no answer carries loss twice.
    """
    place = parts.world(world) if isinstance(world, str) else world
    for episode in episodes:
        if episode.error or (place is None and not episode.passed):
            continue
        right = agreement(episode, place) if place is not None else [True] * len(episode.steps)
        yield from _samples(episode, right)


def agreement(episode: Episode, world: World) -> list[bool]:
    """For each step, whether the expert would have done the same there: the episode is played again to ask."""
    observation, right = world.reset(episode.task), list[bool]()
    for step in episode.steps:
        if observation.text != step.observation.text:
            raise WorldFailure(f"{world.spec!r} does not repeat: step {len(right)} of {episode.task.id} shows something else now")
        right.append(world.expert().text == step.action.text)
        observation = world.step(Action(step.action.text) if not step.action.arguments else step.action)
    return right


def _samples(episode: Episode, right: list[bool]) -> Iterator[Example]:
    """Cuts an episode's calls into stretches over which the prompt only grows: one sample each, if anything carries loss."""
    prompts = iter(episode.prompts())
    spans: tuple[Span, ...] = ()
    loss: tuple[bool, ...] = ()
    for number, step in enumerate(episode.steps):
        for call in step.calls:
            prompt = tuple(next(prompts))
            if prompt[: len(spans)] != spans:
                yield from _sample(episode, spans, loss)
                spans, loss = (), ()
            loss += (False,) * (len(prompt) - len(spans)) + (right[number] and not step.format_failures,)
            spans = prompt + (Span(Source.MODEL, call.text),)
    yield from _sample(episode, spans, loss)


def _sample(episode: Episode, spans: tuple[Span, ...], loss: tuple[bool, ...]) -> Iterator[Example]:
    if any(loss):
        task = episode.task
        origin = dict(world=task.world, split=task.split, task=task.id, agent=episode.agent, model=episode.model)
        yield Example(spans, loss, {**origin, "seed": episode.seed})
