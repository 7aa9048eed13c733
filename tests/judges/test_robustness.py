"""The judge robustness finds the drop and the spread that were planted."""

import pytest

from dutiful import WorldFailure, agent, model, solve, world
from dutiful.judges import WordingRobustness
from dutiful.testing import check_judge


class Deaf:
    """Knows every answer, but hears only some instructions: else it takes another option."""

    def __init__(self, hears):
        self.hears = hears

    def episodes(self, sets=("observed", "unobserved"), items=20):
        for which in sets:
            place = world(f"chat/wordings?set={which}")
            for task in place.tasks("test")[: items * (5 if which == "unobserved" else 3)]:
                tags, gold = task.setup["tags"], task.setup["turns"][0]["gold"]
                other = next(word for word in tags["words"] if word != gold)
                answer = gold if self.hears(tags) else other
                yield solve(agent("act", model=model(f"scripted?script={answer}")), task, place)


def figures(hears, **more):
    return {f.name: f for f in WordingRobustness(**more).report(list(Deaf(hears).episodes()))}


def test_battery():
    good, bad = (next(Deaf(lambda tags, right=right: right).episodes()) for right in (True, False))
    check_judge("robustness", good=good, bad=bad)


def test_who_hears_every_wording_loses_nothing():
    found = figures(lambda tags: True)
    assert found["observed - unobserved"].value == 0
    assert found["unobserved: standard deviation over instructions"].value == 0
    assert found["unobserved: worst instruction"].value == 1


def test_who_hears_only_observed_wordings_loses_all():
    found = figures(lambda tags: tags["set"] == "observed")
    assert found["observed - unobserved"].value == found["observed: mean"].value == 1
    assert found["unobserved: best instruction"].value == 0


def test_one_deaf_wording_in_three_spreads():
    found = figures(lambda tags: not tags["instruction"].startswith(("What is", "Is", "Which", "How", "Answer")))
    assert found["observed: best instruction"].value == 1 and found["observed: worst instruction"].value == 0
    assert found["observed: standard deviation over instructions"].value == pytest.approx((1 / 3) ** 0.5)


@pytest.mark.slow
def test_distance_to_what_was_observed():
    pytest.importorskip("onnxruntime")
    found = figures(lambda tags: tags["set"] == "observed", distance=True)
    # Observed instructions lie at distance 0 and are all right, the others lie further off and are all wrong.
    assert found["rank correlation of accuracy and distance"].value < -0.5


def test_another_world_is_refused():
    place = world("text/home")
    episode = solve(agent("act", model=model("scripted")), place.tasks("test")[0], place)
    with pytest.raises(WorldFailure, match="no dialogue"):
        WordingRobustness().judge(episode)
