"""Memories in chunks: what is shown of finished subgoals, what is asked of the model, and what `retrieve` brings back."""

import pytest

import dutiful
from dutiful.agents.memories.hiagent import retrieved, subgoals
from dutiful.core.prompt import Prompt
from dutiful.core.records import Action, Observation, Source
from dutiful.models.scripted import Scripted
from dutiful.testing import check_agent

MEMORIES = ("hiagent", "hiagent?summaries=last&retrieval=false", "hiagent?summaries=none", "decomposed", "summary?every=2")


class Policy:
    """Answers by the question: subgoals in turn (`names`), summaries "SUM of ...", and actions in turn."""

    def __init__(self, names, actions):
        self.names, self.actions, self.asked = iter(names), iter(actions), []

    def __call__(self, prompt):
        last = prompt[-1].text
        if "Write one line" in last:
            self.asked.append(prompt)
            return f"SUM of {last.partition('Subgoal: ')[2].partition('.')[0]}"
        if "subgoal" in last.lower() and prompt[-1].source is Source.SYSTEM:
            return next(self.names, "Action")
        return next(self.actions)


STACK = ("pick up red", "stack red on blue", "pick up green", "stack green on red", "pick up white", "stack white on green")


def table():
    """Five blocks on the table, to be stacked, black at the top."""
    puzzle = {"start": [[0], [1], [2], [3], [4]], "goal": [[1, 0, 2, 3, 4]]}
    setup = {"puzzle": puzzle, "names": ["red", "blue", "green", "white", "black"], "horizon": 8, "wording": "hand"}
    return dutiful.Task("hand", "text/blocks", "user", 0, dutiful.Instruction("Stack them."), setup)


def play(agent, names, actions=STACK, steps=6):
    """The prompts in which an action was chosen, the policy, the episode."""
    policy = Policy(names, actions)
    follower = dutiful.agent(agent, Scripted(reply=policy))
    episode = dutiful.solve(follower, table(), dutiful.world("text/blocks"), limits=dutiful.Limits(steps=steps))
    assert episode.error is None, episode.error
    calls = [call for step in episode.steps for call in step.calls]
    chosen = [Prompt(prompt) for prompt, call in zip(episode.prompts(), calls, strict=True) if call.verb == "choose"]
    return chosen, policy, episode


TWO = ["Subgoal: red on blue", "Action", "Subgoal: green on red", "Action", "Action", "Action"]


@pytest.mark.parametrize("memory", MEMORIES)
@pytest.mark.parametrize("rest", ["", "+json", "+line"])
def test_the_battery_passes(memory, rest):
    check_agent(f"act+{memory}{rest}", "text/blocks")


def test_a_finished_subgoal_is_one_line():
    prompts, _, episode = play("act+hiagent", TWO)
    second = [step.observation.text for step in episode.steps[:3]]
    text = prompts[3].text
    assert second[0] in text, "what was seen before all stays"
    assert second[1] not in text and second[2] not in text, "what came of the first subgoal is hidden"
    assert "1 Subgoal: red on blue\nObservation: SUM of red on blue" in text
    assert text.index("1 Subgoal") < text.index("2 Subgoal: green on red")
    assert "1 Subgoal: red on blue\npick up red" in prompts[1].text, "the present subgoal is shown in full"
    full = play("act", [])[0]
    assert second[1] in full[3].text and len(prompts[5]) < len(full[5])


def test_a_summary_is_written_once_for_each_chunk():
    names = ["Subgoal: a", "Action", "Subgoal: b", "Action", "Subgoal: c", "Action"]
    _, policy, _ = play("act+hiagent", names)
    assert [prompt[-1].text.partition(".")[0] for prompt in policy.asked] == ["Subgoal: a", "Subgoal: b"]
    steps = [span.text for span in policy.asked[0]]
    assert "pick up red" in steps and "stack red on blue" in steps
    assert not any("success" in text or "passed" in text or "score" in text for text in steps), "no verdict in what is summed up"


def test_ids_are_stable_and_the_last_observation_does_without_a_call():
    names = ["Subgoal: a", "Action", "Subgoal: b", "Action", "Subgoal: c", "Action"]
    prompts, policy, episode = play("act+hiagent?summaries=last", names)
    assert not policy.asked
    for prompt in prompts[2:]:
        assert f"1 Subgoal: a\nObservation: {episode.steps[2].observation.text}" in prompt.text
    assert f"2 Subgoal: b\nObservation: {episode.steps[4].observation.text}" in prompts[5].text
    bare = play("act+hiagent?summaries=none", names)[0][5]
    assert "1 Subgoal: a\n2 Subgoal: b" in bare.text and "Observation:" not in bare.text
    assert all(span.source is Source.WORLD for span in prompts[5] if "1 Subgoal" in span.text), (
        "the world's words stay the world's"
    )


def test_retrieve_brings_it_back_until_the_next_subgoal_and_does_not_reach_the_world():
    actions = (*STACK[:3], "retrieve(1)", *STACK[3:5])
    names = ["Subgoal: a", "Action", "Subgoal: b", "Action", "Action", "Subgoal: c"]
    prompts, policy, episode = play("act+hiagent", names, actions)
    seen = [step.observation for step in episode.steps]
    detail = seen[1].text
    assert "retrieve(1)" not in seen[2].choices and "retrieve(1)" in seen[3].choices, "what is hidden can be retrieved"
    assert detail not in prompts[2].text and detail not in prompts[3].text
    assert detail in prompts[4].text and "1 Subgoal: a\npick up red" in prompts[4].text
    assert "retrieve(1)" not in seen[4].choices
    assert detail not in prompts[5].text, "at the next subgoal it is closed again"
    assert seen[4].text == f"Shown above: subgoal 1. {seen[3].text}", "the world did not move"
    assert len(episode.steps) == 6, "it costs a step"
    summed = [span.text for span in policy.asked[1]]
    assert "retrieve(1)" not in summed, "and is no part of what is summed up"


