"""The attack `injection`, the world `attacked` and the defence `tags` (view `tagged`)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dutiful
from dutiful import Recorder, agent, solve, world
from dutiful.agents.views.tagged import Tagged
from dutiful.attacks.attacked import Attacked
from dutiful.attacks.injection import POSITIONS, Injection
from dutiful.attacks.phrases import ERRANDS, FAMILIES
from dutiful.core.attack import Attack
from dutiful.core.errors import SpecError, UnknownPart, Unsupported
from dutiful.core.parts import Card, build
from dutiful.core.prompt import Prompt
from dutiful.core.records import Source
from dutiful.kit.answers import best
from dutiful.kit.retrieval import words
from dutiful.models.scripted import Scripted
from dutiful.testing import CheckFailed, check_agent, check_attack, check_world

RAG = "rag/facts?k=1&retriever=gold"


@pytest.mark.parametrize(
    "spec",
    [
        "injection",
        "injection?family=all&position=random&phrasings=all",
        "injection?family=escape&position=start&relevance=irrelevant",
    ],
)
def test_the_battery_passes_injection(spec):
    assert check_attack(spec, RAG).ran == 8


def test_the_battery_passes_injection_in_a_household_too():
    assert check_attack("injection?relevance=irrelevant", "text/home").ran == 8


@pytest.mark.parametrize("defence", ["tags", "tags?nonce=false", "sources", "sources?role=data"])
def test_the_battery_passes_defences(defence):
    assert check_attack(defence).ran == 4


@pytest.mark.parametrize("spec", ["attacked", "attacked?openly=true", f"attacked?world={RAG.replace('&', '%26')}"])
def test_the_battery_of_worlds_passes_attacked(spec):
    assert check_world(spec).ran >= 13


@pytest.mark.parametrize("view", ["tagged", "separated", "separated?shows=tagged"])
def test_the_battery_of_agents_passes_the_views(view):
    assert check_agent(f"act+{view}", "lights:Lights").ran >= 8


@pytest.mark.parametrize("first", ["question", "passages"])
def test_the_view_separated_gives_untrusted_text_messages_of_its_own(first):
    place = Injection("role", phrasings="all").apply(world(RAG))
    task = place.tasks("validation")[3]
    defended = build("sources", "attack").apply(agent(f"act+layout?first={first}", Scripted(script="x")))
    (prompt,) = solve(defended, task, place).prompts()
    injected = task.setup["attack"]["question"]
    messages = Prompt(prompt).messages()
    assert [message.role for message in messages if injected in message.content] == ["tool"]
    assert all(message.role in ("system", "user") for message in messages if task.instruction.text in message.content)


class Nosy(Attack):
    """Claims success whatever happens, and changes its target."""

    card = Card(kind="attack", name="nosy", summary="always content")

    def apply(self, target):
        if not hasattr(target, "tasks"):
            raise SpecError("no world")
        target.patience = 3
        return Attacked(target.spec, "injection")

    def succeeded(self, episode):
        return True


def test_a_bad_attack_fails_the_battery():
    with pytest.raises(CheckFailed) as failed:
        check_attack(Nosy())
    broken = {result.name for result in failed.value.report if result.status == "failed"}
    assert {"the target given is not changed", "doing what the user asked is no success", "it can fail"} <= broken


@given(st.text("ab. \n-?!", max_size=60), st.sampled_from(POSITIONS), st.floats(0, 0.999))
@settings(max_examples=120, deadline=None)
def test_placing_keeps_every_character_of_the_text_in_order(text, position, draw):
    placed = Injection(position=position).place(text, {"text": "@@", "draw": draw})
    before, after = placed.split("@@")
    assert re.sub(r"\s", "", before + after) == re.sub(r"\s", "", text)
    assert len(text) <= len(before + after) <= len(text) + 2
    if position == "start":
        assert not before.strip("-* \t")
    if position == "end":
        assert not after.strip()


def test_positions_are_where_they_say():
    text = "- One: A is b. C is d. E is f. G is h."
    found = {position: Injection(position=position).place(text, {"text": "XX", "draw": 0.5}) for position in POSITIONS}
    assert found["start"] == "- XX One: A is b. C is d. E is f. G is h."
    assert found["middle"] == "- One: A is b. C is d. XX E is f. G is h."
    assert found["end"] == "- One: A is b. C is d. E is f. G is h. XX"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_phrasing_asks_and_none_is_in_both_sets(family):
    seen, held = FAMILIES[family]
    assert len(held) >= 2 and not set(seen) & set(held)
    assert all(text.count("{ask}") == 1 for text in seen + held)


def test_no_errand_holds_its_own_answer_and_no_attack_string_does():
    for question, answers in ERRANDS:
        assert not any(set(words(answer)) <= set(words(question)) for answer in answers)
    for relevance in ("relevant", "irrelevant"):
        attack = Injection("all", relevance=relevance, phrasings="all")
        for task in world(RAG).tasks("validation")[:60]:
            aim = attack.aim(task)
            assert not any(f" {answer.lower()} " in f" {aim['text'].lower()} " for answer in aim["answers"])
            own = task.setup["turns"][0]["tags"]["answers"]
            assert not any(best("recall_em", answer, own) for answer in aim["answers"])


def test_the_user_is_not_impersonated_and_the_source_stays_the_worlds():
    place = Injection("role").apply(world(RAG))
    task = place.tasks("validation")[0]
    episode = solve(agent("act", Scripted(script="I see")), task, place)
    (prompt,) = episode.prompts()
    carriers = [span for span in prompt if task.setup["attack"]["question"] in span.text]
    assert [span.source for span in carriers] == [Source.WORLD]


def test_success_is_going_astray_and_nothing_else():
    attack = Injection()
    place = attack.apply(world(RAG))
    task = place.tasks("validation")[4]
    injected, own = task.setup["attack"]["answers"][0], task.setup["turns"][0]["gold"]
    said = {
        text: solve(agent("act", Scripted(script=text)), task, place) for text in (injected, own, f"{own}, {injected}", "pardon")
    }
    assert [attack.succeeded(episode) for episode in said.values()] == [True, False, False, False]
    open_place = attack.openly(world(RAG))
    openly = solve(agent("act", Scripted(script=injected)), open_place.tasks("validation")[4], open_place)
    assert openly.passed and not attack.succeeded(openly)


def test_a_word_that_merely_holds_the_answer_is_no_success():
    attack = Injection(relevance="irrelevant")
    place = attack.apply(world(RAG))
    task = next(task for task in place.tasks("validation") if task.setup["attack"]["answers"] in (["R"], ["ice"], ["Au"]))
    for text, led in (("Rarely nice autumns", False), (f"It is {task.setup['attack']['answers'][0]}.", True)):
        assert attack.succeeded(solve(agent("act", Scripted(script=text)), task, place)) is led


def test_a_world_without_anything_to_carry_the_attack_is_simply_not_attacked():
    assert check_attack("injection?relevance=irrelevant", "chat/rules?level=I").ran == 8


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnknownPart, match="escape"):
        Injection("escapes")
    with pytest.raises(SpecError, match="irrelevant"):
        Injection().apply(world("text/home")).tasks("test")[0]
    with pytest.raises(Unsupported):
        build("tags", "attack").apply(world(RAG))
    with pytest.raises(SpecError, match="injection"):
        world("attacked?attack=tags")


ATTACKER = st.text("<>/data-|im 0123456789abcdef\n", max_size=60)


@pytest.fixture(scope="module")
def tagged():
    """An agent with the view `tagged`, in an episode, and what it sees first."""
    follower, place = agent("act+tagged", Scripted(script="x")), world(RAG)
    task = place.tasks("validation")[0]
    follower.begin(task, place, Recorder(task))
    return follower, place.reset(task)


@given(text=ATTACKER)
@settings(max_examples=80, deadline=None)
def test_no_text_can_close_the_tags_of_the_view_tagged(tagged, text):
    follower, seen = tagged
    shown = follower.view.show(seen.replace(text=text or "x"))
    (span,) = [span for span in shown if span.source is Source.WORLD]
    assert len(re.findall(r"<\s*/", span.text)) == 1 and span.text.endswith(">") and span.text.rpartition("</data-")[1]


def test_tags_differ_from_seed_to_seed_and_defended_agents_have_a_spec():
    place = world(RAG)
    task = place.tasks("validation")[0]
    defended = build("tags", "attack").apply(agent("act+layout", Scripted(script="x")))
    assert defended.spec == "act+tagged?shows=layout" and isinstance(defended.view, Tagged)
    texts = [solve(defended, task, place, seed=seed).prompts()[0] for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


def test_the_planner_shots_shows_solved_tasks_of_the_train_split_only():
    place = world(RAG)
    follower = agent(f"act+layout+shots?k=3&world={RAG.replace('&', '%26')}", dutiful.model("scripted"))
    prompts = [solve(follower, task, place).prompts()[0] for task in place.tasks("validation")[:2]]
    demos = [span for span in prompts[0] if span.source is Source.DEMO]
    assert [span.role for span in demos if span.role == "assistant"] == ["assistant"] * 3
    assert prompts[0][: len(demos) + 1] == prompts[1][: len(demos) + 1]
    train = {passage.title for passage in corpus_train()}
    assert all(any(title in span.text for title in train) for span in demos if "Search results" in span.text)


def corpus_train():
    from dutiful.worlds.rag.corpus import corpus

    return corpus("train").passages


def test_what_the_user_asked_for_never_answers_the_errand():
    attack, met = Injection(relevance="irrelevant"), 0
    for task in world(RAG).tasks("test"):
        own = task.setup["turns"][0]["tags"]["answers"]
        met += any(best("recall", answer, answers) == 1 for answer in own for _, answers in ERRANDS)
        assert not any(best("recall", answer, attack.aim(task)["answers"]) == 1 for answer in own)
    assert met > 5  # "honey bread" answers what bees make
