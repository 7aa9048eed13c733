"""LPE: the model's words reach a parser, and nothing takes the error or checks before."""

from __future__ import annotations

from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.guards import protected
from dutiful.kit.agentlint.rules.base import Analysed


def check(analysed: Analysed) -> Iterator[Finding]:
    """One finding a line."""
    seen: set[tuple[str, int]] = set()
    for sink in analysed.flow.sinks():
        place = analysed.place(sink.node)
        if place not in seen and not protected(analysed.subjects, sink):
            seen.add(place)
            evidence = f"{sink.what}: {', '.join(sorted(sink.raises))} is neither caught nor ruled out"
            yield analysed.finding("LPE", sink.node, analysed.around(sink.node), evidence)
