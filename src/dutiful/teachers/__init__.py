"""Teachers: one file a method."""

from dutiful.teachers.backinstruct import BackInstruct
from dutiful.teachers.codi import CodiTeacher
from dutiful.teachers.muldimif import MulDimIF
from dutiful.teachers.sciriff import SciRIFF
from dutiful.teachers.toolbench import ToolBench
from dutiful.teachers.vifrag import VifRag
from dutiful.teachers.workflows import Workflows

__all__ = ["BackInstruct", "CodiTeacher", "MulDimIF", "SciRIFF", "ToolBench", "VifRag", "Workflows"]
