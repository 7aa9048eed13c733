"""The judge that asks a model: what it asks, how it counts, and that its report finds a planted accuracy."""

import random
import sys
from pathlib import Path

import pytest

from dutiful.core.records import Figure
from dutiful.judges.asked import Asked, family, yes_no
from dutiful.models import Scripted
from dutiful.testing import check_judge

sys.path.insert(0, str(Path(__file__).parent))
from spoken import LONG, SHORT, spoken

GOOD, BAD = ["Two words.", "These are five words now."], ["Two words.", "Short."]


class Lines(Asked):
    """Asks a function in place of a model by name."""

    def __init__(self, reply, **more):
        super().__init__(**more)
        self._model = Scripted(reply=reply)


def figures(judge, episodes) -> dict[str, Figure]:
    return {figure.name: figure for figure in judge.report(episodes)}


def test_the_battery_passes():
    assert check_judge("asked?by=writer", good=spoken(GOOD, 1)[0], bad=spoken(BAD, 1)[0]).ran == 6


def test_each_call_asks_about_one_requirement_of_one_answer():
    asked = []

    def reply(prompt):
        asked.append(prompt)
        return "Yes"

    verdict = Lines(reply, swap=False).judge(spoken(BAD, 1)[0])
    assert [criterion.name for criterion in verdict.criteria] == [
        f"turn {n}: {c.kind}" for n, c in ((1, SHORT), (2, LONG), (2, SHORT))
    ]
    assert [prompt[2].text for prompt in asked] == ["Two words.", "Short.", "Short."] and len(asked) == 3
    for prompt, constraint in zip(asked, (SHORT, LONG, SHORT), strict=True):
        last = prompt[-1].text
        assert constraint.wording in last and last.count("Requirement:") == 1 and last.endswith("Answer Yes or No.")
    assert [message.role for message in asked[0].messages()] == ["system", "user"]


def first_option(prompt):
    return prompt[-1].text.removesuffix(".").split(" ")[-3]


def test_swapping_the_options_unmasks_a_judge_that_takes_the_first():
    episodes = spoken(GOOD, 3)
    assert Lines(first_option, swap=False).judge(episodes[0]).passed
    swapped = Lines(first_option)
    verdict = swapped.judge(episodes[0])
    assert not verdict.passed and verdict.score == 0.5 and "undecided: 1 yes, 1 no" in verdict.criteria[0].evidence
    found = figures(swapped, episodes)
    assert found["turned by the order"].value == 1 and found["undecided"].value == 1 and "accuracy" not in found


@pytest.mark.parametrize(
    ("words", "said"), {"Yes.": True, "no, it does not": False, "maybe": None, "yes and no": None, "": None}.items()
)
def test_a_reply_says_yes_or_no_or_nothing(words, said):
    assert yes_no(words) is said


def test_malformed_replies_are_asked_for_again_and_else_unparsed_not_no():
    calls = []

    def mumbles(prompt):
        calls.append(prompt[-1].text)
        return "hm"

    judge = Lines(mumbles, free=True, swap=False)
    episode = spoken(GOOD, 1)[0]
    verdict = judge.judge(episode)
    assert len(calls) == 6 and "one word" in calls[1] and "0 yes, 0 no, 1 unparsed" in verdict.criteria[0].evidence
    assert figures(judge, [episode])["unparsed replies"].value == 1 and len(calls) == 6, "reported without asking again"
    lines = iter(["hm", "yes"] * 3)
    assert Lines(lambda _: next(lines), free=True, swap=False).judge(episode).passed


def test_the_majority_of_votes_counts():
    votes = iter(["Yes", "No", "Yes"] * 3)
    assert Lines(lambda _: next(votes), swap=False, votes=3).judge(spoken(GOOD, 1)[0]).passed


def test_the_report_finds_the_accuracy_that_was_planted():
    draw = random.Random(3)
    episodes = spoken(lambda _: draw.choice(["One.", "Two words.", "These are five words now.", "a b c d e f g h"]), 40, 2)
    found = figures(Asked("writer?judges=0.8", swap=False), episodes)
    assert found["accuracy"].n == 240 and found["accuracy"].low <= 0.8 <= found["accuracy"].high
    assert found["false pass"].low <= 0.2 <= found["false pass"].high
    assert found["false fail"].low <= 0.2 <= found["false fail"].high
    assert 0.3 < found["kappa"].value < 0.8 and found["undecided"].value == 0
    right = figures(Asked("writer?judges=1.0"), episodes)
    assert right["accuracy"].value == right["kappa"].value == 1 and right["false pass"].value == right["false fail"].value == 0


def test_a_judge_of_its_own_family_is_warned_of_and_counted_apart():
    from_writer = [episode.replace(model="writer?meets=0.5") for episode in spoken(BAD, 2)]
    with pytest.warns(UserWarning, match="own family, writer"):
        found = figures(Asked("writer"), [*from_writer, *spoken(GOOD, 2)])
    assert found["own family: accuracy"].n == found["other families: accuracy"].n == 6
    assert not any("family" in name for name in figures(Asked("writer"), spoken(GOOD, 2)))


@pytest.mark.parametrize(
    ("spec", "name"),
    {
        "embedded?adapter=home": "smollm",
        "openai/SmolLM2-1.7B-Instruct": "smollm",
        "openai/meta/Llama-3.1-8B?base_url=http://x": "llama",
        "writer?judges=0.9+cache": "writer",
        "": "",
    }.items(),
)
def test_a_family_is_the_first_word_of_a_models_name(spec, name):
    assert family(spec) == name


def test_an_answer_that_never_came_is_not_asked_about():
    episode = spoken(GOOD, 1)[0]
    cut = episode.replace(steps=episode.steps[:1])
    verdict = Lines(lambda _: "Yes").judge(cut)
    assert [criterion.passed for criterion in verdict.criteria] == [True, False, False]


def test_it_closes_its_model_and_opens_it_again():
    judge = Asked("writer")
    judge.judge(spoken(GOOD, 1)[0])
    judge.close()
    judge.close()
    assert judge.judge(spoken(BAD, 1)[0]).score < 1
    with pytest.raises(ValueError, match="votes is 0"):
        Asked(votes=0)
