"""PoAct: who is asked when, what the coder sees, what is forgotten."""

import pytest

import dutiful
from dutiful.agents.searches.poact import CODER, PLANNER, REVIEWER, THINKER, Step, ruled, tokens_by_expert
from dutiful.core.agent import Proposal
from dutiful.core.episode import solve
from dutiful.core.limits import Limits
from dutiful.core.records import Action, Observation, Source
from dutiful.models import Scripted
from dutiful.testing import check_agent

WORLD = "tools?domain=retail&wording=plain"


class Experts:
    """Plays all roles: two sub-goals, of which the first is done after a step; actions are the world's own expert's."""

    def __init__(self, world, verdicts=("yes",)):
        self.world, self.verdicts = world, list(verdicts)
        self.asked = []

    def __call__(self, prompt):
        role = prompt[0].text.partition(".")[0] + "."
        self.asked.append((role, prompt))
        if role in PLANNER and any(span.text.startswith("Still to do: show") for span in prompt):
            return "1. show the carrier of the order and cancel tickets"
        if role in PLANNER:
            return "1. find the order of the parcel\n2. show the carrier of the order and cancel tickets"
        if role in THINKER:
            return "DONE" if sum(role in THINKER for role, _ in self.asked) == 2 else "look it up"
        if role in REVIEWER:
            return self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]
        return self.world.expert().text

    def of(self, role):
        return [prompt for name, prompt in self.asked if name in role]


def run(spec="act+poact?k=3", verdicts=("yes",), number=0, **limits):
    world = dutiful.world(WORLD)
    experts = Experts(world, verdicts)
    agent = dutiful.agent(spec, model=Scripted(reply=experts))
    episode = solve(agent, world.tasks()[number], world, limits=Limits(steps=limits.get("steps", 30)))
    assert episode.error is None, episode.error.trace
    return episode, experts, world


def shown(prompt):
    return {line.partition("(")[0] for line in prompt[0].text.splitlines() if "): " in line}


def test_the_experts_solve_it_together():
    episode, _, _ = run()
    assert episode.passed
    assert set(tokens_by_expert(episode)) == {"planner", "thinker", "coder", "reviewer"}
    assert sum(usage.calls for usage in tokens_by_expert(episode).values()) == episode.usage.calls


def test_the_planner_is_called_at_the_start_and_when_a_sub_goal_is_done_and_not_else():
    _, experts, _ = run()
    assert len(experts.of(PLANNER)) == 2


def test_a_dead_end_calls_the_planner_and_is_forgotten():
    episode, experts, _ = run("act+poact?k=3&r=0", verdicts=("no", "yes"))
    assert len(experts.of(PLANNER)) == 3
    first = episode.steps[0].action.text
    coder = experts.of(CODER)
    assert not any(span.text == first for span in coder[1]), "what was dropped is gone from the prompt"
    assert any(call.spans for call in episode.steps[0].calls) and len(episode.steps) == len(coder), "and stays in the log"


def test_what_a_dropped_step_came_to_is_forgotten_and_why_is_said_once():
    episode, experts, _ = run("act+poact?k=3", verdicts=("no", "yes"))
    result = episode.steps[1].observation.text
    assert result and len(experts.of(PLANNER)) == 2, "one drop is no dead end"
    told = [[span.text for span in prompt] for _, prompt in experts.asked]
    reviews = sum(result in prompt for prompt in told)
    assert reviews == 1, "the reviewer alone saw it"
    assert sum(any("was dropped: it did not serve" in text for text in prompt) for prompt in told) == 1
    assert episode.steps[0].calls, "it stays in the log"


def test_a_call_of_a_hidden_tool_is_revised():
    world = dutiful.world("tools/registry?hops=1")
    said = []

    def reply(prompt):
        role = prompt[0].text.partition(".")[0]
        if role == "You are the coder":
            said.append(prompt)
            hidden = next(tool.name for tool in world.tools() if f"\n{tool.name}(" not in prompt[0].text)
            return f"{hidden}('K-1')" if len(said) == 1 else "print('there')"
        return "1. the judge of the case" if "planner" in role else "yes"

    agent = dutiful.agent("act+codeact+poact?k=3&r=1", model=Scripted(reply=reply))
    episode = solve(agent, world.tasks()[0], world, limits=Limits(steps=2))
    assert episode.error is None, episode.error.trace
    assert "That was no good" in said[1][-1].text and said[1][-1].source is Source.PLAN
    assert any(span.source is Source.MODEL for span in said[1]), "the try stands in the prompt of its revision"


