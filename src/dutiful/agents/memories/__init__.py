"""What of the past is shown: one file a method."""

from dutiful.agents.memories.gold import Gold
from dutiful.agents.memories.reminder import Reminder
from dutiful.agents.memories.window import Window
from dutiful.core.agent import Memory

__all__ = ["Gold", "Memory", "Reminder", "Window"]
