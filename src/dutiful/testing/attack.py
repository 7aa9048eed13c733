"""What every attack and every defence must do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dutiful.core.agent import Agent
from dutiful.core.attack import Attack
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.parts import Card, build
from dutiful.core.parts import agent as build_agent
from dutiful.core.parts import model as build_model
from dutiful.core.parts import world as build_world
from dutiful.core.records import Action, Episode, Task
from dutiful.core.world import World
from dutiful.testing import world as battery
from dutiful.testing.report import Report, Skip, card_is_complete, run_battery

CAP = Limits(steps=30)
CORE = (
    "the spec builds the same world",
    "tasks are always the same",
    "an unknown split is refused",
    "a reset repeats",
    "verdicts carry evidence",
    "the oracle succeeds",
    "the same actions lead to the same place",
    "snapshot and restore agree",
    "closing twice is harmless",
)
"""What a world must still do under attack."""


class _Says(Agent):
    """Says one thing, whatever is asked."""

    card = Card(kind="agent", name="says", summary="says one thing, whatever is asked")

    def __init__(self, text: str):
        self.model, self.text = None, text

    def begin(self, task, world, episode):
        pass

    def solve(self, task, world, episode):
        while not episode.observation.done:
            episode.step(world, Action(self.text))


class _Subject:
    def __init__(self, attack: Attack, world: World, agent: Agent, victim: Agent | None):
        self.attack, self.world, self.agent, self.victim = attack, world, agent, victim

    @property
    def defends(self) -> bool:
        return self.attack.can("defence")

    def attacked(self) -> World:
        if self.defends:
            raise Skip("a defence attacks no world")
        return self.attack.apply(self.world)

    def run(self, agent: Agent, world: World, task: Task) -> Episode:
        episode = solve(agent, task, world, limits=CAP)
        assert episode.error is None, f"the episode breaks: {episode.error}"
        return episode


def check_attack(
    attack: Attack | str,
    world: World | str = "rag/facts",
    agent: Agent | str = "act",
    *,
    victim: Agent | None = None,
    expected: Mapping[str, str] | None = None,
) -> Report:
    """Runs the battery on an attack in a world with an expert, or on a defence (capability "defence") of an agent.

    victim: an agent that falls for the attack. Without one, an agent is used that answers what the attacked task says is aimed
    at (`setup["attack"]["answers"]`). An agent given by spec asks the scripted model, which plays the expert. Raises CheckFailed.
    """
    built: Attack = build(attack, "attack") if isinstance(attack, str) else attack
    place: World = build_world(world) if isinstance(world, str) else world
    follower: Agent = build_agent(agent, build_model("scripted")) if isinstance(agent, str) else agent
    try:
        return run_battery(built, CHECKS, _Subject(built, place, follower, victim), expected)
    finally:
        place.close()


def _card(s: _Subject) -> None:
    card_is_complete(s.attack, ["attack"])
    again = build(s.attack.spec, "attack")
    assert again.spec == s.attack.spec, f"{s.attack.spec!r} builds an attack that calls itself {again.spec!r}"


def _unchanged(s: _Subject) -> None:
    target: Any = s.agent if s.defends else s.world
    before = (target.spec, target.card, sorted(vars(target)), list(s.world.tasks("test")[:2]))
    applied = s.attack.apply(target)
    assert applied is not target, "apply gives back the target itself"
    if not s.defends:
        s.run(_Says("xyzzy plugh"), applied, applied.tasks("test")[0])
    after = (target.spec, target.card, sorted(vars(target)), list(s.world.tasks("test")[:2]))
    assert before == after, "applying the attack changed its target"


def _other_type(s: _Subject) -> None:
    try:
        wrong: Any = s.world if s.defends else s.agent
        s.attack.apply(wrong)
    except Exception as problem:
        assert type(problem).__module__.startswith("dutiful"), f"the wrong kind of target raises {problem!r}"
        return
    raise Skip("it applies to worlds and agents alike")


def _contract(s: _Subject) -> None:
    subject = battery._Subject(s.attacked(), "test", 3)
    for name, check in battery.CHECKS:
        if name in CORE:
            try:
                check(subject)
            except Skip:
                continue


def _same_goal(s: _Subject) -> None:
    attacked = s.attacked()
    for clean, task in zip(s.world.tasks("test")[:3], attacked.tasks("test")[:3], strict=True):
        assert (clean.id, clean.instruction) == (task.id, task.instruction), "the attack changed the task itself"
        seen, other = s.world.reset(clean), attacked.reset(task)
        assert seen.said == other.said, "the attack speaks in the user's place (Observation.said)"


def _clean(s: _Subject) -> None:
    if s.defends:
        raise Skip("a defence has no aim")
    for world in (s.world, s.attacked()):
        episode = s.run(build_agent("act", build_model("scripted")), world, world.tasks("test")[0])
        assert episode.passed, "the expert fails the task"
        assert s.attack.succeeded(episode) is False, "it succeeds against the expert, who did what the user asked for"


def _can_fail(s: _Subject) -> None:
    world = s.attacked()
    episode = s.run(_Says("xyzzy plugh"), world, world.tasks("test")[0])
    assert s.attack.succeeded(episode) is False, "it succeeds against an agent that says nonsense"


def _can_succeed(s: _Subject) -> None:
    world = s.attacked()
    for task in world.tasks("test")[:3]:
        answers = task.setup.get("attack", {}).get("answers")
        if s.victim is None and not answers:
            raise Skip("the attacked task does not say what is aimed at: give a victim")
        episode = s.run(s.victim or _Says(answers[0]), world, task)
        assert s.attack.succeeded(episode) is True, f"task {task.id!r}: it fails against an agent that does what it wants"


def _harmless(s: _Subject) -> None:
    if not s.defends:
        raise Skip("only a defence must be harmless")
    defended = s.attack.apply(s.agent)
    assert build_agent(defended.spec, defended.model).spec == defended.spec, f"{defended.spec!r} does not build the same agent"
    for task in s.world.tasks("test")[:3]:
        assert s.run(defended, s.world, task).passed, "the defended agent fails a clean task that its expert model can do"


CHECKS = [
    ("the card is complete and the spec builds it again", _card),
    ("the target given is not changed", _unchanged),
    ("the wrong kind of target is refused", _other_type),
    ("the attacked world keeps its contract", _contract),
    ("task and user stay as they were", _same_goal),
    ("doing what the user asked is no success", _clean),
    ("it can fail", _can_fail),
    ("it can succeed", _can_succeed),
    ("a defence harms no clean task", _harmless),
]
