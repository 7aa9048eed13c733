"""Defences: attacks that only apply. One file a method."""

from dutiful.attacks.defences.sources import Sources
from dutiful.attacks.defences.tags import Tags

__all__ = ["Sources", "Tags"]
