"""Measuring a claim: its evidence, what that amounts to, and the file that keeps it (`results/NNN.json`)."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from dutiful.core.claim import Claim, Evidence
from dutiful.core.errors import DutifulError
from dutiful.core.records import Record
from dutiful.lab import Laboratory

RESULTS = Path(__file__).parent / "results"


class Result(Record, frozen=True):
    """A claim as it came out. `status`: "shown" (all holds), "partly", "not shown"; "broken" when a control holds."""

    system: str
    claim: str
    says: str
    status: str
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    episodes: tuple[str, ...]
    stands_in: str
    beyond: str
    command: str
    date: str
    seconds: float
    machine: str
    version: str


def status(evidence: Sequence[Evidence]) -> str:
    """What the evidence amounts to; raises DutifulError for a claim without a control, or without anything but controls."""
    controls = [each for each in evidence if each.control]
    mains = [each for each in evidence if not each.control]
    if not controls or not mains:
        raise DutifulError("a claim needs evidence and at least one control that must fail")
    if any(each.holds for each in controls):
        return "broken"
    held = sum(each.holds for each in mains)
    return "shown" if held == len(mains) else "partly" if held else "not shown"


def measure(claim: Claim, lab: Laboratory, watch: Callable[[Evidence], object] = lambda evidence: None) -> Result:
    """Runs the claim's experiment; `watch` is called with each piece of evidence as it comes."""
    began = time.monotonic()
    evidence: list[Evidence] = []
    for each in claim.measure(lab):
        evidence.append(each)
        watch(each)
    return Result(
        system=claim.card.system,
        claim=claim.card.name,
        says=claim.card.summary,
        status=status(evidence),
        evidence=tuple(evidence),
        notes=tuple(lab.notes),
        episodes=tuple(lab.asked),
        stands_in=claim.stands_in,
        beyond=claim.beyond,
        command=f"dutiful claims {claim.card.system}",
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        seconds=round(time.monotonic() - began, 1),
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        version=importlib.metadata.version("dutiful"),
    )


def write(result: Result, folder: Path = RESULTS) -> Path:
    """Keeps a result; the file is replaced as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.system}.json"
    fresh = path.with_suffix(".part")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    fresh.replace(path)
    return path


def read(system: str, folder: Path = RESULTS) -> Result | None:
    """The kept result of a system, if it was measured."""
    path = folder / f"{system}.json"
    return msgspec.json.decode(path.read_bytes(), type=Result) if path.exists() else None


def line(evidence: Evidence) -> str:
    """One piece of evidence as a line: "holds   success 0.21 [0.14, 0.28] >= 0.10 (n 100)"."""
    word = ("fails, as it must" if not evidence.holds else "HOLDS, AND MUST NOT") if evidence.control else None
    word = word or ("holds" if evidence.holds else "does not hold")
    figures = f"{evidence.value:.3g} [{evidence.low:.3g}, {evidence.high:.3g}] {evidence.relation} {evidence.bound:.3g}"
    return f"{word}: {'control, ' if evidence.control else ''}{evidence.name} {figures} (n {evidence.n})"
