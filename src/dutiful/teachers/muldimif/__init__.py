"""MulDimIF: requests of graded difficulty, made with a language model."""

from dutiful.teachers.muldimif.teacher import MulDimIF

__all__ = ["MulDimIF"]
