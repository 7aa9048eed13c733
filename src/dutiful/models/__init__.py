"""Models: one file a backend."""

from dutiful.models.embedded import Embedded
from dutiful.models.scripted import Scripted

__all__ = ["Embedded", "Scripted"]
