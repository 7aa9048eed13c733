"""The clerk with one planted fault."""

import pytest

import dutiful
from dutiful.agents.clerk import FAULTS
from dutiful.core import parts
from dutiful.core.episode import solve
from dutiful.core.errors import SpecError
from dutiful.testing import check_agent


def run(spec, number=0):
    world = dutiful.world("tools/desk")
    return solve(parts.agent(spec, None), world.tasks("validation")[number], world)


def actions(episode):
    return [step.action for step in episode.steps]


@pytest.mark.parametrize("spec", ["clerk", "clerk?fault=repeats"])
def test_battery(spec):
    check_agent(parts.agent(spec, None), "tools/desk")


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault])
def test_a_fault_at_rate_zero_is_none(fault):
    assert actions(run(f"clerk?fault={fault}&rate=0")) == actions(run("clerk"))


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault])
def test_a_fault_changes_what_is_done(fault):
    assert any(actions(run(f"clerk?fault={fault}", n)) != actions(run("clerk", n)) for n in range(4))


def test_only_stopping_fails_the_task():
    assert {fault for fault in FAULTS if not run(f"clerk?fault={fault}" if fault else "clerk").passed} == {"stops"}


def test_other_faults_are_refused():
    with pytest.raises(SpecError, match="courtesy"):
        parts.agent("clerk?fault=laziness", None)
