"""How words become an action: one file a method."""

from dutiful.agents.actions.codeact import CodeAct
from dutiful.agents.actions.command import Command
from dutiful.agents.actions.guided import Guided
from dutiful.agents.actions.json import JsonActions
from dutiful.agents.actions.line import Line
from dutiful.core.agent import Actions

__all__ = ["Actions", "CodeAct", "Command", "Guided", "JsonActions", "Line"]
