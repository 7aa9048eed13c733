"""PIPA: five metrics over a log, from what was there at the time; the user's own errors; a model asked about single units."""

import pytest

import dutiful
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.judges.pipa import PROFILE, Pipa, explained, profile, prompt_for, user_errors
from dutiful.judges.pipa_units import Reading, units
from dutiful.kit.calls import Call
from dutiful.testing import check_judge
from dutiful.worlds.tools.desk.policy import POLICY

LIMIT = Limits(steps=100)
SOME = 6


def episodes(fault="", world="tools/desk", n=SOME):
    place = dutiful.world(world)
    agent = parts.agent(f"clerk?fault={fault}" if fault else "clerk", None)
    return [solve(agent, task, place, limits=LIMIT) for task in place.tasks("validation")[:n]]


def means(group):
    return {figure.name: figure.value for figure in Pipa().report(group)}


@pytest.fixture(scope="module")
def clean():
    return episodes()


def test_battery(clean):
    check_judge("pipa", good=clean[0], bad=episodes("misreports", n=1)[0])


def test_the_clean_clerk_has_a_clean_profile(clean):
    assert all(dict(profile(Pipa().judge(each))) == dict.fromkeys(PROFILE, 1.0) for each in clean)


@pytest.mark.parametrize(
    ("fault", "own"),
    [
        ("intent", "state consistency"),
        ("premature", "tool efficiency"),
        ("repeats", "tool efficiency"),
        ("misreports", "observation alignment"),
        ("confirmation", "policy adherence"),
        ("stops", "task completion"),
        ("courtesy", ""),
    ],
)
def test_a_fault_moves_its_own_metric(fault, own):
    found = means(episodes(fault))
    moved = {metric for metric in PROFILE if found[metric] < 0.95}
    assert moved == ({own} if own else set())


@pytest.mark.parametrize("fault", ["intent", "repeats", "misreports", "confirmation"])
def test_a_unit_never_rests_on_what_comes_later(fault):
    (episode,) = episodes(fault, n=1)
    whole = list(units(episode))
    for cut in range(1, len(episode.steps)):
        short = episode.replace(steps=episode.steps[:cut], final=episode.steps[cut].observation)
        assert list(units(short)) == [unit for unit in whole if unit.step < cut]


def test_what_a_model_is_shown_ends_at_the_unit(clean):
    episode = clean[0]
    for unit in units(episode):
        shown = prompt_for(episode, unit).text
        later = [step.observation.said for step in episode.steps[unit.step + 1 :] if step.observation.said]
        before = [step.observation.said for step in episode.steps[: unit.step + 1]]
        assert unit.what in shown and not any(said in shown for said in later if said not in before and "," not in said)


def test_bad_units_are_the_planted_ones():
    for episode in episodes("intent"):
        planted = [place for place, step in enumerate(episode.steps) if "must mean" in step.action.thought]
        assert [unit.step for unit in units(episode) if unit.metric == "state consistency" and not unit.good] == planted


def reading():
    """A reading in which the customer is known, and wants another address for the order O1000."""
    found = Reading(POLICY)
    found.take(Call("find_customer", {"email": "e", "postcode": "p"}), {"customer": "C1", "orders": ["O1000", "O2000"]})
    found.kind, found.facts, found.said = "change_address", {"order": "O1000", "address": "Elm Road 3"}, " o1000 elm road 3 "
    return found


LOOK = Call("get_order", {"order": "O1000"})
ORDER = {"order": "O1000", "customer": "C1", "status": "pending", "price": 40}
CHANGE = Call("change_address", {"order": "O1000", "address": "Elm Road 3"})


def test_state_consistency_asks_what_is_wanted_now():
    found = reading()
    assert not found.consistent(LOOK)
    assert "speaks of" in found.consistent(Call("get_order", {"order": "O2000"}))
    assert "does not serve" in found.consistent(Call("get_booking", {"booking": "B1"}))
    found.over = True
    assert found.consistent(LOOK)


def test_tool_efficiency_asks_where_values_come_from():
    found = reading()
    assert not found.efficient(LOOK, "") and not found.efficient(Call("get_order", {"order": "O2000"}), "")
    assert found.efficient(Call("get_order", {"order": "O3000"}), "").startswith("premature")
    assert found.efficient(Call("get_order", {"order": "O100"}), "").startswith("premature")
    assert found.efficient(LOOK, "no such tool").startswith("refused")
    found.take(LOOK, ORDER)
    assert found.efficient(LOOK, "").startswith("repeated")
    found.take(CHANGE, {"order": "O1000", "fee": 6})
    assert not found.efficient(LOOK, "") and found.efficient(CHANGE, "").startswith("repeated")


