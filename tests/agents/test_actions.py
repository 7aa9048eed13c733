"""Action spaces: what a model says becomes a call, in every notation; each works in every world."""

import errands
import pytest
from click.testing import CliRunner

import dutiful
from dutiful import Limits, Source
from dutiful.cli import main
from dutiful.core import parts
from dutiful.core.parts import Card
from dutiful.core.records import Action, Observation
from dutiful.core.world import Tool
from dutiful.kit import calls
from dutiful.kit.notations import NOTATIONS
from dutiful.models import Scripted
from dutiful.testing import check_agent

WRITTEN = ["line", "json", "json?constrained=false", "command"]


def follow(agent, world, model="scripted", task=0, **more):
    place = parts.world(world) if isinstance(world, str) else world
    speaker = dutiful.model(model) if isinstance(model, str) else model
    return dutiful.solve(dutiful.agent(agent, speaker), place.tasks("test")[task], place, **more)


def saying(*texts):
    """A model that says these texts in turn."""
    said = iter(texts)
    return Scripted(reply=lambda prompt: next(said, texts[-1]))


def failures(episode):
    return sum(step.format_failures for step in episode.steps)


@pytest.mark.parametrize("agent", ["choice", *WRITTEN])
def test_the_expert_carries_a_task_out_by_calls(agent):
    episode = follow(agent, errands.Errands())
    assert episode.error is None and episode.passed and not failures(episode)
    if agent != "choice":
        assert [step.action.tool for step in episode.steps] == ["cities", *["price"] * 4, "finish"]


@pytest.mark.parametrize("agent", ["choice", *WRITTEN])
@pytest.mark.parametrize("world", ["text/home", "grid/GoToLocal", "chat/rules", "tools?loops=0.5&branches=0.5", "tools/lookup"])
def test_every_action_space_works_in_every_world(agent, world):
    for task in range(2):
        episode = follow(agent, world, task=task, limits=Limits(steps=60))
        assert episode.error is None and episode.passed, episode


@pytest.mark.parametrize("world", ["text/home", "grid/GoToLocal", "chat/rules", "tools?loops=0.5&branches=0.5"])
def test_eval_runs_with_all_of_them(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    agents = [word for name in ("choice", *WRITTEN, "codeact") for word in ("-a", name)]
    done = CliRunner().invoke(main, ["eval", world, *agents, "-m", "scripted", "--tasks", "2"])
    assert done.exit_code == 0 and "12/12 episodes" in done.output and "success 100%" in done.output, done.output


class Talking(errands.Errands):
    """A user who says what to do, and is answered: in words, or by acting."""

    card = Card(kind="world", name="talking", summary="", capabilities=errands.Errands.card.capabilities | {"dialogue"})

    def reset(self, task):
        return super().reset(task).replace(said="Where is it cheapest?")

    def step(self, action):
        if action.tool:
            return super().step(action).replace(said="And?")
        return Observation(said=f"You said {action.text!r}.")


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        ("line", "price, Oslo, 2"),
        ("json", '{"tool": "price", "arguments": {"city": "Oslo", "seats": 2}}'),
        ("command", "price --city Oslo --seats 2"),
        ("codeact", "```python\nprice('Oslo', 2)\n```"),
    ],
)
def test_where_a_user_talks_words_that_call_nothing_are_a_reply(agent, called):
    episode = follow(agent, Talking(), saying("One moment, please.", called), limits=Limits(steps=2))
    assert episode.error is None and not failures(episode)
    assert episode.steps[1].observation.said == "You said 'One moment, please.'."
    assert episode.final.text == "140" and episode.final.said == "And?"
    assert "look_up" in episode.prompts()[0][0].text  # nobody else says there how a call is written
    assert follow(agent, Talking()).passed


@pytest.mark.parametrize("name", ["act+command", "react+command", "act+json?constrained=false"])
def test_they_are_agents(name):
    assert check_agent(name, "text/home").ran == 9


