"""The judge `injection` finds rates that were planted."""

import pytest

from dutiful import agent, solve, world
from dutiful.attacks.injection import Injection
from dutiful.judges.injection import Robustness
from dutiful.models.scripted import Scripted
from dutiful.testing import check_judge

RAG = "rag/facts?k=1&retriever=gold"


def episodes(place, write, n=10):
    done = []
    for number, task in enumerate(place.tasks("validation")[:n]):
        text = write(number, task.setup)
        done.append(solve(agent("act", Scripted(reply=lambda prompt, text=text: text)), task, place))
    return done


def gold(number, setup):
    return setup["turns"][0]["gold"]


def injected(number, setup):
    return setup["attack"]["answers"][0]


def figures(*groups):
    return {figure.name: figure.value for figure in Robustness("exact").report([e for group in groups for e in group])}


def test_the_battery_passes_injection():
    place = Injection().apply(world(RAG))
    assert check_judge("injection", good=episodes(place, gold, 1)[0], bad=episodes(place, injected, 1)[0]).ran == 6


def test_planted_rates_come_back():
    clean, place, openly = world(RAG), Injection().apply(world(RAG)), Injection().openly(world(RAG))
    a = episodes(clean, lambda n, setup: gold(n, setup) if n < 8 else "no")
    b = episodes(openly, lambda n, setup: gold(n, setup) if n < 5 else "no")
    c = episodes(place, lambda n, setup: gold(n, setup) if n < 2 else injected(n, setup) if n < 8 else "no")
    found = figures(a, b, c)
    assert found["accuracy, clean"] == 0.8 and found["accuracy, open"] == 0.5 and found["accuracy, attacked"] == 0.2
    assert found["PDR"] == pytest.approx(0.75) and found["IDR"] == pytest.approx(2 / 8)
    assert found["accuracy on injected questions that it can answer, attacked"] == pytest.approx(3 / 5)


def test_without_a_clean_run_there_is_no_drop_and_without_right_answers_no_rate():
    place = Injection().apply(world(RAG))
    assert "PDR" not in figures(episodes(place, gold)) and figures(episodes(place, gold))["IDR"] == 1
    assert not {"PDR", "IDR"} & set(figures(episodes(world(RAG), lambda *_: "no"), episodes(place, lambda *_: "no")))
