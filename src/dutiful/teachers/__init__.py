"""Teachers: one file a method."""

from dutiful.teachers.codi import CodiTeacher
from dutiful.teachers.muldimif import MulDimIF
from dutiful.teachers.sciriff import SciRIFF
from dutiful.teachers.vifrag import VifRag

__all__ = ["CodiTeacher", "MulDimIF", "SciRIFF", "VifRag"]
