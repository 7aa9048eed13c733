"""decrim, improve and bestof: what they ask, when they stop, and that critique with names beats its baselines."""

import pytest

import dutiful
from dutiful import Card, Limits
from dutiful.core.parts import build
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.models import Scripted
from dutiful.testing import check_agent

SHORT, LONG, PAIR = WordsAtMost(6).constraint(), WordsAtLeast(4).constraint(), WordsAtLeast(2).constraint()


class Small(Conversation):
    """Two turns with one requirement, then one with three."""

    card = Card(kind="world", name="small", summary="two turns", capabilities=frozenset({"dialogue", "expert", "snapshot"}))

    def tasks(self, split="test"):
        first = Said("Be brief. " + SHORT.wording, constraints=(SHORT,), gold="Two words.")
        second = Said("And now more. " + LONG.wording, constraints=(LONG, SHORT, PAIR), gold="These are five words now.")
        return [Dialogue((first, second)).task("t", self.spec, split, 0)]


class Speaker:
    """Says its lines in turn; answers yes/no questions from its verdicts, by a word that the question holds."""

    def __init__(self, *lines, no=()):
        self.lines, self.no, self.prompts = list(lines), no, []

    def __call__(self, prompt):
        self.prompts.append(prompt)
        last = prompt[-1].text
        if "Answer Yes or No" in last:
            return "No" if any(word in prompt[-2].text for word in self.no) else "Yes"
        return self.lines.pop(0)


def live(spec, speaker, **more):
    world = Small()
    agent = dutiful.agent(spec, Scripted(reply=speaker))
    return dutiful.solve(agent, world.tasks()[0], world, **more)


def verbs(step):
    return [(call.verb, call.how) for call in step.calls]


GOLD = "act+decrim?decomposer=gold&checker=oracle"
TOO_LONG = "one two three four five six seven"


@pytest.mark.parametrize("name", ["act+decrim", GOLD, "act+improve", "act+bestof"])
def test_the_battery_passes(name):
    assert check_agent(name, "lights:Lights").ran >= 8


def test_nothing_is_rewritten_where_nothing_is_missing():
    episode = live(GOLD, Speaker("fine", "this has four words"))
    assert episode.passed and episode.usage.calls == 2
    assert verbs(episode.steps[0]) == [("generate", ""), ("choose", "oracle")]
    assert verbs(episode.steps[1]) == [("generate", "")] + [("choose", "oracle")] * 3


def test_only_what_failed_is_named_and_the_answer_is_shown():
    speaker = Speaker("fine", "too few", "this has four words")
    episode = live(GOLD, speaker)
    assert episode.passed and episode.steps[1].action.text == "this has four words"
    *_, answer, wish = speaker.prompts[-1]
    assert answer.text == "too few" and LONG.wording in wish.text and SHORT.wording not in wish.text
    assert len(speaker.prompts) == 3, "decomposing by gold and checking by code ask the model nothing"


def test_it_stops_at_equal_answers_and_after_its_rounds():
    assert live(GOLD, Speaker("fine", "too few", "too few")).usage.calls == 3
    lines = ["fine", "a", "b", "c", "d", "e"]
    assert live(f"{GOLD}&rounds=2", Speaker(*lines)).steps[1].action.text == "c"
    assert live(f"{GOLD}&rounds=0", Speaker(*lines)).steps[1].action.text == "a"


def test_the_best_so_far_is_kept_on_request():
    lines = ["fine", "too few", "x", "y", "z"]
    assert live(f"{GOLD}&rounds=2", Speaker(*lines)).steps[1].action.text == "y"
    assert live(f"{GOLD}&rounds=2&best=true", Speaker(*lines)).steps[1].action.text == "too few"
    assert live(f"{GOLD}&rounds=1&best=true", Speaker("fine", "x", TOO_LONG)).steps[1].action.text == TOO_LONG


def test_the_model_can_decompose_and_criticise_itself():
    speaker = Speaker("one bad", "Sure:\n1. short\n2) kind\n 2) kind\nbye", "good", "more", "nothing to list", no=("bad",))
    episode = live("act+decrim", speaker)
    asked = [prompt[-1].text for prompt in speaker.prompts]
    assert [text.split("Requirement: ")[1] for text in asked if "Requirement: " in text] == ["short", "kind"] * 2
    assert episode.steps[0].action.text == "good" and "- short\n- kind" in asked[4]
    assert episode.steps[1].action.text == "more" and episode.steps[1].format_failures == 1
    assert all(call.how != "oracle" for step in episode.steps for call in step.calls)


def test_requirements_can_be_read_out_of_the_users_words_without_a_call():
    lines = ["fine", "too few", "x", "y"]
    episode = live("act+decrim?decomposer=rules&checker=oracle&rounds=1", Speaker(*lines))
    assert episode.usage.calls == 3 and [len(step.calls) for step in episode.steps] == [2, 3]


def test_improve_names_nothing_and_stops_at_equal_answers():
    speaker = Speaker("a", "b", "b", "c", "d", "e", "f")
    episode = live("act+improve?rounds=3", speaker)
    assert [step.action.text for step in episode.steps] == ["b", "f"]
    assert [len(step.calls) for step in episode.steps] == [3, 4]
    assert SHORT.wording not in speaker.prompts[1][-1].text


def test_best_of_n_draws_until_one_passes():
    spec = "act+bestof?decomposer=gold&checker=oracle&n=3"
    episode = live(spec, Speaker("fine", "too few", "this has four words", "left"))
    assert episode.passed and [len(step.calls) for step in episode.steps] == [2, 8]
    episode = live(spec, Speaker("fine", "x", TOO_LONG, "too few"))
    assert episode.steps[1].action.text == TOO_LONG, "of equals the earlier one"


def test_a_limit_of_calls_ends_the_episode_inside_a_review():
    episode = live(GOLD, Speaker("fine", "a", "b", "c"), limits=Limits(calls=3))
    assert episode.ended == "limit:calls" and episode.usage.calls == 3 and len(episode.steps) == 1


def test_what_makes_no_sense_is_refused():
    for spec, why in {
        "decrim?checker=oracle": "cannot check what the model lists",
        "decrim?accuracy=0.5": "its own|own is what it is",
        "decrim?decomposer=gold&checker=oracle&accuracy=2": "accuracy is 2",
        "decrim?rounds=-1": "rounds is -1",
        "improve?rounds=-1": "rounds is -1",
        "bestof?n=0": "n is 0",
        "bestof?temperature=0": "every answer is the same",
    }.items():
        with pytest.raises(ValueError, match=why):
            build(spec, "critic")
