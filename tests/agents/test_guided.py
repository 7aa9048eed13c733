"""The slot `guided`: what each stage does, on scripted models, and that steering meets what it can on the embedded one."""

import pytest

from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.errors import Unsupported
from dutiful.core.model import Completion, Sampling
from dutiful.core.parts import Card
from dutiful.core.records import Usage
from dutiful.kit.constraints import TYPES
from dutiful.kit.dialogue import Conversation, Dialogue, Said
from dutiful.models import Scripted
from dutiful.testing import check_agent

KEY, SHORT = TYPES["keywords"](("river",)), TYPES["words_at_most"](8)


class Talk(Conversation):
    """Two turns: a keyword, then a short answer."""

    card = Card(kind="world", name="talk", summary="two turns", capabilities=frozenset({"dialogue", "expert", "snapshot"}))

    def tasks(self, split="test"):
        turns = (Said("Mention it.", constraints=(KEY.constraint(),)), Said("Be brief.", constraints=(SHORT.constraint(),)))
        return [Dialogue(turns).task("talk", "talk", split, 0)]


def run(spec, script, patience=0, world=None):
    world = world or Talk(patience)
    model = Scripted(script=script) if isinstance(script, str) else script
    return solve(parts.agent(spec, model), world.tasks()[0], world)


PLAIN = "act+guided?steer=false"


def test_the_first_answer_that_meets_all_is_taken():
    episode = run(f"{PLAIN}", "no|none|by the river|never asked|short")
    first, second = episode.steps
    assert first.action.text == "by the river" and first.action.thought == "drawn 2: 1 of 1 met"
    assert [call.verb for call in first.calls] == ["generate"] * 3
    assert second.action.text == "never asked" and second.action.thought == "plain: 1 of 1 met" and episode.passed


def test_repair_names_what_was_missed_and_mending_is_the_last_resort():
    episode = run(f"{PLAIN}&samples=1", "no|none|the river|fine")
    assert episode.steps[0].action.thought == "repaired: 1 of 1 met"
    assert KEY.wording() in episode.steps[0].calls[-1].spans[-1].text
    episode = run(f"{PLAIN}&samples=0&repair=false", "No.|fine")
    assert episode.steps[0].action.thought == "mended: 1 of 1 met" and episode.passed
    assert episode.steps[0].action.text.startswith("No.") and "river" in episode.steps[0].action.text
    episode = run(f"{PLAIN}&samples=0&repair=false&mend=false", "No.|fine")
    assert episode.steps[0].action.text == "No." and not episode.passed


def test_a_complaint_is_about_the_same_turn():
    long = " ".join(["word"] * 9)
    episode = run(f"{PLAIN}&samples=0&repair=false&mend=false", f"No.|the river|{long}|brief", patience=1)
    assert [step.action.thought[-10:] for step in episode.steps] == ["0 of 1 met", "1 of 1 met"] * 2 and episode.passed


class Rated(Scripted):
    """Says texts of stated log-probability, two tokens each."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    def bind(self, world, seed):
        return self

    def generate(self, prompt, sampling=Sampling(), constraint=None):
        text, logprob = self.answers.pop(0)
        return Completion(text, Usage(completion_tokens=2), logprob=logprob)


def one_turn(spec, *answers):
    world = Talk()
    task = world.tasks()[0]
    task = task.replace(setup={"turns": task.setup["turns"][:1]})
    return solve(parts.agent(spec, Rated(*answers)), task, world).steps[0].action


def test_of_several_that_meet_as_much_the_likeliest_is_taken():
    answers = ("no", -1.0), ("none", -8.0), ("nothing", -0.1), ("nil", -3.0), ("zero", -2.0)
    action = one_turn(f"{PLAIN}&repair=false&mend=false&floor=9", *answers)
    assert action.text == "nothing" and action.thought == "drawn 2: 0 of 1 met"


def test_below_the_floor_only_the_last_resort_is_taken():
    answers = ("no", -1.0), ("a river", -2.2), ("river", -8.0)  # -0.5, -1.1 and -4 a token
    spec = f"{PLAIN}&repair=false&samples=2"
    assert one_turn(f"{spec}&mend=false&floor=0.5", *answers).text == "no"
    assert one_turn(f"{spec}&mend=false&floor=0.7", *answers).text == "a river"
    assert one_turn(f"{spec}&floor=0.5", *answers).text == "a river"


def test_requirements_can_be_read_from_the_words():
    class Asked(Talk):
        def tasks(self, split="test"):
            said = Said(f"Tell me about rivers. {SHORT.wording()}", constraints=(TYPES["words_at_most"](50).constraint(),))
            return [Dialogue((said,)).task("asked", "talk", split, 0)]

    long = " ".join(["word"] * 9)
    episode = run(f"{PLAIN}&samples=1&source=words", f"{long}|brief", world=Asked())
    assert episode.steps[0].action.text == "brief"
    assert "1 of 1 met" in episode.steps[0].action.thought


def test_a_model_that_cannot_be_steered_is_refused():
    episode = run("act+guided", "anything")
    assert episode.error is not None and episode.error.kind == Unsupported.__name__ and "steer" in episode.error.message


def test_worlds_of_actions_are_played_plainly():
    report = check_agent(PLAIN, "text/home")
    assert report


def test_the_embedded_model_is_steered():
    pytest.importorskip("xllamacpp")
    model = parts.model("embedded?context=512&slots=2&threads=1")
    spec = "act+guided?samples=0&repair=false&mend=false&tokens=24&floor=9"
    episode = run(spec, model)
    assert episode.passed, episode.verdict
    assert all(step.action.thought in ("plain: 1 of 1 met", "steered: 1 of 1 met") for step in episode.steps)
    assert any(len(step.calls) == 2 for step in episode.steps), "the plain answers meet all by themselves: ask for more"
    model.close()
