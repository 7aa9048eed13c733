"""The lab: run many, keep everything, resume, compare honestly."""

from dutiful.lab.compare import Comparison, compare, compare_all, correct, grouped
from dutiful.lab.judging import judge
from dutiful.lab.laboratory import Laboratory
from dutiful.lab.progress import Progress, Silent, Tally, Terminal
from dutiful.lab.report import render_comparison
from dutiful.lab.rows import Cell, Row, RunInfo
from dutiful.lab.run import Run, resume, run
from dutiful.lab.show import render, render_header, render_step, render_verdict
from dutiful.lab.slices import Bucket, Slice, by_tags, render_slices, sliced
from dutiful.lab.store import Store
from dutiful.lab.table import Summary, render_summary, summary

__all__ = [
    "Bucket",
    "Cell",
    "Comparison",
    "Laboratory",
    "Progress",
    "Row",
    "Run",
    "RunInfo",
    "Silent",
    "Slice",
    "Store",
    "Summary",
    "Tally",
    "Terminal",
    "by_tags",
    "compare",
    "compare_all",
    "correct",
    "grouped",
    "judge",
    "render",
    "render_comparison",
    "render_header",
    "render_slices",
    "render_step",
    "render_summary",
    "render_verdict",
    "resume",
    "run",
    "sliced",
    "summary",
]
