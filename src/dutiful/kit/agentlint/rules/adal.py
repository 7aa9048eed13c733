"""ADAL: the model's name, resolved, says that it is for something else."""

from __future__ import annotations

from collections.abc import Iterator

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.frameworks import purpose
from dutiful.kit.agentlint.rules.base import Analysed


def check(analysed: Analysed) -> Iterator[Finding]:
    """Looks the name up that a model's constructor or call is given; a name that is not known is not judged."""
    subjects = analysed.subjects
    seen: set[tuple[str, int]] = set()
    for call, name in subjects.models():
        place = 1 if name == "transformers.pipeline" else 0 if name.rpartition(".")[2][:1].isupper() else None
        for given in subjects.argument(call, "model", "model_name", "model_id", "engine", "deployment_name", place=place):
            for value in subjects.symbols.resolve(given):
                why = purpose(value.value) if isinstance(value.value, str) else ""
                if why and analysed.place(value.node) not in seen:
                    seen.add(analysed.place(value.node))
                    evidence = f"{value.value!r} is {why}; it is given to {name}"
                    yield analysed.finding("ADAL", value.node, analysed.around(call), evidence, also=call)
    yield from _over_http(analysed, seen)


def _over_http(analysed: Analysed, seen: set[tuple[str, int]]) -> Iterator[Finding]:
    subjects = analysed.subjects
    for call, framework in subjects.model_calls.items():
        if framework != "plain HTTP":
            continue
        bodies = [each for given in subjects.argument(call, "json") for each in subjects.symbols.expand(given)]
        for value in (v for body in bodies for e in subjects.entries(body, "model") for v in subjects.symbols.resolve(e)):
            why = purpose(value.value) if isinstance(value.value, str) else ""
            if why and analysed.place(value.node) not in seen:
                seen.add(analysed.place(value.node))
                yield analysed.finding("ADAL", value.node, analysed.around(call), f"{value.value!r} is {why}", also=call)
