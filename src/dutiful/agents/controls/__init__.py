"""Which transcripts are legal: one file a method."""

from dutiful.core.agent import Control

__all__ = ["Control"]
