"""What of the past is shown when rules stand: all of it, the rules once more, gold answers."""

import pytest

import dutiful
from dutiful.core.records import Source
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Dialogue, Said
from dutiful.testing import check_agent
from dutiful.worlds.chat import Rules

FEW, MANY = WordsAtMost(9).constraint(), WordsAtLeast(2).constraint()
TURNS = (
    Said("First?", constraints=(FEW,), gold="The first gold.", standing=(FEW.wording,)),
    Said("Second?", constraints=(FEW, MANY), gold="The second gold.", standing=(FEW.wording, MANY.wording)),
    Said("Third?", constraints=(FEW, MANY), gold="The third gold.", standing=(FEW.wording, MANY.wording)),
)


def prompts(agent):
    task = Dialogue(TURNS).task("t", "chat/any", "test", 0)
    follower = dutiful.agent(agent, dutiful.model("scripted?script=My own."))
    episode = dutiful.solve(follower, task, Rules())
    assert episode.error is None and dutiful.agent(agent).spec == agent
    return episode.prompts()


@pytest.mark.parametrize("agent", ["act+reminder", "act+gold"])
def test_the_battery_passes(agent):
    check_agent(agent, "text/home")


def test_a_reminder_stands_before_the_present_turn_alone():
    full, reminded = prompts("act"), prompts("act+reminder")
    for number, (plain, shown) in enumerate(zip(full, reminded, strict=True)):
        extra = [span for span in shown if span not in plain]
        assert tuple(span for span in shown if span in plain) == plain, "the history is not the plain one"
        assert len(extra) == 1 and shown[-2] == extra[0] and extra[0].source is Source.USER
        assert all(wording in extra[0].text for wording in TURNS[number].standing)
    assert shown[-1].text == "Third?"


def test_without_standing_rules_nothing_is_said_again():
    world = dutiful.world("text/home")
    agents = [dutiful.agent(name, dutiful.model("scripted")) for name in ("act", "act+reminder")]
    plain, reminded = (dutiful.solve(agent, world.tasks("test")[0], world).prompts() for agent in agents)
    assert plain == reminded


def test_gold_answers_stand_in_for_own_ones():
    shown = prompts("act+gold")[-1]
    assert [span.text for span in shown] == ["First?", "The first gold.", "Second?", "The second gold.", "Third?"]
    assert [span.source for span in shown if "gold" in span.text] == [Source.MODEL, Source.MODEL]
