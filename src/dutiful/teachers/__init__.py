"""Teachers: one file a method."""

from dutiful.teachers.muldimif import MulDimIF

__all__ = ["MulDimIF"]
