"""The procedure that fits, shown before the task: workflow names and action plans."""

from __future__ import annotations

from random import Random
from typing import Literal

from dutiful.core.agent import Planner
from dutiful.core.parts import Card
from dutiful.core.records import Source, Span, Task
from dutiful.kit import programs


class Workflows(Planner):
    """show: "plan" (the actions of the task's own procedure), "names" (of all workflows), "plans" (all, to choose from) or
    "shuffled" (the task's own, out of order: an ablation). Values are never shown.

    Reads `plan` and `procedures` of the task's setup; in the world `tools` the plan is the order of calls of the gold program.
    Where a task has no procedure, nothing is shown. Source: workflow names and action plans in the input
    of a task-oriented dialogue policy (arXiv 2306.01729).
    """

    card = Card(
        kind="planner",
        name="workflows",
        summary="the procedure that fits the task, or all of them: names and plans of actions",
        system="028",
        source="arXiv 2306.01729",
    )

    def __init__(self, show: Literal["plan", "names", "plans", "shuffled"] = "plan"):
        self.show = show

    def plan(self, task: Task) -> tuple[Span, ...]:
        known: dict[str, list[str]] = task.setup.get("procedures", {})
        own = list(task.setup.get("plan", ())) or _called(task)
        if self.show == "shuffled":
            Random(task.id).shuffle(own)
        text = {
            "names": f"Workflows: {', '.join(known)}." if known else "",
            "plans": "\n".join(f"Workflow {name}: {', '.join(steps)}." for name, steps in known.items()),
        }.get(self.show, f"Plan: {', '.join(own)}." if own else "")
        return (Span(Source.PLAN, text),) if text else ()


def _called(task: Task) -> list[str]:
    """The tools of the task's gold program, in its order."""
    program = task.setup.get("program")
    return list(programs.tools(programs.load(program))) if program else []


__all__ = ["Workflows"]
