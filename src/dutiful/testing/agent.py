"""What every agent must do."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from dutiful.core.agent import Agent
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.model import Model
from dutiful.core.parts import agent as build_agent
from dutiful.core.parts import model as build_model
from dutiful.core.parts import world as build_world
from dutiful.core.records import NOTHING, Episode, Source, read_episode, write_episode
from dutiful.core.world import World
from dutiful.testing.report import Report, Skip, card_is_complete, need, run_battery

CAP = Limits(steps=12)


class _Subject:
    def __init__(self, agent: Agent, world: World, nonsense: Model):
        self.agent, self.world, self.nonsense = agent, world, nonsense
        self.task = next(iter(islice(world.tasks("test"), 1)))

    def run(self, agent: Agent | None = None, seed: int = 0, limits: Limits = CAP) -> Episode:
        return solve(agent or self.agent, self.task, build_world(self.world.spec), seed=seed, limits=limits)


def check_agent(agent: Agent | str, world: World | str, *, expected: Mapping[str, str] | None = None) -> Report:
    """Runs the battery in a world that lists admissible actions and has an expert; raises CheckFailed.

    An agent given by spec asks the scripted model, which plays the expert.
    """
    place = build_world(world) if isinstance(world, str) else world
    built = build_agent(agent, build_model("scripted")) if isinstance(agent, str) else agent
    need(place, "expert")
    return run_battery(built, CHECKS, _Subject(built, place, build_model("scripted?script=bla bla")), expected)


def _card(s: _Subject) -> None:
    card_is_complete(s.agent, ["agent"])
    assert build_agent(s.agent.spec, s.agent.model).spec == s.agent.spec, f"{s.agent.spec!r} does not build the same agent"


def _runs(s: _Subject) -> None:
    episode = s.run()
    assert episode.error is None, f"{episode.error}"
    assert episode.steps, "no step was taken"
    assert read_episode(write_episode(episode)) == episode, "the episode does not survive its stored form"


def _repeats(s: _Subject) -> None:
    first, second = s.run(seed=5), s.run(seed=5)
    assert [x.action for x in first.steps] == [x.action for x in second.steps], "the same seed leads to other actions"
    assert first.verdict == second.verdict


def _unchanged(s: _Subject) -> None:
    before = (s.agent.spec, sorted(vars(s.agent)), s.agent.model)
    s.run()
    assert before == (s.agent.spec, sorted(vars(s.agent)), s.agent.model), "running an episode changed the agent"


def _threads(s: _Subject) -> None:
    alone = [s.run(seed=seed) for seed in range(6)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda seed: s.run(seed=seed), range(6)))
    for one, other in zip(alone, together, strict=True):
        assert [x.action for x in one.steps] == [x.action for x in other.steps], "run together, episodes disturb each other"


def _limits(s: _Subject) -> None:
    episode = s.run(limits=Limits(steps=1))
    assert len(episode.steps) == 1, f"1 step allowed, {len(episode.steps)} taken"
    assert episode.error is None and episode.verdict is not None, "an episode that ran out of steps is judged all the same"
    if s.agent.model:
        few = s.run(limits=Limits(calls=1))
        assert few.usage.calls <= 1 and few.error is None, f"1 call allowed, {few.usage.calls} made; {few.error}"


def _usage(s: _Subject) -> None:
    if not s.agent.model:
        raise Skip("the agent asks no model")
    episode = s.run()
    assert episode.usage.calls > 0, "an agent with a model never asked it"
    assert sum((step.usage for step in episode.steps), NOTHING) == episode.usage, "the steps' usage is not the episode's"


def _sources(s: _Subject) -> None:
    if not s.agent.model:
        raise Skip("the agent asks no model")
    episode = s.run()
    seen = {step.observation.text for step in episode.steps if step.observation.text}
    spans = {span for prompt in episode.prompts() for span in prompt}
    assert any(span.source is Source.USER and s.task.instruction.text in span.text for span in spans), "no span is the user's"
    for span in spans:
        if any(text in span.text for text in seen):
            assert span.source in (Source.WORLD, Source.MEMORY), f"the world's words go under the source {span.source.name}"


def _nonsense(s: _Subject) -> None:
    if not s.agent.model:
        raise Skip("the agent asks no model")
    twin = s.agent.clone()
    twin.model = s.nonsense
    episode = s.run(twin)
    if episode.error is not None:
        assert episode.error.kind == "ModelFailure", f"a model that talks nonsense breaks the harness: {episode.error}"
        raise Skip("the scripted model refuses to choose what is no option")
    assert sum(step.format_failures for step in episode.steps) > 0, "words that are no action are not counted as format failures"
    assert episode.verdict and not episode.verdict.passed, "nonsense passes"


CHECKS = [
    ("the card is complete", _card),
    ("an episode runs and is kept", _runs),
    ("the same seed repeats", _repeats),
    ("an episode leaves the agent as it was", _unchanged),
    ("threads do not disturb each other", _threads),
    ("limits are kept", _limits),
    ("usage adds up", _usage),
    ("spans carry their sources", _sources),
    ("format failures are counted apart", _nonsense),
]
