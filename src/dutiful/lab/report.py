"""A comparison as a person reads it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dutiful.kit.statistics import Interval
from dutiful.lab.compare import RATIOS, Comparison


def render_comparison(comparisons: Sequence[Comparison], format: str = "simple") -> str:
    """Tables of success and of what it costs, then what may be said, then what to beware of."""
    from tabulate import tabulate

    success = [
        (
            c.a,
            c.b,
            c.pairs,
            c.tasks,
            f"{c.success[0]:.0%}",
            f"{c.success[1]:.0%}",
            f"{_points(c.difference.value)} [{_points(c.difference.low)}, {_points(c.difference.high)}]",
            f"{c.only[0]} / {c.only[1]}",
            f"{c.p:.2g}",
            f"{c.corrected:.2g}",
            "-" if math.isinf(c.detectable) else f"{100 * c.detectable:.0f}",
        )
        for c in comparisons
    ]
    header = ("a", "b", "pairs", "tasks", "a passed", "b passed", "b - a, points", "only a / b", "p", "p (Holm)", "detectable")
    lines = [tabulate(success, header, tablefmt=format, disable_numparse=True)]
    spent = [(c.a, c.b, *(_ratio(c.ratios[name]) for name in RATIOS)) for c in comparisons]
    shown = [i for i in range(len(RATIOS) + 2) if i < 2 or any(row[i] for row in spent)]
    header = ("a", "b", *(f"{name} b/a" for name in RATIOS))
    costs = [[row[i] for i in shown] for row in spent]
    lines += ["", tabulate(costs, [header[i] for i in shown], tablefmt=format, disable_numparse=True), ""]
    for c in comparisons:
        lines.append(c.verdict)
        if any(c.errors):
            lines.append(f"  left out for errors: {c.errors[0]} of {c.a}, {c.errors[1]} of {c.b}")
        if any(c.unpaired):
            lines.append(f"  without a partner: {c.unpaired[0]} of {c.a}, {c.unpaired[1]} of {c.b}")
    warnings = dict.fromkeys(warning for c in comparisons for warning in c.warnings)
    lines += [f"beware: {warning}" for warning in warnings]
    return "\n".join(lines)


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _ratio(ratio: Interval) -> str:
    """A ratio with its interval; empty where a spent nothing."""
    if math.isnan(ratio.value):
        return ""
    if not (math.isfinite(ratio.low) and math.isfinite(ratio.high)):
        return f"{ratio.value:.2f}"
    return f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"
