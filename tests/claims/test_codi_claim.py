"""066: the claim's card and its pairs, and its result once measured."""

import dutiful
from dutiful.agents import Act
from dutiful.claims.codi import CodiClaim, Nucleus, place
from dutiful.claims.measuring import RESULTS
from dutiful.core.prompt import Prompt
from dutiful.models import Scripted
from dutiful.testing import check_claim


def test_the_claim():
    check_claim("codi", RESULTS)
    assert CodiClaim().spec == "codi"


def test_it_samples_as_the_paper_does():
    seen = []

    class Watched(Scripted):
        def bind(self, world, seed):
            return self

        def generate(self, prompt: Prompt, sampling=None, constraint=None):
            seen.append(sampling)
            return super().generate(prompt, sampling)

    world = dutiful.world("chat/codi")
    agent = Act(model=Watched(script="a b c"), actions=Nucleus())
    episodes = [dutiful.solve(agent, task, world) for task in world.tasks()[:7]]
    assert all(episode.error is None for episode in episodes)
    assert {(s.temperature, s.top_p, s.max_tokens) for s in seen} == {(1.0, 0.9, 160)}
    assert [place(episode) for episode in episodes] == [0, 0, 0, 0, 0, 1, 1]
