"""What of the past is shown: one file a method."""

from dutiful.agents.memories.decomposed import Decomposed
from dutiful.agents.memories.gold import Gold
from dutiful.agents.memories.hiagent import HiAgent
from dutiful.agents.memories.reminder import Reminder
from dutiful.agents.memories.summary import Summary
from dutiful.agents.memories.tme import Tme
from dutiful.agents.memories.window import Window
from dutiful.core.agent import Memory

__all__ = ["Decomposed", "Gold", "HiAgent", "Memory", "Reminder", "Summary", "Tme", "Window"]
