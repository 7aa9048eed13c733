"""text/science: the battery, the oracle, chance under control, choices on demand, and a killed process."""

import gc
import os
import signal

import pytest

from dutiful import Action
from dutiful.core.errors import SpecError, WorldFailure
from dutiful.core.parts import world
from dutiful.testing import check_world

pytest.importorskip("py4j")


@pytest.fixture(scope="module")
def house():
    built = world("text/science?task=power-component")
    yield built
    built.close()


def test_the_battery():
    assert check_world("text/science?task=power-component", tasks=1).ran == 16


def test_choices_are_listed_on_demand(house):
    task = house.tasks("test")[0]
    assert house.reset(task).choices == ()
    listed = house.choices_here()
    assert len(listed) > 50 and list(listed) == sorted(listed) and "reset task" not in listed
    place = world("text/science?task=power-component&choices=true")
    seen = place.reset(task)
    assert seen.choices == listed
    assert place.step(Action("fly to the moon")).info["refused"]
    place.close()


def test_no_agent_starts_the_experiment_anew(house):
    task = house.tasks("test")[0]
    house.reset(task)
    house.step(house.expert())
    assert house.step(Action("reset task")).info["refused"]
    assert len(house.done) == 1


def test_the_oracle_comes_back_from_another_room(house):
    task = house.tasks("test")[1]
    house.reset(task)
    house.step(house.expert())
    seen = house.step(Action("teleport to foundry"))
    while not seen.done:
        seen = house.step(house.expert())
    assert house.verdict().passed


def test_a_process_that_dies_is_named_and_replaced(house):
    task = house.tasks("test")[0]
    first = house.reset(task)
    os.kill(house.engine.jvm.process.pid, signal.SIGKILL)
    with pytest.raises(WorldFailure, match=r"text/science.*died \(exit code -9\)"):
        house.step(Action("look around"))
    assert house.reset(task) == first


def test_what_a_dead_process_leaves_is_collected_in_silence(house, caplog):
    """Py4J's finalisers once called the dead process, and logged a traceback, in the middle of whatever collected garbage."""
    house.reset(house.tasks("test")[0])
    left = house.engine
    left.itself = left
    house.close()
    del left
    gc.collect()
    assert not caplog.records


def test_all_kinds_take_turns():
    place = world("text/science?task=all")
    assert len(place.tasks("validation")) == 60 and len({place.tasks("test")[n].id.split("-test-")[0] for n in (0, 7)}) == 2
    place.close()


def test_unknown_tasks_and_simplifications_are_refused():
    with pytest.raises(SpecError, match="boil"):
        world("text/science?task=boils")
    with pytest.raises(SpecError, match="easy"):
        world("text/science?simplifications=easier")
