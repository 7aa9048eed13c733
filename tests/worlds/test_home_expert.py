"""The oracle of the household: it reaches every goal, and searches as an agent must."""

import copy
import itertools
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dutiful import Action
from dutiful.worlds.text import Home
from dutiful.worlds.text.home.catalogue import KINDS, PLACES, SPLITS


def follow(world, task):
    """Plays the expert; returns the observations and its actions."""
    seen, done = [world.reset(task)], []
    while not seen[-1].done:
        done.append(world.expert().text)
        seen.append(world.step(Action(done[-1])))
    return seen, done


@pytest.mark.parametrize("split", SPLITS)
def test_the_oracle_reaches_every_goal(split):
    world = Home()
    kinds = Counter()
    for task in world.tasks(split)[:120]:
        world.reset(task)
        first = world.verdict()
        assert not first.passed
        shortest = world.plan()
        seen, done = follow(world, task)
        verdict = world.verdict()
        assert verdict.passed, task.id
        assert verdict.score == 1 > first.score
        assert seen[-1].reward == 1
        assert all(criterion.evidence for criterion in verdict.criteria)
        assert 2 <= len(shortest) <= len(done) < world.max_steps
        kinds[task.setup["goal"]["kind"]] += 1
        world.reset(task)
        assert [world.step(action).done for action in shortest] == [False] * (len(shortest) - 1) + [True]
        assert world.verdict().passed
    assert kinds == dict.fromkeys(KINDS, 20)


def test_the_optimum_is_that_of_the_whole_home():
    """The planner looks only at what matters to the goal; a search over everything finds nothing shorter."""
    from dutiful.kit.strips import search

    world = Home(rooms=2, objects=4)
    for task in world.tasks("train")[:12]:
        world.reset(task)
        house = world.house
        if house.goal.kind == "two":
            goals = [house.goals([a], [p])[0]._replace(negative=0) for a in house.wanted for p in house.targets]
            goals = [type(a)(a.positive | b.positive) for a, b in itertools.combinations(goals, 2)]
        else:
            goals = house.goals(house.wanted, house.targets)
        whole = search(house.task, house.task.init, goals, "astar", limit=400_000)
        assert len(world.plan()) == len(whole)


def test_larger_homes_are_solved_too():
    world = Home(rooms=6, objects=16, max_steps=60)
    for task in world.tasks("test")[:18]:
        follow(world, task)
        assert world.verdict().passed


def twin(task, world, draw):
    """The same task with everything changed that the agent has not seen: where things lie, how dirty, how rooms are laid."""
    view, setup = world.snapshot().view, copy.deepcopy(task.setup)

    def hidden(kind, room):
        return room not in view.visited or (PLACES[kind].door and f"{kind}@{room}" not in view.searched)

    held, names = world.house.held(view.state), [f"{kind}@{room}" for kind, room in setup["places"]]
    spots = [n for n, place in enumerate(setup["places"]) if hidden(*place) and PLACES[place[0]].receives]
    for thing in setup["things"]:
        where = world.house.place_of(view.state, thing[0])
        if thing[0] != held and where in names and len(spots) > 2 and hidden(*setup["places"][names.index(where)]):
            targets = world.house.targets if thing[0] in world.house.wanted else []
            thing[3] = draw.choice([n for n in spots if names[n] not in targets] or [thing[3]])
            thing[4] = thing[4] if thing[1] == task.setup["goal"]["thing"] else draw.random() < 0.5
    order = list(range(len(names)))
    for room in setup["rooms"]:
        if room not in view.visited:
            its = [n for n, (_, where) in enumerate(setup["places"]) if where == room]
            for n, other in zip(its, draw.sample(its, len(its)), strict=True):
                order[n] = other
    setup["places"] = [setup["places"][n] for n in order]
    for thing in setup["things"]:
        thing[3] = order.index(thing[3])
    return task.replace(setup=setup)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(number=st.integers(0, 9999), strays=st.integers(0, 3), draw=st.randoms(use_true_random=False))
def test_the_expert_uses_only_what_the_agent_has_seen(number, strays, draw):
    """Two homes that look the same so far get the same action, whatever lies unseen, also after the agent went astray."""
    world, other = Home(rooms=4, objects=10, max_steps=60), Home(rooms=4, objects=10, max_steps=60)
    task = world.tasks("train")[number]
    observation, actions = world.reset(task), []
    while not observation.done:
        changed = twin(task, world, draw)
        assert other.reset(changed).text == world_start(task)
        for action in actions:
            same = other.step(Action(action))
        if actions:
            assert (same.text, same.choices) == (observation.text, observation.choices)
        if not other.house.reached(other.snapshot().view.state):
            assert other.expert() == world.expert(), (task.instruction.text, actions)
        stray = strays and draw.random() < 0.3
        strays -= bool(stray)
        actions.append(draw.choice(observation.choices) if stray else world.expert().text)
        observation = world.step(Action(actions[-1]))
    assert world.verdict().passed


def world_start(task):
    return Home().reset(task).text
