"""Dialogues: one runner for chat and documents."""

import pytest

import dutiful
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.records import Action, Instruction, Task
from dutiful.kit.constraints.length import WordsAtLeast, WordsAtMost
from dutiful.kit.dialogue import Conversation, Dialogue, Said, answers, read, score

SHORT, LONG = WordsAtMost(4), WordsAtLeast(2)
TURNS = (
    Said("Name a colour.", "A wall.", (SHORT.constraint(), WordsAtMost(2).constraint(1)), ("blue",), "contains", gold="Blue."),
    Said("And another one.", constraints=(LONG.constraint(),), gold="Dark green.", standing=("Use at most 4 words.",)),
)
TASK = Dialogue(TURNS).task("t", "chat/any", "test", 0)


def play(world, *texts):
    seen = [world.reset(TASK)]
    for text in texts:
        seen.append(world.step(Action(text)))
    return seen


def test_a_dialogue_survives_its_task():
    assert read(TASK).turns == TURNS and TASK.instruction.text == "Name a colour."


def test_every_requirement_of_every_turn_counts():
    world = Conversation()
    first, second, end = play(world, "Perhaps a very dark blue", "Green.")
    assert (first.text, first.said, second.said, end.done) == ("A wall.", "Name a colour.", "And another one.", True)
    verdict = world.verdict()
    assert [c.passed for c in verdict.criteria] == [False, False, True, False] and verdict.score == end.reward == 0.25
    assert verdict.criteria[0].name == "turn 1: words_at_most" and "5 words" in verdict.criteria[0].evidence


def test_what_was_not_answered_is_not_met():
    world = Conversation()
    play(world, "Blue.")
    assert [c.evidence for c in world.verdict().criteria][3:] == ["not answered"]
    assert not world.verdict().passed and world.verdict().score == 0.75


def test_the_user_comes_back_with_what_was_missed_and_the_last_answer_counts():
    world = Conversation(patience=1)
    _, complaint, second = play(world, "Perhaps light blue", "Blue.")
    # Two constraints of one kind: the one that was missed is named, in its own wording.
    assert "(1) Answer in no more than 2 words." in complaint.said and "at most 4" not in complaint.said
    assert second.said == "And another one." and world.verdict().score == 0.75
    _, complaint, second = play(world, "Red.", "Red.")
    assert "right" in complaint.said and second.said == "And another one."


def test_a_state_restored_looks_as_it_did_even_in_a_complaint():
    world = Conversation(patience=2)
    seen = play(world, "Perhaps light blue")[-1]
    state = world.snapshot()
    for _ in range(2):
        world.step(Action("Blue."))
        assert world.restore(state) == seen and "Please answer again" in seen.said
    world.step(Action("Red."))
    assert world.step(Action("Blue.")).said == "And another one."


def test_a_dialogue_that_is_over_says_so():
    world = Conversation()
    assert play(world, "Blue.", "Dark green.")[-1].done
    for late in (world.expert, lambda: world.step(Action("Red.")), lambda: world.turn):
        with pytest.raises(WorldFailure, match="all its 2 turns are answered"):
            late()
    with pytest.raises(SpecError, match="patience=-1"):
        Conversation(patience=-1)


def test_a_user_whose_model_says_nothing_complains_in_plain_words():
    world = Conversation(patience=1, user="scripted?script= |You forgot something.")
    assert "Please answer again" in play(world, "Perhaps light blue")[-1].said
    assert play(world, "Perhaps light blue")[-1].said == "You forgot something."
    world.close()


def test_answers_are_read_back_from_the_log():
    class Family(Conversation):
        card = dutiful.core.parts.Card(kind="world", name="family", summary="of this test", capabilities=frozenset({"dialogue"}))

    agent = dutiful.agent("act", dutiful.model("scripted?script=Perhaps light blue|Blue.|Dark green."))
    episode = dutiful.solve(agent, TASK, Family(patience=1))
    assert episode.passed and [text for _, text in answers(episode)] == ["Blue.", "Dark green."]
    cut = dutiful.solve(agent, TASK, Family(patience=1), limits=dutiful.Limits(steps=2))
    assert [text for _, text in answers(cut)] == ["Blue.", None]


def test_forbidden_references_and_loose_scoring():
    turn = Said("Say a word.", constraints=(WordsAtMost(2).constraint(),), reference=("red",), metric="not_contains")
    strict, loose = score(turn, "Sure, here is one:\nBlue."), score(turn, "Sure, here is one:\nBlue.", loose=True)
    assert [c.passed for c in strict] == [False, True] and [c.passed for c in loose] == [True, True]
    assert not score(turn, "Bright red.")[1].passed


def test_a_task_that_cannot_be_scored_is_refused():
    with pytest.raises(WorldFailure, match="no dialogue"):
        Conversation().reset(Task("t", "w", "test", 0, Instruction("x"), {"turns": 3}))
    with pytest.raises(WorldFailure, match="nothing can be scored"):
        Conversation().reset(Dialogue((Said("Hello."),)).task("t", "w", "test", 0))
