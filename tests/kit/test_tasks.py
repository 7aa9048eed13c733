"""A lazy split behaves as a list of tasks does."""

import pytest

from dutiful.core.records import Instruction, Task
from dutiful.kit.tasks import Lazy


def test_it_is_a_sequence_that_makes_only_what_is_asked_for():
    made = []

    def make(number):
        made.append(number)
        return Task(f"t{number}", "w", "test", number, Instruction("?"))

    tasks = Lazy(make, 1000)
    assert len(tasks) == 1000 and tasks[3].id == "t3" and tasks[-1].id == "t999" and made == [3, 999]
    part = tasks[10:20:3]
    assert [task.seed for task in part] == [10, 13, 16, 19] and len(part) == 4 and part[-1].seed == 19
    assert tasks[5] == tasks[5]
    with pytest.raises(IndexError):
        tasks[1000]
