"""Judges: one file a method or protocol."""

from dutiful.judges.muldimif import MulDimIF
from dutiful.judges.outcome import Outcome
from dutiful.judges.pif import Pif
from dutiful.judges.verbalizer import Verbalizers

__all__ = ["MulDimIF", "Outcome", "Pif", "Verbalizers"]
