"""Programs as data: run call by call, written as Python, read back from JSON."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit import calls, programs
from dutiful.kit.programs import (
    Answer,
    Best,
    Call,
    Collect,
    Column,
    Count,
    Each,
    If,
    Let,
    Program,
    Ref,
    Total,
    Where,
    dump,
    execute,
    load,
    run,
    to_python,
)

SHOP = {
    "C1": [
        dict(id="A", total=30.5, status="open"),
        dict(id="B", total=10.0, status="open"),
        dict(id="C", total=20.0, status="done"),
    ],
    "C2": [],
}


def shop(made):
    """A function that carries calls out and keeps them."""

    def call(wanted: calls.Call):
        made.append(wanted)
        if wanted.tool == "list_orders":
            return SHOP[wanted.arguments["customer"]]
        if wanted.tool == "get_weight":
            return {"weight": ord(wanted.arguments["id"])}
        return {"done": True}

    return call


CHEAPEST = Program(
    (
        Call("list_orders", {"customer": "C1"}, "orders"),
        Best(Ref("orders"), "total", "lowest", "order"),
        Call("cancel", {"id": Ref("order", ("id",))}),
        Answer(Ref("order", ("total",))),
    )
)
LOOP = Program(
    (
        Call("list_orders", {"customer": "C1"}, "orders"),
        Where(Ref("orders"), "status", "==", "open", "kept"),
        Each("item", Ref("kept"), (Call("get_weight", {"id": Ref("item", ("id",))}, "w"), Collect(Ref("w"), "weights"))),
        Let("n", Count(Ref("weights"))),
        If(Ref("n"), ">", 1, (Answer(Total(Ref("weights"), "weight")),), (Answer(Column(Ref("weights"), "weight")),)),
    )
)


def test_a_program_calls_what_it_finds():
    made = []
    assert execute(CHEAPEST, shop(made)) == 10.0
    assert made == [calls.Call("list_orders", {"customer": "C1"}), calls.Call("cancel", {"id": "B"})]


def test_loops_collect_and_branches_choose():
    made = []
    assert execute(LOOP, shop(made)) == ord("A") + ord("B")
    assert [call.arguments for call in made[1:]] == [{"id": "A"}, {"id": "B"}]


def test_a_program_is_a_coroutine():
    running = run(CHEAPEST)
    assert next(running) == calls.Call("list_orders", {"customer": "C1"})
    assert running.send(SHOP["C1"]) == calls.Call("cancel", {"id": "B"})
    with pytest.raises(StopIteration) as end:
        running.send({})
    assert end.value.value == 10.0


def test_what_leads_nowhere_gives_none():
    program = Program((Call("list_orders", {"customer": "C2"}, "orders"), *CHEAPEST.body[1:]))
    made = []
    assert execute(program, shop(made)) is None
    assert made[-1] == calls.Call("cancel", {"id": None})


@pytest.mark.parametrize("program", [CHEAPEST, LOOP])
def test_strict_asks_for_a_choice_that_is_one_alone(program):
    execute(program, shop([]), strict=True)
    twins = Program((Let("orders", [dict(total=1), dict(total=1)]), Best(Ref("orders"), "total", "lowest", "order")))
    with pytest.raises(ValueError, match="not one alone"):
        execute(twins, shop([]), strict=True)
    several = Program((Let("xs", [dict(a=1), dict(a=1)]), Where(Ref("xs"), "a", "==", 1, "x", only=True)))
    with pytest.raises(ValueError, match="2 have a == 1"):
        execute(several, shop([]), strict=True)


@pytest.mark.parametrize("program", [CHEAPEST, LOOP])
def test_python_does_the_same(program):
    """The code, run with the tools as functions, makes the same calls and gives the same answer."""
    expected, made, answers = [], [], []
    answer = execute(program, shop(expected))
    call = shop(made)

    def tool(name):
        return lambda **given: call(calls.Call(name, given))

    names = {name: tool(name) for name in programs.tools(program)}

    def finish(answer):
        answers.append(answer)

    exec(to_python(program), {**names, "finish": finish})
    assert (made, answers[0]) == (expected, answer)


def test_python_without_an_answer_finishes_without_one():
    assert to_python(Program(CHEAPEST.body[:3])).splitlines()[-1] == "finish(answer=None)"
    assert "answer=None" not in to_python(LOOP)


@pytest.mark.parametrize("program", [CHEAPEST, LOOP])
def test_programs_survive_json(program):
    assert load(dump(program)) == program
    with pytest.raises(ValueError, match="do"):
        load({"body": [{"do": "dance"}]})


def test_the_tools_of_a_program_are_listed_once():
    assert programs.tools(LOOP) == ("list_orders", "get_weight")


rows = st.lists(st.fixed_dictionaries({"a": st.integers(-5, 5), "b": st.sampled_from("xyz")}), max_size=6)


@settings(max_examples=60)
@given(rows, st.sampled_from(sorted(programs.TESTS)), st.integers(-5, 5))
def test_lists_are_what_python_says(items, test, bound):
    got = {}

    def call(wanted):
        got.update(wanted.arguments)

    program = Program(
        (
            Let("xs", items),
            Where(Ref("xs"), "a", test, bound, "kept"),
            Best(Ref("xs"), "a", "highest", "best"),
            Call(
                "tell",
                {"kept": Ref("kept"), "best": Ref("best", ("a",)), "n": Count(Ref("xs")), "sum": Total(Ref("xs"), "a"),
                 "b": Column(Ref("xs"), "b")},
            ),
        )
    )  # fmt: skip
    execute(load(dump(program)), call)
    kept = [row for row in items if programs.TESTS[test](row["a"], bound)]
    assert got["kept"] == kept
    assert got["best"] == max((row["a"] for row in items), default=None)
    assert (got["n"], got["sum"]) == (len(items), sum(row["a"] for row in items))
    assert Counter(got["b"]) == Counter(row["b"] for row in items)
