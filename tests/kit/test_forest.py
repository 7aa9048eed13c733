"""A forest of task nodes: undo, dependencies, circles, renaming, and its stored form."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dutiful.kit.forest import Forest


def trip():
    forest = Forest()
    forest.new("trip", "city", "Oslo")
    forest.new("trip", "hotel city", "Rome")
    forest.new("party", "city", "Lima")
    return forest


def test_undo_after_two_updates_returns_the_values_in_turn():
    forest = trip()
    forest.update("trip", "city", "Riga")
    forest.update("trip", "city", "Cork")
    assert forest.undo("trip", "city") and forest.value("trip", "city") == "Riga"
    assert forest.undo("trip", "city") and forest.value("trip", "city") == "Oslo"
    assert not forest.undo("trip", "city") and forest.value("trip", "city") == "Oslo"


def test_a_tied_slot_follows_and_can_be_taken_back():
    forest = trip()
    assert forest.tie("trip", "hotel city", "city")
    forest.update("trip", "city", "Riga")
    assert forest.value("trip", "hotel city") == "Riga" and forest.find("trip", "hotel city").status == "review"
    assert forest.value("party", "city") == "Lima"
    forest.undo("trip", "hotel city")
    assert forest.value("trip", "hotel city") == "Rome"


def test_a_dependency_outside_the_tree_is_dropped_where_it_is_checked():
    checked, loose = trip(), trip()
    loose.checked = False
    for forest in (checked, loose):
        forest.tie("trip", "hotel city", "party/city")
    assert checked.value("trip", "hotel city") == "Rome" and loose.value("trip", "hotel city") == "Lima"


def test_circles_are_refused_hidden_ones_too():
    forest = trip()
    assert not forest.tie("trip", "city", "city")
    assert forest.tie("trip", "hotel city", "city") and not forest.tie("trip", "city", "hotel city")
    forest.update("trip", "hotel city", "Bonn")
    assert not forest.tie("trip", "city", "hotel city"), "taking the update back would close the circle"


def test_replacing_a_slot_rewrites_its_dependents():
    forest = trip()
    forest.tie("trip", "hotel city", "city")
    assert forest.rename("trip", "city", "town")
    node = forest.find("trip", "hotel city")
    assert node.depends == ["town"] and node.status == "review" and forest.value("trip", "hotel city") == "Oslo"
    assert not forest.rename("trip", "town", "hotel city")


def test_the_path_has_the_dependencies_and_nothing_else():
    forest = trip()
    forest.tie("trip", "hotel city", "city")
    assert [n.slot for n in forest.path("trip", "hotel city")] == ["hotel city", "city"]
    assert [n.slot for n in forest.path("trip", "city")] == ["city"]


def test_switched_off_history_and_sharing():
    flat = Forest(history=False)
    flat.new("t", "a", "1")
    flat.update("t", "a", "2")
    assert not flat.undo("t", "a") and flat.value("t", "a") == "2"
    tree = Forest(shared=False)
    tree.new("t", "a", "1")
    tree.new("t", "b", "2")
    tree.tie("t", "b", "a")
    tree.update("t", "a", "3")
    assert tree.value("t", "b") == "1"


NAMES = st.sampled_from("abcd")
MOVES = st.tuples(st.sampled_from(["new", "update", "undo", "tie", "rename", "keep"]), NAMES, NAMES)


@settings(max_examples=60, deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_whatever_is_done_it_survives_its_stored_form_and_no_value_goes_in_circles(moves):
    forest = Forest()
    for move, a, b in moves:
        match move:
            case "new":
                forest.new("t", a, b)
            case "update":
                forest.update("t", a, b)
            case "undo":
                forest.undo("t", a)
            case "tie":
                forest.tie("t", a, b)
            case "rename":
                forest.rename("t", a, b)
            case "keep":
                forest.keep("t", [a, b])
    again = Forest.load(forest.dump())
    assert again == forest and [again.value("t", n.slot) for n in again.nodes] == [
        forest.value("t", n.slot) for n in forest.nodes
    ]
    for node in forest.nodes:
        seen, name = set(), node.slot
        while (here := forest.find("t", name)) is not None and here.held.of:
            assert name not in seen, "a circle"
            seen.add(name)
            name = here.held.of
