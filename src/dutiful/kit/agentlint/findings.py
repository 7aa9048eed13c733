"""What the checker reports: findings, and what it did not look at."""

from __future__ import annotations

from dutiful.core.records import Record

DEFECTS: dict[str, str] = {
    "ADAL": "the model is not one to drive an agent with: no chat model, or one for another purpose",
    "LARD": "the model's interface is misused: a parameter is missing, unknown or out of its range",
    "LPE": "the model's words are parsed without protection against words that do not parse",
    "MNFT": "the agent runs without a bound on its steps, or without tolerance of failures that are likely",
    "ITEI": "a tool's name, description or parameters are missing, or not those of its code",
    "TRE": "a tool has a way through that returns nothing to tell the model",
    "ALS": "a stop word occurs in a tool's name or in what the tool returns",
    "EPDD": "a tool needs versions of a package that the project's own requirements exclude",
}
"""The eight defect types by the short names of the paper (arXiv 2412.18371)."""


class Finding(Record, frozen=True):
    """One defect at one place. `also` is the second place ("file:line") of a defect that takes two."""

    defect: str
    file: str
    line: int
    subject: str
    evidence: str
    also: str = ""


class Report(Record, frozen=True):
    """What was found in a project, and what was not looked at.

    `frameworks`: what its model calls go through. `not_analysed`: file or rule -> why. `status` is "defects", "clean", or
    "not analysed" where nothing was found because the checker cannot read all of it.
    """

    findings: tuple[Finding, ...]
    files: int
    frameworks: tuple[str, ...]
    not_analysed: dict[str, str] = {}

    @property
    def status(self) -> str:
        if self.findings:
            return "defects"
        return "not analysed" if self.not_analysed else "clean"
