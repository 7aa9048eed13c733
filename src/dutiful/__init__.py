"""Dutiful: a laboratory for agents that follow natural-language instructions.

import dutiful

world = dutiful.world("text/home")
agent = dutiful.agent("act", model=dutiful.model("embedded"))
episode = dutiful.solve(agent, world.tasks("test")[0], world)
print(episode.verdict)
"""

from dutiful.core.agent import Agent
from dutiful.core.episode import Recorder, solve
from dutiful.core.errors import DutifulError, SpecError, WorldFailure
from dutiful.core.judge import Judge
from dutiful.core.limits import Limits
from dutiful.core.model import Model, Sampling
from dutiful.core.parts import Card, agent, build, model, world
from dutiful.core.prompt import Prompt
from dutiful.core.records import (
    Action,
    Array,
    Call,
    Constraint,
    Criterion,
    Episode,
    Example,
    Failure,
    Instruction,
    Observation,
    Source,
    Span,
    Step,
    Task,
    Usage,
    Verdict,
    read_episode,
    write_episode,
)
from dutiful.core.world import Tool, World

__version__ = "0.1.0"

__all__ = [
    "Action",
    "Agent",
    "Array",
    "Call",
    "Card",
    "Constraint",
    "Criterion",
    "DutifulError",
    "Episode",
    "Example",
    "Failure",
    "Instruction",
    "Judge",
    "Limits",
    "Model",
    "Observation",
    "Prompt",
    "Recorder",
    "Sampling",
    "Source",
    "Span",
    "SpecError",
    "Step",
    "Task",
    "Tool",
    "Usage",
    "Verdict",
    "World",
    "WorldFailure",
    "agent",
    "build",
    "model",
    "read_episode",
    "solve",
    "world",
    "write_episode",
]