def test_all_are_told_the_same_but_for_how_a_call_is_written():
    told = {}
    for agent in WRITTEN:
        first = follow(agent, errands.Errands(), limits=Limits(steps=1)).prompts()[0]
        told[agent] = next(span.text for span in first if span.source is Source.SYSTEM)
    tools = errands.Errands().rules
    for agent, name in zip(WRITTEN, ["text", "json", "json", "command"], strict=True):
        assert told[agent] == f"{tools}\n{NOTATIONS[name].rules}"


def test_of_several_calls_the_first_counts_and_a_reminder_follows():
    episode = follow("line", errands.Errands(), saying("cities\nprice, Oslo, 2", "finish, Oslo"))
    assert [step.action.tool for step in episode.steps] == ["cities", "finish"]
    assert episode.steps[1].observation.text.startswith("You wrote 2 calls; only the first was carried out.")
    assert "Oslo" in episode.steps[1].observation.text


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("line", "price, Oslo, 2\nfinish, Oslo"),
        ("json?constrained=false", '{"tool": "cities"} {"tool": "finish", "arguments": {"answer": "Oslo"}}'),
        ("command", "cities\nfinish --answer Oslo"),
    ],
)
def test_a_message_holds_an_action_or_an_answer_never_both(agent, said):
    episode = follow(agent, errands.Errands(), saying(said, "{}"), limits=Limits(steps=1))
    assert failures(episode) == 2 and not episode.passed
    assert "either an action or an answer" in episode.prompts()[1][-1].text


@pytest.mark.parametrize("agent", WRITTEN)
def test_words_that_are_no_call_are_answered_with_what_is_wrong_in_this_notation(agent):
    episode = follow(agent, errands.Errands(), saying("let me think about that"), limits=Limits(steps=1))
    assert failures(episode) == 2 and episode.error is None
    assert "Write" in episode.prompts()[1][-1].text and "refused" in episode.final.info
    assert '{"tool"' not in episode.final.text


def test_a_wrong_call_is_the_worlds_to_refuse_in_the_same_words():
    wrong = {
        "line": "prize, Oslo, 2",
        "json?constrained=false": '{"tool": "prize", "arguments": {}}',
        "command": "prize --city Oslo",
    }
    seen = [follow(agent, errands.Errands(), saying(said), limits=Limits(steps=1)) for agent, said in wrong.items()]
    assert {episode.final.text for episode in seen} == {"Error: there is no tool 'prize'; did you mean price?"}
    assert not any(map(failures, seen))


def test_an_action_written_in_the_notation_is_carried_out_without_the_agent():
    slot = dutiful.agent("command").actions
    world = slot.enter(errands.Errands())
    world.reset(world.tasks()[0])
    assert world.step(Action("price --city Oslo --seats 2")).text == "140"
    assert world.step(calls.action(calls.Call("price", {"city": "Oslo", "seats": 1}))).text == "70"


def test_json_is_held_to_the_tools():
    from dutiful.agents.actions.json import call_schema

    tool = Tool("mail", "", {"type": "object", "properties": {"to": {"type": "string", "format": "email", "title": "To"}}})
    assert call_schema([tool]) == {
        "type": "object",
        "properties": {
            "tool": {"const": "mail"},
            "arguments": {
                "type": "object",
                "properties": {"to": {"type": "string"}},
                "required": [],
                "additionalProperties": False,
            },
        },
        "required": ["tool", "arguments"],
        "additionalProperties": False,
    }
    assert [each["properties"]["tool"]["const"] for each in call_schema(errands.TOOLS)["anyOf"]] == ["cities", "price", "finish"]


def test_the_decoder_reads_that_schema():
    pytest.importorskip("llguidance")
    import msgspec
    from llguidance import LLMatcher

    from dutiful.agents.actions.json import call_schema

    grammar = LLMatcher.grammar_from_json_schema(msgspec.json.encode(call_schema(errands.TOOLS)).decode())
    assert not LLMatcher.validate_grammar(grammar)


def test_quoted_actions_are_understood_and_plain_ones_too():
    slot = dutiful.agent("json").actions
    world = slot.enter(parts.world("text/home"))
    seen = world.reset(world.tasks("test")[0])
    assert world.expert().text.startswith('{"action":')
    assert "refused" not in world.step(world.expert()).info
    assert "refused" not in world.step(Action(seen.choices[0])).info
