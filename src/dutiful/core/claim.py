"""Claim: the sentence of a paper, made executable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dutiful.core.parts import Part
from dutiful.core.records import Record


class Evidence(Record, frozen=True):
    """One inequality as it came out: `value` with its 95% interval, the `bound` it was held against, and whether it holds."""

    name: str
    value: float
    low: float
    high: float
    bound: float
    holds: bool
    control: bool = False


class Claim(Part):
    """The inequality is fixed before measuring, and at least one piece of evidence is a control that must fail."""

    def measure(self, lab: Any) -> Iterator[Evidence]:
        """Runs the experiment and yields what it shows, control and all."""
        raise NotImplementedError
