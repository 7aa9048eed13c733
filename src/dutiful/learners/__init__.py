"""Learners: one file a method."""

from dutiful.learners.imitate import Imitate
from dutiful.learners.lora import Lora

__all__ = ["Imitate", "Lora"]
