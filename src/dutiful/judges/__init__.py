"""Judges: one file a method or protocol."""

from dutiful.judges.outcome import Outcome

__all__ = ["Outcome"]
