"""Learners: one file a method."""

from dutiful.learners.lora import Lora

__all__ = ["Lora"]