def test_what_cannot_be_retrieved_is_refused():
    world = dutiful.world("text/blocks")
    for said, why in (("retrieve(7)", "There are: none."), ("retrieve", "There are: none.")):
        follower = dutiful.agent("act+hiagent", Scripted(reply=Policy(TWO, (said, *STACK))))
        inner = follower.clone()
        place = inner.enter(world)
        recorder = dutiful.core.episode.Recorder(table())
        first = recorder.reset(place)
        inner.begin(recorder.task, place, recorder)
        after = place.step(Action(said))
        assert after.info["refused"].endswith(why) and after.choices == first.choices


def test_two_subgoals_in_a_row_are_repaired():
    assert subgoals("Subgoal: a\nSubgoal: b\nAction: go\nSubgoal: c") == ["a", "b"]
    prompts, policy, _ = play("act+hiagent", ["Subgoal: a\nSubgoal: b", "Action", "Subgoal: c"])
    assert "1 Subgoal: b" in prompts[1].text and "Subgoal: a" not in prompts[1].text
    assert [prompt[-1].text.partition(".")[0] for prompt in policy.asked] == ["Subgoal: b"]
    follower = dutiful.agent("act+hiagent", dutiful.model("scripted?script=x")).clone()
    world = dutiful.world("text/blocks")
    recorder = dutiful.core.episode.Recorder(table())
    recorder.reset(world)
    follower.begin(recorder.task, world, recorder)
    follower.memory.open("a")
    follower.memory.open("b")
    assert [chunk.goal for chunk in follower.memory.chunks] == ["", "b"]


@pytest.mark.parametrize(
    ("said", "lenient", "found"),
    [
        ("Subgoal: find the key.", False, ["find the key."]),
        ("3 subgoal: x", False, ["x"]),
        ("Action", False, []),
        ("Action: go on\nSubgoal: y", False, []),
        ("go on", False, []),
        ("find the key\nopen the door", True, ["find the key"]),
        ("Action: go", True, []),
        ("", True, []),
    ],
)
def test_answers_are_read(said, lenient, found):
    assert subgoals(said, lenient) == found


@pytest.mark.parametrize(
    ("action", "ids"),
    [
        (Action("retrieve(1, 2)"), [1, 2]),
        (Action("Action: Retrieve (3)"), [3]),
        (Action("retrieve"), []),
        (Action("retrieve the red mug"), None),
        (Action("go to 1"), None),
        (Action('{"tool": "retrieve", "arguments": {"ids": [2]}}'), [2]),
        (Action('{"tool": "other", "arguments": {"text": "retrieve"}}'), None),
        (Action("x", tool="retrieve", arguments={"ids": [1]}), [1]),
        (Action("x", tool="retrieve", arguments={"ids": "1"}), []),
    ],
)
def test_what_asks_the_memory(action, ids):
    assert retrieved(action) == ids


def test_decomposed_hides_nothing_and_a_summary_names_nothing():
    prompts, policy, episode = play("act+decomposed", TWO)
    seen = [step.observation.text for step in episode.steps]
    assert all(text in prompts[5].text for text in seen) and "2 Subgoal: green on red" in prompts[5].text and not policy.asked
    prompts, policy, episode = play("act+summary?every=2", [])
    seen = [step.observation.text for step in episode.steps]
    assert len(policy.asked) == 2 and not any("Subgoal" in span.text for span in prompts[5])
    assert seen[0] in prompts[5].text and seen[1] not in prompts[5].text and seen[5] in prompts[5].text
    assert "1 Observation: SUM of" in prompts[5].text and "2 Observation: SUM of" in prompts[5].text


def test_a_world_with_tools_gets_a_tool():
    world = dutiful.world("tools?domain=home")
    follower = dutiful.agent("act+hiagent+json", dutiful.model("scripted")).clone()
    place = follower.enter(world)
    recorder = dutiful.core.episode.Recorder(world.tasks()[0])
    recorder.reset(place)
    assert [tool.name for tool in place.tools()][-1] == "retrieve" and "retrieve(ids: array of integer)" in place.rules
    episode = dutiful.solve(dutiful.agent("act+hiagent+json", dutiful.model("scripted")), world.tasks()[0], world)
    assert episode.error is None and episode.passed


def test_a_dialogue_is_remembered_in_chunks_too():
    world = dutiful.world("chat/standing")
    for memory in ("hiagent", "decomposed", "summary"):
        episode = dutiful.solve(dutiful.agent(f"act+{memory}", dutiful.model("scripted?script=Hello.")), world.tasks()[0], world)
        assert episode.error is None and episode.steps


def test_nothing_seen_yet_offers_nothing():
    assert Observation().choices == ()
    with pytest.raises(ValueError, match="summaries is 'odd'"):
        dutiful.agent("act+hiagent?summaries=odd")
    with pytest.raises(ValueError, match="every is 0"):
        dutiful.agent("act+summary?every=0")
