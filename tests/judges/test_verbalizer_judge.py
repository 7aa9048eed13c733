"""The judge verbalizer finds the obedience that was planted."""

import pytest

from dutiful import WorldFailure, agent, model, solve, world
from dutiful.judges import Verbalizers
from dutiful.testing import check_judge


def episodes(answer, n=160):
    """Episodes of chat/verbalizer answered by a function of the task's tags."""
    place = world("chat/verbalizer")
    return [
        solve(agent("act", model=model(f"scripted?script={answer(task.setup['tags'])}")), task, place)
        for task in place.tasks("test")[:n]
    ]


def told(tags):
    return tags["words"][tags["answer"]]


def natural(tags):
    return tags["words"][1 - tags["answer"] if tags["group"] == "unnatural" else tags["answer"]]


def figures(found):
    return {figure.name: figure.value for figure in Verbalizers().report(found)}


def test_battery():
    good, bad = (episodes(answer, 1)[0] for answer in (told, lambda tags: "hm"))
    check_judge("verbalizer", good=good, bad=bad)


def test_who_obeys_has_no_gap_and_who_follows_the_prior_has_nothing_but():
    obeys, follows = figures(episodes(told)), figures(episodes(natural))
    assert obeys["gap natural - unnatural"] == 0 and obeys["obedience"] == 1
    assert follows["gap natural - unnatural"] == 1 and follows["obedience"] == 0
    assert follows["accuracy unnatural"] == follows["accuracy unnatural of a prior-follower"] == 0
    assert obeys["accuracy neutral"] == 1 and obeys["accuracy of guessing"] == 0.5


def test_other_words_are_wrong_and_counted_as_unparsed():
    vague = figures(episodes(lambda tags: f"perhaps {told(tags)}", 80))
    assert vague["accuracy natural"] == 0 and vague["unparsed natural"] == 1
    assert "obedience" not in vague  # who knows nothing cannot be solved for


def test_a_liking_for_a_word_shows_in_the_spread():
    likes = figures(episodes(lambda tags: "foo" if "foo" in tags["words"] else tags["words"][0]))
    assert likes["accuracy neutral"] == pytest.approx(0.5)
    fixed = figures(episodes(lambda tags: told(tags) if "foo" in tags["words"] else "hm"))
    assert fixed["spread neutral"] == pytest.approx(0.5) and fixed["spread natural"] == 0


def test_another_world_is_refused():
    place = world("text/home")
    episode = solve(agent("act", model=model("scripted")), place.tasks("test")[0], place)
    with pytest.raises(WorldFailure, match="no dialogue"):
        Verbalizers().judge(episode)
