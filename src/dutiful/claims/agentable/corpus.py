"""Small agents, each with one defect injected at a known line, and twins that were edited at the same place without harm.

The agents are our own (dev.txt, heldout.txt): programs in two frameworks' styles and in plain Python. A mutation operator
changes the syntax tree of one agent at a place that it finds by the names in the agent's heading (never through the checker),
marks the node that carries the defect, and the file is written out again: the line of the marked node is the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dutiful.claims.agentable.draft import Agent, Draft, Edit
from dutiful.claims.agentable.edits_model import (
    another_chat_model,
    another_purpose,
    another_setting,
    checked_and_tried,
    cooler,
    counted_for_ever,
    counted_while,
    endless_for,
    endless_while,
    fewer_steps,
    headless_http,
    missing_parameter,
    more_tokens,
    no_tokens,
    passed_on,
    slower_http,
    timed_while,
    too_hot,
    tried_for_all,
    tried_for_another,
    unchecked,
    unhandled,
    unknown_parameter,
    unknown_role,
    unlimited,
    untried,
)
from dutiful.claims.agentable.edits_tools import (
    bare_return,
    both_branches,
    branch_lost,
    emptied,
    empty_description,
    fitting_header,
    fitting_requirements,
    installed_and_fitting,
    installed_by_the_tool,
    last_return_lost,
    longer_docstring,
    named_result,
    no_description,
    no_docstring,
    other_parameter,
    printed,
    raised,
    reworded,
    script_header,
    second_requirements,
    stops_at_the_answer,
    stops_at_the_name,
    stops_elsewhere,
    stops_two_levels_deep,
)

HERE = Path(__file__).parent


class Program(NamedTuple):
    """A program of the corpus. `defect` is "" for a clean one; (file, line) is where it was injected or edited.

    An injection that lays several statements open ends at the line `end`.
    """

    name: str
    agent: str
    split: str
    style: str
    defect: str
    edit: str
    sources: dict[str, str]
    file: str = ""
    line: int = 0
    end: int = 0


def agents(split: str) -> list[Agent]:
    """The agents of a split: "dev" or "heldout"."""
    found: list[Agent] = []
    for block in re.split(r"^=== ", (HERE / f"{split}.txt").read_text(), flags=re.MULTILINE)[1:]:
        heading, _, body = block.partition("\n")
        name, style, *pairs = (part.strip() for part in heading.split("|"))
        facts = dict(pair.split("=", 1) for pair in pairs)
        pieces = re.split(r"^--- (.+)\n", body, flags=re.MULTILINE)[1:]
        files = dict(zip(pieces[::2], pieces[1::2], strict=True))
        tools = tuple(facts["tools"].split(","))
        found.append(Agent(name, style, split, facts["model"], tools, facts["parse"], facts["loop"], files))
    return found


def programs(split: str) -> Iterator[Program]:
    """Of every agent: itself, one mutant a defect, and one harmless edit a defect."""
    for number, agent in enumerate(agents(split)):
        yield Program(f"{agent.name}/clean", agent.name, split, agent.style, "", "", Draft(agent).sources())
        for defect, (wrong, harmless) in OPERATORS.items():
            for edits, injected in ((wrong, defect), (harmless, "")):
                yield _applied(agent, defect, edits, number, injected)


def _applied(agent: Agent, defect: str, edits: Sequence[Edit], number: int, injected: str) -> Program:
    """The first edit that fits, beginning with one that changes from agent to agent; some edits are for held-out agents only."""
    fitting = [e for e in edits if agent.split == "heldout" or e.__name__ not in HELDOUT_ONLY]
    for turn in range(len(fitting)):
        edit = fitting[(number + turn) % len(fitting)]
        draft = Draft(agent, number)
        if edit(draft):
            file, line, end = draft.label()
            name = f"{agent.name}/{defect}/{edit.__name__}"
            return Program(name, agent.name, agent.split, agent.style, injected, edit.__name__, draft.sources(), file, line, end)
    raise ValueError(f"no edit for {defect} fits the agent {agent.name!r}")


OPERATORS: dict[str, tuple[tuple[Edit, ...], tuple[Edit, ...]]] = {
    "ADAL": ((another_purpose,), (another_chat_model,)),
    "LARD": ((too_hot, unknown_parameter, missing_parameter, no_tokens, unknown_role, headless_http),
             (cooler, more_tokens, another_setting, slower_http)),
    "LPE": ((untried, tried_for_another, passed_on, unchecked), (tried_for_all, checked_and_tried)),
    "MNFT": ((endless_for, endless_while, unlimited, unhandled, counted_for_ever), (fewer_steps, counted_while, timed_while)),
    "ITEI": ((empty_description, no_description, other_parameter, no_docstring), (reworded, longer_docstring)),
    "TRE": ((last_return_lost, bare_return, emptied, printed, branch_lost), (named_result, both_branches, raised)),
    "ALS": ((stops_at_the_name, stops_at_the_answer, stops_two_levels_deep), (stops_elsewhere,)),
    "EPDD": ((second_requirements, installed_by_the_tool, script_header), (fitting_requirements, installed_and_fitting, fitting_header)),  # noqa: E501
}  # fmt: skip
"""Defect -> (edits that inject it, edits of the same place that do no harm)."""
HELDOUT_ONLY = {
    "passed_on",
    "counted_for_ever",
    "unknown_role",
    "branch_lost",
    "stops_two_levels_deep",
    "script_header",
    "fitting_header",
}
"""Edits that no rule was tried on while it was written."""
