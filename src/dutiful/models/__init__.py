"""Models: one file a backend."""

from dutiful.models.scripted import Scripted

__all__ = ["Scripted"]
