"""The teacher codi: expansion, rewriting, and the filters that what a model says must pass."""

from collections import Counter
from random import Random

import pytest

from dutiful import Source, SpecError
from dutiful.core.parts import build
from dutiful.kit.attributes import holds
from dutiful.kit.diversity import Novelty
from dutiful.models import Scripted
from dutiful.teachers.codi import NOVEL, CodiTeacher
from dutiful.teachers.codi_phrases import REQUIREMENTS, STYLES, Rewriter, mode_of, say
from dutiful.worlds.chat.codi_words import SEEDS, SLOTS, TASKS, Phrase


@pytest.mark.parametrize("task", TASKS)
def test_examples_are_balanced_and_their_answers_hold(task):
    made = list(build(f"codi?task={task}&size=30", "teacher").make(20, seed=3))
    assert len(made) == 20 and made == list(CodiTeacher(task, size=30).make(20, seed=3))
    assert all(holds(example.spans[1].text, example.origin["label"]) for example in made)
    assert all(example.loss == (False, True) and example.spans[0].source is Source.USER for example in made)
    assert not any("{" in example.spans[0].text for example in made)
    count = Counter(example.origin["mode"] for example in made)
    assert set(count) == set(SLOTS[task]) and max(count.values()) - min(count.values()) <= 1


def test_expansion_keeps_at_most_sixteen_a_mode_and_the_seeds():
    expanded = CodiTeacher("length").expand(Scripted(reply=Rewriter()), Random(0))
    count = Counter(phrase.mode for phrase in expanded)
    assert all(4 < count[mode] <= 16 for mode in SLOTS["length"])
    assert {text for texts in SEEDS["length"].values() for text in texts} <= {phrase.text for phrase in expanded}


def test_rewritings_are_novel_and_balanced():
    made = CodiTeacher("length", size=60).phrases(Scripted(reply=Rewriter()))
    assert len(made) == 60 and set(Counter(phrase.mode for phrase in made).values()) == {12}
    novelty = Novelty(NOVEL)
    assert all(novelty.add(phrase.text) for phrase in made)


class Says:
    """A model that answers every rewriting with the same lines in turn."""

    def __init__(self, *lines):
        self.lines, self.asked = lines, []

    def __call__(self, prompt):
        self.asked.append(prompt[-1].text)
        return self.lines[(len(self.asked) - 1) % len(self.lines)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("[Give me {number} words of prose, please.]", 1),
        ("Give me {number} words without any brackets.", 0),
        ("[Between {number1} and {number} words.]", 0),
        ("[From {number1} to {number2} words.]", 0),
        ("[Give me words.]", 0),
        ("[{number} words and {number} words]", 0),
        ("[Write a text of exactly {number} words]", 0),
    ],
)
def test_a_rewriting_needs_brackets_its_own_slots_and_novelty(said, kept):
    seed = [Phrase("Write a text of exactly {number} words.", "equal")]
    teacher = CodiTeacher("length", size=2)
    teacher_modes = [phrase for mode in SLOTS["length"] for phrase in [seed[0]._replace(mode=mode)]]
    model = Says(said)
    made = teacher.diversify(
        Scripted(reply=model),
        [p for p in teacher_modes if p.mode != "between"] + [Phrase("Write {number1} to {number2} words.", "between")],
        Random(0),
    )
    assert len([phrase for phrase in made if phrase.mode == "equal"]) == kept


def test_styles_are_drawn_with_their_probabilities():
    asked = Says("nothing in brackets")
    CodiTeacher("topic", size=40).diversify(Scripted(reply=asked), [Phrase("On {topic}.", "topic")], Random(1))
    styles = [text.split('"')[1] if "in the style" in text else "" for text in asked.asked]
    base, more = list(STYLES)[:8], list(STYLES)[8:]
    shares = [sum(style in group for style in styles) / len(styles) for group in ([""], base, more)]
    assert shares == pytest.approx([0.3, 0.5, 0.2], abs=0.06) and len(styles) == 1200


def test_the_rewriter_tells_every_mode_in_every_style():
    draw = Random(2)
    assert all(mode_of(text) == mode for texts in SEEDS.values() for mode in texts for text in texts[mode])
    assert all(mode_of(say(mode, style, draw)) == mode for mode in [*REQUIREMENTS, "toxicity"] for style in ["", *STYLES])


def test_an_unknown_task_is_refused():
    with pytest.raises(SpecError, match="no task is called 'colour'"):
        CodiTeacher("colour")
