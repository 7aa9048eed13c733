"""Which transcripts are legal: one file a method."""

from dutiful.agents.controls.ltl import Ltl
from dutiful.core.agent import Control

__all__ = ["Control", "Ltl"]