def test_policy_adherence_keeps_every_rule():
    found = reading()
    assert "not looked at" in found.adherent(CHANGE, None)
    found.take(LOOK, ORDER)
    assert "agreed to nothing" in found.adherent(CHANGE, None)
    found.agreed = {"order": "O1000", "address": "Elm Road 4"}
    assert "agreed to" in found.adherent(CHANGE, None)
    found.agreed = dict(CHANGE.arguments)
    assert not found.adherent(CHANGE, None)
    found.records["O1000"] = ORDER | {"status": "shipped"}
    assert "forbidden" in found.adherent(CHANGE, None)
    found.records["B1"] = {"booking": "B1", "customer": "C1", "status": "booked"}
    bags = Call("add_bags", {"booking": "B1", "bags": 4})
    found.agreed = dict(bags.arguments)
    assert "bags" in found.adherent(bags, None)
    assert "another customer" in found.adherent(LOOK, ORDER | {"customer": "C2"})
    found.customer = None
    assert "not identified" in found.adherent(LOOK, ORDER)


def test_one_yes_is_good_for_one_change():
    found = reading()
    found.take(LOOK, ORDER)
    found.agreed = dict(CHANGE.arguments)
    found.take(CHANGE, {"order": "O1000", "fee": 6})
    assert found.adherent(CHANGE, None)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("Done: order O1000 goes to Elm Road 3. The fee is 6 euros.", ""),
        ("Done: order O1000. The fee is 7 euros.", "no tool gave 7"),
        ("Done: order O4000. The fee is 6 euros.", "O4000"),
        ("Done.", "does not tell"),
        ("I cannot do that: order O1000 is pending, the fee would be 6 euros.", "nothing that was shown forbids"),
        ("Order O1000 is shipped, the fee is 6 euros.", "the record is pending"),
    ],
)
def test_observation_alignment_holds_replies_against_returns(reply, why):
    found = reading()
    found.take(LOOK, ORDER)
    found.take(CHANGE, {"order": "O1000", "address": "Elm Road 3", "fee": 6})
    assert (why in found.aligned(reply)) if why else not found.aligned(reply)


def test_done_is_said_of_what_was_done():
    found = reading()
    found.take(LOOK, ORDER)
    assert found.aligned("Done: order O1000.") == "says done, and nothing was"


def test_an_agent_that_only_talks_has_no_metric_of_calls():
    world = dutiful.world("tools/desk")
    agent = parts.agent("act", parts.model("scripted?script=Hello there."))
    episode = solve(agent, world.tasks("validation")[0], world, limits=Limits(steps=5))
    assert set(profile(Pipa().judge(episode))) == {"observation alignment", "task completion"}


def test_the_users_errors_are_found_in_its_acts():
    for episode in episodes(world="tools/desk?quits=0.5&contradicts=0.5", n=20):
        planted = episode.task.setup["errors"]
        found = {error.kind for error in user_errors(episode)}
        left = planted.get("quits")
        expected = {"gives up"} if left is not None else set()
        if "contradicts" in planted and (left is None or planted["contradicts"][0] < left):
            expected.add("contradicts")
        assert found == expected, episode.task.id
        assert episode.passed == (not expected) and explained(episode)


def test_an_agents_failure_is_not_put_down_to_the_user():
    wrong = [each for each in episodes("stops", "tools/desk?contradicts=1", n=20) if not each.passed]
    assert wrong and not any(map(explained, wrong))


def test_a_model_that_always_says_yes_has_no_kappa():
    found = {each.name: each for each in Pipa(by="scripted?script=Yes", sample=6).report(episodes("misreports"))}
    assert found["undecided"].value == 0 and found["accuracy"].value == 0.5 and found["kappa"].value == 0


def test_a_model_that_takes_the_first_word_decides_nothing():
    found = {each.name: each for each in Pipa(by="scripted?script=Yes|No", sample=6).agreement(episodes("misreports"))}
    assert found["undecided"].value == 1 and "kappa" not in found


def test_a_world_without_a_policy_is_not_judged():
    world = dutiful.world("tools/service")
    episode = solve(parts.agent("expert", None), world.tasks()[0], world)
    with pytest.raises(ValueError, match="policy"):
        Pipa().judge(episode)
    with pytest.raises(ValueError, match="sample"):
        Pipa(sample=1)
