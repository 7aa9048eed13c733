"""Attacks: one file a method; `defences/` likewise."""

from dutiful.attacks.attacked import Attacked
from dutiful.attacks.defences import Sources, Tags
from dutiful.attacks.injection import Injection

__all__ = ["Attacked", "Injection", "Sources", "Tags"]
