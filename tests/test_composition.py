"""Everything composes: every action space x memory x critic x search, in every world of this file, without a harness error."""

import itertools
import os
from concurrent.futures import ProcessPoolExecutor

import pytest

import dutiful
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.parts import registry
from dutiful.models import Scripted

WORLDS = {
    "tools?domain=retail&given=needed&decoys=2": 3,
    "text/home": 3,
    "grid/GoToLocal": 3,
    "chat/rules": 3,
    "text/blocks": 3,
}
"""Worlds, and the steps of an episode."""
SLOTS = ("actions", "memory", "critic", "search")
STEERED = {"guided"}
"""Action spaces that need a model which can be steered; of the scripted ones none is."""


def combinations():
    named = [[name for name in registry(slot) if name not in STEERED] for slot in SLOTS]
    return [*itertools.product(*named)]


def broken(world, steps, part, of):
    """What went wrong in one world, over every `of`-th combination from `part`: three episodes each."""
    place = dutiful.world(world)
    tasks = [place.tasks("train")[number] for number in range(3)]
    wrong = []
    try:
        for terms in combinations()[part::of]:
            agent = dutiful.agent("+".join(["act", *(term for term in terms)]), model=Scripted(error=0.4))
            for seed, task in enumerate(tasks):
                episode = solve(agent, task, place, seed=seed, limits=Limits(steps=steps, calls=25))
                if episode.error:
                    wrong.append((agent.spec, task.id, episode.error.kind, episode.error.message, episode.error.trace))
    finally:
        place.close()
    return wrong


@pytest.mark.timeout(900)
@pytest.mark.parametrize("world", WORLDS)
def test_everything_composes(world):
    cores = min(4, os.cpu_count() or 1)
    with ProcessPoolExecutor(cores) as pool:
        shares = [pool.submit(broken, world, WORLDS[world], part, cores) for part in range(cores)]
        wrong = [each for share in shares for each in share.result()]
    assert not wrong, f"{len(wrong)} episodes broke in {world}, the first: {wrong[0]}"
