"""Small repositories with terse instructions to change them, and hidden tests written against the instruction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from dutiful.core.errors import SpecError, UnknownPart
from dutiful.core.parts import Card
from dutiful.core.records import Instruction, Json, Task, Verdict
from dutiful.kit.tasks import Lazy
from dutiful.worlds.code import patches, repos
from dutiful.worlds.code.probes import check
from dutiful.worlds.code.tree import Refused, Tree, tree
from dutiful.worlds.code.workspace import Laid, Workspace

VARIANTS = {"train": 24, "validation": 3, "test": 3}
"""Repositories of each kind; each has two instructions."""
RESERVED = "hidden_test.py"
"""Where tests would lie; no patch may touch it."""


class Repositories(Workspace):
    """Edit a repository of 5 to 7 files as a short instruction says: rename, option, validation, format, bug over several files.

    30 repositories of 10 kinds with two instructions each in the test split (60 tasks, likewise in validation; 480 to
    train on). Names, numbers and half of the test's wordings are no other split's. `kinds`: "all", or some of the kinds
    of repositories, comma-separated. The hidden checks see behaviour alone, never the diff. The last observation's info
    says how it ended: `outcome` is "passed", "tests failed", "time-out", "patch failed" (the last patch did not fit, and
    nothing else was changed) or "empty", and `patch` is the patch.
    """

    card = Card(
        kind="world",
        name="code/repo",
        summary="edit a small repository from a terse instruction, with tools or a patch; hidden tests decide",
        system="064",
        capabilities=frozenset({"expert", "snapshot", "tools"}),
        needs=("code",),
        source="the protocol of RES-Q (arXiv 2406.16801); repositories, instructions and tests are our own",
    )

    def __init__(self, kinds: str = "all", max_steps: int = 20, seconds: float = 5.0):
        super().__init__(max_steps, seconds)
        self.kinds = kinds
        for kind in kinds.split(","):
            if kind not in (*repos.names(), "all"):
                raise UnknownPart("kind of repository of code/repo", kind, (*repos.names(), "all"))
        self._kinds = [kind for kind in repos.names() if "all" in kinds.split(",") or kind in kinds.split(",")]
        if not self._kinds:
            raise SpecError("code/repo: kinds is empty")

    def tasks(self, split: str = "test") -> Sequence[Task]:
        """Kinds of repositories take turns, then their two instructions, then variants. Splits: train, validation, test."""
        if split not in VARIANTS:
            raise UnknownPart("split of code/repo", split, VARIANTS)
        return Lazy(lambda number: self.make(split, number), 2 * len(self._kinds) * VARIANTS[split])

    def make(self, split: str, number: int) -> Task:
        """Task `number` of a split."""
        rest, place = divmod(number, len(self._kinds))
        variant, which = divmod(rest, 2)
        name = self._kinds[place]
        repo = repos.load(name)
        edit, words = repo.edits[which], repo.draw(split, variant)
        half = len(edit.wordings) // 2
        random = Random(f"code/repo wording {split} {name} {number}")
        wording = random.randrange(2 * half if split == "test" else half)
        setup: Json = dict(repo=name, words=words, edit=which, kind=edit.kind, wordings="unseen" if wording >= half else "seen")
        changes = patches.parse(patches.diff(tree(repo.before(words)), tree(repo.after(edit, words))))
        setup |= dict(modified=len(changes), lines=sum(len(h.new) for change in changes for h in change.hunks))
        seed = list(VARIANTS).index(split) * 1_000_000 + number
        text = repos.fill(edit.wordings[wording], words)
        return Task(f"repo-{split}-{name}-{variant}-{edit.kind}", self.spec, split, seed, Instruction(text), setup)

    def lay(self, setup: Json) -> Laid:
        files = tree(repos.load(setup["repo"]).before(setup["words"]))
        brief = "A small repository in Python. Change it as the instruction says, then submit it; hidden tests look at it."
        return Laid(files, frozenset(), brief, setup)

    def evaluate(self, files: Tree) -> Verdict:
        setup = self.laid.rest
        edit = repos.load(setup["repo"]).edits[setup["edit"]]
        return Verdict.of(*check(files, edit.probes(setup["words"])))

    def target(self) -> Mapping[str, str]:
        return self.solved()

    def solved(self, which: int = 0) -> dict[str, str]:
        """All files of the task laid out, as its solution leaves them; 1, 2 and so on are alternatives that mean the same."""
        setup = self.laid.rest
        repo = repos.load(setup["repo"])
        return repo.after(repo.edits[setup["edit"]], setup["words"], which)

    def ending(self) -> Json:
        verdict = self.verdict()
        if verdict.passed:
            outcome = "passed"
        elif self.files == self.laid.files:
            outcome = "patch failed" if self.state == "patch failed" else "empty"
        else:
            late = any(criterion.evidence.startswith("time-out") for criterion in verdict.criteria)
            outcome = "time-out" if late else "tests failed"
        try:
            patch = self.patch()
        except Refused as problem:
            patch = f"none: {problem}"
        return {"outcome": outcome, "patch": patch}

    def _change(self, path: str) -> str:
        path = super()._change(path)
        if path == RESERVED:
            raise patches.PatchFailed(f"{path} belongs to the hidden tests, and no patch may touch it")
        return path

    def _tool_apply_patch(self, patch: str) -> str:
        try:
            said = super()._tool_apply_patch(patch)
        except Refused:
            self.state = "patch failed"
            raise
        self.state = None
        return said
