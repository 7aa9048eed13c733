"""Teachers: one file a method."""

from dutiful.teachers.muldimif import MulDimIF
from dutiful.teachers.sciriff import SciRIFF

__all__ = ["MulDimIF", "SciRIFF"]
