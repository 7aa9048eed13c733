"""tools/registry: 80 tools, chains of calls, answers that code checks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dutiful
from dutiful.core.errors import SpecError
from dutiful.core.records import Action
from dutiful.kit import calls, programs
from dutiful.testing import check_agent, check_world
from dutiful.worlds.tools.registry.apis import NOUNS
from dutiful.worlds.tools.registry.questions import domain, question, state


def test_it_is_a_good_world():
    check_world("tools/registry", tasks=5)


def test_a_complete_agent_works_in_it():
    check_agent("act+json?constrained=false+poact?m=0&review=rules", "tools/registry?hops=1")


def test_there_are_80_tools_that_only_read_six_tables():
    made, apis = domain()
    assert len(made.functions) == len(apis) == 80 and len(made.tables) == 6
    assert not any(function.writes for function in made.functions.values())
    assert {api.takes for api in apis.values()} == set(NOUNS), "every noun leads on"
    assert all(any(api.takes == kind for api in apis.values()) for kind in NOUNS)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["train", "validation", "test"]), st.integers(1, 5), st.integers(0, 9999))
def test_a_question_has_its_hops_a_need_for_each_and_one_answer(split, hops, seed):
    asked = question(split, hops, seed)
    called = [each for each in asked.program.body if isinstance(each, programs.Call)]
    assert len(called) == len(asked.needs) == hops and len(set(programs.tools(asked.program))) == hops
    made, _ = domain()
    from dutiful.worlds.tools.language import State

    now = State(dict(state(split)), made.tables)
    answer = programs.execute(asked.program, lambda call: made.functions[call.tool].body(now, call.arguments), strict=True)
    assert answer is not None
    assert str(called[0].arguments[next(iter(called[0].arguments))]) in asked.text, "the value it begins with is said"


def test_splits_share_no_record_no_chain_and_no_sentence():
    splits = ("train", "validation", "test")
    keys = [{key for name, rows in state(split).items() for key in rows} for split in splits]
    chains = [{programs.tools(question(split, hops, n).program) for n in range(40) for hops in (2, 3)} for split in splits]
    starts = [{question(split, 1, n).text.split()[0] for n in range(40)} for split in splits]
    for sets in (keys, chains, starts):
        assert not (sets[0] & sets[1] or sets[0] & sets[2] or sets[1] & sets[2])


def test_tools_like_each_other_answer_in_the_same_field_and_differ():
    world = dutiful.world("tools/registry")
    world.reset(world.tasks()[0])
    number = next(iter(state("test")["cases"]))
    given = {"case_number": number}
    results = [
        world.step(calls.action(calls.Call(f"get_case_{side}", given))).info["result"] for side in ("plaintiff", "defendant")
    ]
    assert results[0].keys() == results[1].keys() == {"company_name"} and results[0] != results[1]


def test_wrong_values_are_errors_and_wrong_answers_fail():
    world = dutiful.world("tools/registry?hops=1")
    world.reset(world.tasks()[0])
    seen = world.step(calls.action(calls.Call("get_case_judge", {"case_number": "K-0"})))
    assert seen.text.startswith("Error: 404") and "refused" not in seen.info
    assert world.step(calls.action(calls.Call("get_case_judge", {"court_name": "x"}))).info["refused"]
    world.step(Action("", tool="finish", arguments={"answer": "nobody"}))
    assert not world.verdict().passed


@pytest.mark.parametrize("spec", ["tools/registry?hops=6", "tools/registry?max_steps=0"])
def test_impossible_knobs_are_refused(spec):
    with pytest.raises(SpecError, match="tools/registry"):
        dutiful.world(spec)
