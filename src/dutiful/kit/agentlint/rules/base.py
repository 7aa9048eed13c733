"""What the rules are given, and how they report."""

from __future__ import annotations

import ast

from dutiful.kit.agentlint.findings import Finding
from dutiful.kit.agentlint.flow import Flow
from dutiful.kit.agentlint.project import Project
from dutiful.kit.agentlint.subjects import Subjects


class Analysed:
    """A project with its subjects and the flow of the model's words."""

    def __init__(self, project: Project):
        self.project = project
        self.subjects = Subjects(project)
        self.flow = Flow(self.subjects)

    def finding(self, defect: str, node: ast.AST, subject: str, evidence: str, also: ast.AST | None = None) -> Finding:
        """A finding at a node's first line; `also` is the second place."""
        return Finding(defect, *self.place(node), subject, evidence, ":".join(map(str, self.place(also))) if also else "")

    def place(self, node: ast.AST) -> tuple[str, int]:
        """File and line of a node."""
        return self.project.home[node].path, getattr(node, "lineno", 1)

    def around(self, node: ast.AST) -> str:
        """The name of the function that a node stands in."""
        function = self.project.home[node].function(node)
        return self.project.names[function] if function is not None else self.project.home[node].name
