"""tme: the forest in an agent, in dialogues and elsewhere."""

import json

import pytest

import dutiful
from dutiful.claims import tme as claim
from dutiful.core.records import Source
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.models import Scripted
from dutiful.testing import check_agent
from dutiful.worlds import Edits


def talk(steps, agent="act+tme"):
    """The prompts of answers when the model reads the utterances as these steps."""
    turns = tuple(Said(f"utterance {n}", reference=("x",), metric="exact", gold="x") for n in range(len(steps)))
    replies = iter([json.dumps({"edits": [s] if s else []}) if s != "nonsense" else s for s in steps])
    model = Scripted(reply=lambda prompt: next(replies) if prompt[0].text.startswith("Split") else "ok")
    episode = dutiful.solve(dutiful.agent(agent, model), Dialogue(turns).task("t", "chat/any", "test", 0), Edits())
    assert episode.error is None, episode.error
    return [
        next((s.text for s in prompt if s.source is Source.MEMORY), "")
        for prompt in episode.prompts()
        if not prompt[0].text.startswith("Split")
    ]


def step(intent, form, slot, value="", other=""):
    return dict(intent=intent, form=form, slot=slot, value=value, other=other)


def test_the_battery_passes():
    check_agent("act+tme", "text/home")


def test_what_stands_is_shown_along_the_path_alone():
    shown = talk(
        [
            step("new", "trip", "city", "Oslo"),
            step("new", "party", "cook", "Ann"),
            step("update", "trip", "city", "Riga"),
            step("check", "trip", "city", "Oslo"),
            step("undo", "trip", "city"),
            step("check", "party", "cook"),
        ]
    )
    assert [text.splitlines()[-1] for text in shown] == [
        "trip > city = Oslo",
        "party > cook = Ann",
        "trip > city = Riga",
        "trip > city = Riga",
        "trip > city = Oslo",
        "party > cook = Ann",
    ]
    assert "cook" not in shown[3] and "city" not in shown[5]


@pytest.mark.parametrize("words", ["nonsense", None])
def test_words_that_fit_no_step_change_nothing(words):
    assert talk([step("new", "trip", "city", "Oslo"), words])[1] == "What stands:\ntrip > city = Oslo"


def test_a_tie_that_leaves_the_tree_is_put_right_where_it_is_checked():
    steps = [
        step("new", "trip", "city", "Oslo"),
        step("new", "party", "city", "Lima"),
        step("tie", "trip", "stay", other="party/city"),
    ]
    assert "stay = Oslo" in talk(steps)[2] and "stay = Lima" in talk(steps, "act+tme?checked=false")[2]


def test_in_other_worlds_actions_are_slots_and_outcomes_values():
    world = dutiful.world("text/home")
    task = world.tasks("test")[0]
    episode = dutiful.solve(dutiful.agent("act+tme?shown=2", dutiful.model("scripted")), task, world)
    assert episode.passed
    last = [s.text for s in episode.prompts()[-1] if s.source is Source.MEMORY][0].splitlines()  # noqa: RUF015
    assert len(last) == 3 and last[-1].startswith(f"task > {episode.steps[-2].action.text} = ")
    with pytest.raises(ValueError, match="shown is 0"):
        dutiful.agent("act+tme?shown=0")


@pytest.mark.parametrize("actions", ["choice", "line", "json", "command", "codeact"])
@pytest.mark.parametrize("world", ["text/home", "tools?loops=0.5&branches=0.5", "grid/GoToLocal", "chat/rules"])
def test_it_stands_beside_every_action_space(world, actions):
    place = dutiful.world(world)
    for task in place.tasks("test")[:2]:
        episode = dutiful.solve(dutiful.agent(f"act+{actions}+tme", dutiful.model("scripted")), task, place)
        assert episode.error is None and episode.passed, episode
        last = list(episode.prompts())[-1]
        shown = any(span.source is Source.MEMORY for span in last)
        assert shown == (len(episode.steps) > 1), "what came of the steps before"
        assert not any(span.source is Source.MODEL for span in last), "never the transcript"


def test_with_a_reader_that_makes_no_errors_tme_knows_all_and_its_ablations_do_not(monkeypatch):
    monkeypatch.setattr(claim, "error", lambda others: 0.0)
    world = dutiful.world(claim.LONG)

    def passed(agent):
        follower = dutiful.agent(agent, Scripted(reply=claim.reply))
        return sum(claim.final(dutiful.solve(follower, task, world)) for task in world.tasks()[:8])

    assert passed("act+tme") == passed("act") == 8
    assert max(passed("act+tme?history=false"), passed("act+window?k=6")) <= 4 and passed("act+tme?shared=false") < 8
