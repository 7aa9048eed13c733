"""Numbers, and what holds of counts."""

from __future__ import annotations

from dutiful.kit.constraints.arithmetic.counts import SentencesPrime, WordsDivisible
from dutiful.kit.constraints.arithmetic.digits import DigitsExactly, NoDigits, NumbersExactly
from dutiful.kit.constraints.arithmetic.series import Multiples, NumbersAscending
from dutiful.kit.constraints.arithmetic.values import NumberAbove, NumbersSum

__all__ = [
    "DigitsExactly",
    "Multiples",
    "NoDigits",
    "NumberAbove",
    "NumbersAscending",
    "NumbersExactly",
    "NumbersSum",
    "SentencesPrime",
    "WordsDivisible",
]
