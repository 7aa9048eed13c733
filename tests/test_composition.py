"""Everything composes: every action space x memory x critic x search, in every world of this file, without a harness error.

Three episodes of each combination in the worlds of the first list, one in those of the second. In those of the third, where an
episode is dear, as many combinations as it takes for every two parts to meet; in the laboratory, where it costs a second, for
every part to occur. A control is a fifth axis in one world.
"""

import itertools
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.errors import DutifulError
from dutiful.core.limits import Limits
from dutiful.core.parts import registry
from dutiful.models import Scripted

THRICE = {
    "tools?domain=retail&given=needed&decoys=2": 2,
    "tools/service": 2,
    "tools/lookup": 2,
    "text/home": 3,
    "text/blocks": 3,
    "grid/GoToLocal": 3,
    "chat/rules": 3,
    "chat/edits": 2,
}
ONCE = {
    "tools/desk": 2,
    "tools/plan": 2,
    "tools/registry": 2,
    "text/gripper": 2,
    "text/tyres": 2,
    "text/drawn": 2,
    "code/functions": 2,
    "code/repo": 1,
    "text/express?game=coin": 2,
}
"""Worlds, and the steps of an episode."""
SPARED = {"code/experiment": 2, "code/flags": 2, "text/textworld": 2, "text/science?task=power-component": 1}
"""Worlds, and how many parts must have met; an episode has one step."""
GOVERNED = ("text/home", "ltl?formula=G(open -> X not open)")
LIGHT = {"poact": "poact?m=0"}
"""In the worlds of the first list: to find examples it makes sixty tasks an episode. In all others it is plain."""
SLOTS = ("actions", "memory", "critic", "search")
STEERED = {"guided"}
"""Action spaces that need a model which can be steered; of the scripted ones none is."""


def combinations():
    named = [[name for name in registry(slot) if name not in STEERED] for slot in SLOTS]
    return [*itertools.product(*named)]


def covering(many):
    """Combinations in which every `many` parts of different slots meet at least once: each time the one with most that is new."""
    met = {terms: frozenset(itertools.combinations(terms, many)) for terms in combinations()}
    left, chosen = frozenset.union(*met.values()), []
    while left:
        chosen.append(max(met, key=lambda terms: len(left & met[terms])))
        left -= met[chosen[-1]]
    return chosen


def broken(world, steps, episodes, listed, more=()):
    """What went wrong in one world over the combinations listed, each with that many episodes, of three tasks in turn."""
    place = dutiful.world(world)
    wrong = []
    try:
        tasks = [place.tasks("train")[number] for number in range(3)]
        for number, terms in enumerate(listed):
            agent = dutiful.agent("+".join(["act", *terms, *more]), model=Scripted(error=0.4))
            for seed in range(number, number + episodes):
                episode = solve(agent, tasks[seed % 3], place, seed=seed, limits=Limits(steps=steps, calls=12))
                if episode.error:
                    wrong.append((agent.spec, episode.task.id, episode.error.kind, episode.error.message, episode.error.trace))
    finally:
        place.close()
    return wrong


def compose(world, steps, episodes, listed, more=()):
    cores = min(2, os.cpu_count() or 1)
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        shares = [pool.submit(broken, world, steps, episodes, listed[part::cores], more) for part in range(cores)]
        wrong = [each for share in shares for each in share.result()]
    assert not wrong, f"{len(wrong)} episodes broke in {world}, the first: {wrong[0]}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("world", THRICE)
def test_everything_composes(world):
    compose(world, THRICE[world], 3, [tuple(LIGHT.get(term, term) for term in terms) for terms in combinations()])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("world", ONCE)
def test_everything_composes_once(world):
    able(world)
    compose(world, ONCE[world], 1, combinations())


@pytest.mark.timeout(900)
@pytest.mark.parametrize("world", SPARED)
def test_every_part_composes_where_an_episode_is_dear(world):
    able(world)
    assert not broken(world, 1, 1, covering(SPARED[world]))


@pytest.mark.timeout(900)
def test_a_control_composes():
    world, control = GOVERNED
    compose(world, 3, 1, combinations(), (control,))


def able(world):
    """Skips the test, with the reason, where this machine lacks what the world stands on: Java, or the sandbox."""
    try:
        place = dutiful.world(world)
        place.reset(place.tasks("train")[0])
        place.step(place.expert())
        place.close()
    except DutifulError as lack:
        if not any(what in str(lack) for what in ("Java", "bubblewrap", "extra")):
            raise
        pytest.skip(str(lack))