def test_without_switch_tools_are_selected_by_what_the_coder_says():
    world = dutiful.world("tools/registry?hops=1")
    said = []

    def reply(prompt):
        said.append(prompt)
        return "This is for the mentor of the lawyer.\n```python\nprint('there')\n```"

    agent = dutiful.agent("act+codeact+poact?k=3&switch=false&review=none", model=Scripted(reply=reply))
    solve(agent, world.tasks()[0], world, limits=Limits(steps=2))
    assert not any("\nget_lawyer_mentor(" in span.text for span in said[0])
    assert any("\nget_lawyer_mentor(" in span.text for span in said[1])


def test_a_call_made_before_is_dropped_though_the_code_differs():
    seen, done = Observation("x"), Action("y = f(1)")
    first = Step("", Proposal(done, ()), seen, (), Observation("1"), ('{"tool":"f"}',))
    again = first._replace(proposal=Proposal(Action("z = f(1)"), ()), result=Observation("one"))
    assert ruled(first, []) is None
    assert ruled(again, [first]) == ("drop", "it repeats calls that were made before")
    assert ruled(first._replace(outside=("g",)), []) == ("revise", "g is not among the tools that are shown")
    assert ruled(first._replace(result=Observation("[]")), []) == ("drop", "nothing came of it")


def test_the_planner_is_told_what_the_tools_are_about():
    _, experts, _ = run()
    assert all(any(span.text.startswith("The tools are about: ") for span in prompt) for prompt in experts.of(PLANNER))


def test_the_coder_sees_only_what_was_selected_and_the_selection_changes():
    _, experts, world = run()
    selections = [shown(prompt) for prompt in experts.of(CODER)]
    every = {tool.name for tool in world.tools()}
    assert all("finish" in names and len(names) == 4 and names < every for names in selections)
    assert selections[0] != selections[-1], "another sub-goal, another selection"


def test_the_planner_and_the_thinker_see_no_tools():
    _, experts, _ = run()
    assert not any(shown(prompt) for role in (PLANNER, THINKER) for prompt in experts.of(role))


def test_worked_examples_are_demonstrations_from_the_train_split():
    _, experts, world = run("act+poact?m=2")
    demos = [span.text for span in experts.of(CODER)[0] if span.source is Source.DEMO]
    train = {task.instruction.text for task in world.tasks("train")[:60]}
    assert len(demos) == 2 and all(text.partition("\n")[0].removeprefix("Example: ") in train for text in demos)


def test_a_refused_action_is_revised_with_the_reason():
    world = dutiful.world(WORLD)
    said = []

    def reply(prompt):
        if prompt[0].text.startswith("You are the coder"):
            said.append(prompt)
            return "nonsense()" if len(said) == 1 else world.expert().text
        return "1. do it" if prompt[0].text.startswith("You are the planner") else "yes"

    solve(dutiful.agent("act+poact", model=Scripted(reply=reply)), world.tasks()[0], world, limits=Limits(steps=5))
    assert "no call of a tool" in said[1][-1].text and said[1][-1].source is Source.PLAN


@pytest.mark.parametrize("actions", ["choice", "json", "line", "command", "codeact"])
def test_it_goes_with_every_action_space(actions):
    world = dutiful.world(WORLD)
    agent = dutiful.agent(f"act+{actions}+poact?review=rules&switch=false", dutiful.model("scripted"))
    assert solve(agent, world.tasks()[0], world, limits=Limits(steps=40)).passed


def test_it_is_a_good_search():
    check_agent("act+poact", "text/home")
    check_agent("act+json?constrained=false+poact?review=rules", "tools")
