"""122: the claim's card, its result once measured, and the curve that its stand-in rests on."""

import json

import dutiful
from dutiful.claims import poact_curve
from dutiful.claims.measuring import RESULTS
from dutiful.claims.poact import hops_of, recall, reviewer
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.model import Choice, Model
from dutiful.core.parts import Card
from dutiful.models.experts import STORED
from dutiful.testing import check_claim

SPEC = "tools/registry?hops=2"


def test_the_claim():
    check_claim("poact", RESULTS)


class Knowing(Model):
    """Gives one signature whatever is asked, but for the neutral question."""

    card = Card(kind="model", name="knowing", summary="one answer")
    right = ""

    def choose(self, prompt, options, sampling=None):
        scores = tuple(
            float(self.right == option.partition("(")[0] and poact_curve.NEUTRAL not in prompt[-1].text) for option in options
        )
        return Choice(scores.index(max(scores)), "logprobs", scores)


def test_the_curve_is_measured_by_asking():
    world, model = dutiful.world("tools/registry"), Knowing()
    wanted = poact_curve.needed(world, 3)
    assert len(wanted) == 3 and all(any(tool.name == name for tool in world.tools()) for name in wanted)
    model.right = next(iter(wanted))
    errors = poact_curve.measure(model, world, 3)["errors"]["nearest"]
    assert errors["80"] == errors["4"] == round(2 / 3, 4), "it knows one of three, and ties are wrong"


def test_what_is_stored_is_what_is_measured():
    stored = json.loads(STORED.read_text())
    assert stored["command"] and stored["needs"] == poact_curve.NEEDS and stored["model"] == poact_curve.MODEL
    assert set(stored["errors"]["nearest"]) == set(map(str, poact_curve.SIZES))


def test_recall_and_the_reviewer_are_read_from_episodes():
    world = dutiful.world(SPEC)
    model = dutiful.model("experts?confusion=0&recall=0.5&precision=0.5")
    agent = dutiful.agent("act+codeact+poact", model)
    episodes = [solve(agent, task, world, limits=Limits(steps=15), seed=3) for task in world.tasks("validation")[:4]]
    own, whole = recall(episodes)
    assert own.n == 8 and own.interval.value >= whole.interval.value
    assert len(hops_of(episodes[0].task)) == 2
    assert "bad and dropped 0, bad and kept 0" in reviewer(episodes), "what is never confused is never bad"
    assert "good and dropped 0" not in reviewer(episodes)
